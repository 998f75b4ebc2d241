// FIFOs: who waits for whom, who is refused, what poll says, and that each open is an end of its own.
#include "../show.h"
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int events(int fd) {
    struct pollfd p = {fd, POLLIN | POLLOUT};
    poll(&p, 1, 0);
    return p.revents;
}

static void nothing(int signal) { (void)signal; }

static void names(void) {
    struct stat facts;
    umask(022);
    SHOW(mkfifo("p", 0666));
    SHOW(mkfifo("p", 0666));
    SHOW(mknod("q", S_IFIFO | 0600, 0));
    SHOW(mkfifo("nowhere/p", 0666));
    SHOW(stat("p", &facts));
    printf("%o %ld %ld\n", facts.st_mode, (long)facts.st_size, (long)facts.st_nlink);
    SHOW(link("p", "r"));
    SHOW(stat("r", &facts));
    printf("%ld\n", (long)facts.st_nlink);
    SHOW(rename("r", "s"));
    SHOW(rename("s", "q"));
    SHOW(access("s", F_OK));
    SHOW(open("p", O_RDONLY | O_DIRECTORY));
    SHOW(open("p", O_RDWR | O_CREAT | O_EXCL, 0600));
    SHOW(truncate("p", 0));
    SHOW(chmod("p", 0600));
    SHOW(mkdir("d", 0700));
    SHOW(mkfifo("d/p", 0600));
    SHOW(rmdir("d"));
    SHOW(rename("d", "e"));
    SHOW(access("e/p", F_OK));
    DIR *directory = opendir("e");
    for (struct dirent *entry; (entry = readdir(directory));)
        if (entry->d_name[0] != '.') printf("%s %d\n", entry->d_name, entry->d_type == DT_FIFO);
    closedir(directory);
    SHOW(unlink("e/p"));
    SHOW(rmdir("e"));
    SHOW(unlink("q"));
}

static void withoutWaiting(void) {
    char text[8];
    SHOW(open("p", O_WRONLY | O_NONBLOCK));
    int in = open("p", O_RDONLY | O_NONBLOCK);
    IS(in >= 0);
    printf("%x\n", events(in));
    SHOW(read(in, text, 8));
    int out = open("p", O_WRONLY | O_NONBLOCK);
    IS(out >= 0);
    printf("%x %x\n", events(in), events(out));
    SHOW(read(in, text, 8));
    SHOW(write(out, "one", 3));
    int second = open("p", O_RDONLY | O_NONBLOCK);
    printf("%x %x\n", events(in), events(second));
    SHOW(read(second, text, 2));
    SHOW(read(in, text, 8));
    SHOW(lseek(in, 0, SEEK_SET));
    SHOW(ftruncate(out, 0));
    close(out);
    printf("%x %x\n", events(in), events(second));
    close(in), close(second);
    in = open("p", O_RDONLY | O_NONBLOCK);
    printf("%x\n", events(in));
    int both = open("p", O_RDWR);
    SHOW(write(both, "two", 3));
    printf("%x %x\n", events(in), events(both));
    close(in);
    SHOW(read(both, text, 8));
    SHOW(write(both, "kept?", 5));
    close(both);
    in = open("p", O_RDONLY | O_NONBLOCK);
    SHOW(read(in, text, 8));
    close(in);
}

static void waiting(void) {
    char text[32] = {0};
    int status;
    if (fork() == 0) {
        int out = open("p", O_WRONLY);
        _exit(write(out, "from the child", 14) != 14);
    }
    int in = open("p", O_RDONLY);
    SHOW(read(in, text, 31));
    puts(text);
    SHOW(read(in, text, 31));
    close(in);
    wait(&status);
    SHOW(status);
    // The writer has come and gone before the reader runs again.
    if (fork() == 0) {
        in = open("p", O_RDONLY);
        _exit((int)read(in, text, 8));
    }
    usleep(20000);
    int out = open("p", O_WRONLY | O_NONBLOCK);
    IS(out >= 0);
    close(out);
    wait(&status);
    SHOW(status);
    // A signal ends the wait, and the end that waited counts no more.
    struct sigaction act = {.sa_handler = nothing};
    sigaction(SIGALRM, &act, 0);
    alarm(1);
    SHOW(open("p", O_RDONLY));
    SHOW(open("p", O_WRONLY | O_NONBLOCK));
    // One who waits and is killed counts no more either.
    pid_t child = fork();
    if (child == 0) _exit(open("p", O_RDONLY));
    usleep(20000);
    out = open("p", O_WRONLY | O_NONBLOCK);
    IS(out >= 0);
    close(out);
    wait(&status);
    child = fork();
    if (child == 0) _exit(open("p", O_WRONLY));
    usleep(20000);
    kill(child, SIGKILL);
    wait(&status);
    in = open("p", O_RDONLY | O_NONBLOCK);
    printf("%x\n", events(in));
    SHOW(read(in, text, 8));
    signal(SIGPIPE, SIG_IGN);
    out = open("p", O_WRONLY);
    close(in);
    SHOW(write(out, "x", 1));
    close(out);
}

// In a folder that may be the host's, and in memory.
static void within(char *folder) {
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) _exit(1);
    names();
    withoutWaiting();
    waiting();
    SHOW(unlink("p"));
    chdir("..");
    IS(rmdir(folder) == 0);
}

int main(void) {
    char start[256], here[] = "fifoXXXXXX", memory[] = "/dev/shm/fifoXXXXXX";
    setvbuf(stdout, 0, _IONBF, 0);
    IS(getcwd(start, sizeof start) != NULL);
    within(here);
    IS(chdir(start) == 0);
    within(memory);
    return 0;
}
