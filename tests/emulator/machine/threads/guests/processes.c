// Processes that compute apart: one ends, one executes this program anew, one vforks, one dies of a signal, and a timer rings.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile unsigned data = 1;
static volatile sig_atomic_t rings;

static void ring(int signal) { rings += signal == SIGALRM; }

static unsigned work(unsigned seed, int rounds) {
  for (int i = 0; i < rounds; i++) data = data * 1664525 + seed;
  return data;
}

static void *in_thread(void *seed) { return (void *)(unsigned long)work((unsigned long)seed, 6000); }

static unsigned with_thread(unsigned long seed) {
  pthread_t thread;
  void *result;
  pthread_create(&thread, 0, in_thread, (void *)seed);
  pthread_join(thread, &result);
  return (unsigned long)result;
}

int main(int count, char **arguments) {
  if (count > 1) {
    printf("%s %u\n", arguments[1], with_thread(strlen(arguments[1])));
    return 5;
  }
  setvbuf(stdout, 0, _IOLBF, 0);
  struct sigaction action = {.sa_handler = ring, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, 0);
  struct itimerval every = {{0, 30}, {0, 30}};
  setitimer(ITIMER_REAL, &every, 0);

  int pipes[2];
  pipe(pipes);
  pid_t first = fork();
  if (first == 0) {
    unsigned result = with_thread(7);
    write(pipes[1], &result, sizeof result);
    exit(3);
  }
  pid_t second = fork();
  if (second == 0) {
    work(9, 5000);
    execl("/proc/self/exe", "again", "executed", NULL);
    _exit(99);
  }
  pid_t third = fork();
  if (third == 0) {
    work(2, 4000);
    *(volatile int *)8 = 0;
  }
  pid_t fourth = vfork();
  if (fourth == 0) {
    execl("/proc/self/exe", "vforked", "vforked", NULL);
    _exit(98);
  }
  unsigned own = work(11, 30000), told;
  read(pipes[0], &told, sizeof told);
  pid_t children[] = {first, second, third, fourth};
  for (int i = 0; i < 4; i++) {
    int status;
    waitpid(children[i], &status, 0);
    printf("%d: %x\n", i, status);
  }
  every.it_interval.tv_usec = every.it_value.tv_usec = 0;
  setitimer(ITIMER_REAL, &every, 0);
  printf("%u %u %s\n", own, told, rings > 3 ? "rang" : "silent");
  return 0;
}
