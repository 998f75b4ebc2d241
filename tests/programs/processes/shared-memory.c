// flags: -pthread
// Anonymous shared memory between processes, with a semaphore and a mutex in it.
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
    sem_t go;
    pthread_mutex_t lock;
    long counter;
};

int main(void) {
    struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&s->lock, &a);
    sem_init(&s->go, 1, 0);
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            sem_wait(&s->go);
            for (int j = 0; j < 1000; j++) {
                pthread_mutex_lock(&s->lock);
                s->counter++;
                pthread_mutex_unlock(&s->lock);
            }
            _exit(0);
        }
    for (int i = 0; i < 3; i++) sem_post(&s->go);
    while (wait(NULL) > 0)
        ;
    printf("%ld\n", s->counter);
}
