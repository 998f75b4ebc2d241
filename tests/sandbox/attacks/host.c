// What the guest may learn of the host, and do to it beyond files.
#include "attack.h"
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>

extern char **environ;

ATTACK(environment, "0 no") {
    int count = 0;
    while (environ[count]) count++;
    TELL_VALUE("%d", count);
    TELL_VALUE("%s", getenv("PATH") || getenv("HOME") || getenv("QPP_SECRET") ? "yes" : "no");
}
ATTACK(environment_of_the_host_in_memory, "no") {
    // The whole of what is mapped is searched for what only the host's environment has.
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[256], *found = 0, needle[] = "rqq.tfdsfu.82"; // each letter is one too high
    for (char *at = needle; *at; at++) --*at;
    unsigned long from, to;
    while (maps && fgets(line, sizeof line, maps)) {
        char rights[8];
        sscanf(line, "%lx-%lx %4s", &from, &to, rights);
        if (rights[0] != 'r' || strstr(line, "[stack]")) continue;
        if ((found = memmem((void *)from, to - from, needle, 13)) && found != needle) break;
        found = 0;
    }
    TELL_VALUE("%s", found ? "yes" : "no");
}
ATTACK(process_ids, "ESRCH ESRCH ESRCH ESRCH") {
    TELL(kill(1, SIGKILL));
    TELL(kill(getppid(), SIGKILL));
    TELL(kill(99999, 0));
    TELL(syscall(SYS_tgkill, 2, 2, SIGKILL));
}
ATTACK(everybody_killed, "ESRCH") {
    // All but oneself: nobody is there.
    TELL(kill(-1, SIGKILL));
}
ATTACK(parent_is_not_the_host, "1") {
    TELL_VALUE("%d", getppid());
}
ATTACK(name_of_the_host, "qpp (none) Linux") {
    struct utsname name;
    uname(&name);
    TELL_VALUE("%s", name.nodename);
    TELL_VALUE("%s", name.domainname);
    TELL_VALUE("%s", name.sysname);
}
ATTACK(user_of_the_host, "1000 1000") {
    TELL_VALUE("%d", getuid());
    TELL_VALUE("%d", getegid());
}
ATTACK(become_root, "EPERM EPERM EPERM") {
    TELL(setuid(0));
    TELL(setresgid(0, 0, 0));
    TELL(setgroups(0, 0));
}
ATTACK(clock_of_the_host, "2025 EPERM EPERM") {
    time_t now = time(0);
    TELL_VALUE("%d", gmtime(&now)->tm_year + 1900);
    TELL(clock_settime(CLOCK_REALTIME, &(struct timespec){0}));
    TELL(settimeofday(&(struct timeval){0}, 0));
}
ATTACK(processes_of_the_host, "1") {
    // /proc shows the guest's processes alone.
    int seen = 0;
    char path[32];
    for (int pid = 1; pid < 40000; pid++) {
        sprintf(path, "/proc/%d/status", pid);
        seen += access(path, F_OK) == 0;
    }
    TELL_VALUE("%d", seen);
}
ATTACK(command_line_of_the_host, "processes_of") {
    char text[512] = {0};
    int fd = open("/proc/self/cmdline", O_RDONLY);
    read(fd, text, 511);
    // argv[0] and the name of this attack, nothing of node or of the command.
    TELL_VALUE("%s", memmem(text, 511, "node", 4) || memmem(text, 511, "--allow", 7) ? "host" : "processes_of");
}
ATTACK(core_dump, "signal SIGABRT") {
    setrlimit(RLIMIT_CORE, &(struct rlimit){1 << 30, 1 << 30});
    chdir("out");
    prctl(PR_SET_DUMPABLE, 1);
    abort();
}
ATTACK(terminal_input_faked, "denied denied denied") {
    char c = '\n';
    TELL_VALUE("%s", ioctl(0, TIOCSTI, &c) < 0 ? "denied" : "ok");
    TELL_VALUE("%s", ioctl(1, TIOCSTI, &c) < 0 ? "denied" : "ok");
    TELL_VALUE("%s", ioctl(2, TIOCLINUX, &c) < 0 ? "denied" : "ok");
}
ATTACK(wild_requests_to_devices, "none") {
    // No request to a stream but the known ones does anything.
    static char room[4096];
    int done = 0;
    for (unsigned request = 0; request < 0x10000; request++) {
        if ((request & 0xff00) == 0x5400) continue;
        done += ioctl(1, request, room) >= 0;
    }
    TELL_VALUE("%s", done ? "some" : "none");
}
ATTACK(network, "EACCES EACCES EAFNOSUPPORT EAFNOSUPPORT EACCES") {
    TELL(socket(AF_INET, SOCK_STREAM, 0));
    TELL(socket(AF_INET6, SOCK_DGRAM, 0));
    TELL(socket(AF_NETLINK, SOCK_RAW, 0));
    TELL(socket(AF_PACKET, SOCK_RAW, 0));
    TELL(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}
ATTACK(namespaces, "EPERM EPERM EPERM") {
    TELL(unshare(CLONE_NEWUSER | CLONE_NEWNS));
    TELL(unshare(CLONE_NEWNET));
    TELL(setns(0, 0));
}
ATTACK(priorities, "denied denied") {
    TELL_VALUE("%s", setpriority(PRIO_PROCESS, 0, -20) ? "denied" : "ok");
    TELL_VALUE("%s", sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){99}) ? "denied" : "ok");
}
ATTACK(name_with_escapes, "ok") {
    // What the guest calls itself goes into reports on the user's terminal.
    TELL(prctl(PR_SET_NAME, "\x1b]0;owned\x07\x1b[2J"));
}
