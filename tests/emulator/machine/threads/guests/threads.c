// Threads that meet at a mutex, a condition, and an atomic counter; tells who counted when.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { THREADS = 3, STEPS = 24, WORK = 600 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_there = PTHREAD_COND_INITIALIZER;
static _Thread_local unsigned long own;
static atomic_int place, atomic_total;
static char order[THREADS * STEPS + 1];
static long total;
static int there;

static void *count(void *argument) {
  long id = (long)argument;
  pthread_mutex_lock(&mutex);
  there++;
  pthread_cond_broadcast(&all_there);
  while (there < THREADS) pthread_cond_wait(&all_there, &mutex);
  pthread_mutex_unlock(&mutex);
  for (int step = 0; step < STEPS; step++) {
    for (int i = 0; i < WORK; i++) {
      own = own * 6364136223846793005UL + id;
      atomic_fetch_add(&atomic_total, 1);
    }
    order[atomic_fetch_add(&place, 1)] = '0' + id;
    pthread_mutex_lock(&mutex);
    total += step;
    pthread_mutex_unlock(&mutex);
  }
  return (void *)own;
}

int main(void) {
  pthread_t threads[THREADS];
  unsigned long sum = 0;
  for (long id = 0; id < THREADS; id++) pthread_create(&threads[id], 0, count, (void *)id);
  for (int id = 0; id < THREADS; id++) {
    void *result;
    pthread_join(threads[id], &result);
    sum += (unsigned long)result;
  }
  printf("%ld %d %lx\n%s\n", total, atomic_total, sum, order);
  return 0;
}
