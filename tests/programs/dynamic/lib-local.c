// What dlopen-threads.c opens.
static __thread int total = 100;
static __thread char padding[5000];
int count(int n) {
    padding[n]++;
    return total += n;
}
