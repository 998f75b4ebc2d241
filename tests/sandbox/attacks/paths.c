// Ways out of the folders that the guest was given: it may read `in` and write `out`, and works in the folder above.
#include "attack.h"
#include <dirent.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/xattr.h>

static long openat2_(int dir, const char *path, unsigned long flags, unsigned long resolve) {
    struct open_how how = {.flags = flags, .resolve = resolve};
    return syscall(SYS_openat2, dir, path, &how, sizeof how);
}

static void make(const char *path, const char *text) {
    int fd = open(path, O_CREAT | O_WRONLY, 0644);
    write(fd, text, strlen(text));
    close(fd);
}

ATTACK(dotdot, "EACCES EACCES EACCES") {
    TELL(open(VICTIM, O_RDONLY));
    TELL(open("in/../../victim/key", O_RDONLY));
    TELL(open("in/./../out/../../victim/key", O_RDWR));
}
ATTACK(absolute, "EACCES EACCES EACCES") {
    TELL(open("/etc/passwd", O_RDONLY));
    TELL(open("/etc/shadow", O_RDONLY));
    TELL(open("/root/.ssh/id_rsa", O_RDONLY));
}
ATTACK(slashes_and_dots, "EACCES EACCES") {
    TELL(open("//..//..//etc/passwd", O_RDONLY));
    TELL(open("out/../../../../../../../../../../etc/passwd", O_RDONLY));
}
ATTACK(link_given, "EACCES EACCES EACCES EACCES") {
    TELL(open("in/leak/key", O_RDONLY));
    TELL(open("in/absolute-leak", O_RDONLY));
    TELL(open("in/leak", O_DIRECTORY));
    TELL(open("in/leak/key", O_WRONLY | O_TRUNC));
}
ATTACK(link_made, "EACCES ENOENT EACCES ENOENT EACCES") {
    // A link that leads out is not even made: others might follow it later.
    TELL(symlink("../../victim", "out/link"));
    TELL(open("out/link/key", O_RDONLY));
    TELL(symlink("/etc", "out/etc"));
    TELL(open("out/etc/passwd", O_RDONLY));
    TELL(symlink("../in/../../victim", "out/link"));
}
ATTACK(link_chain, "EACCES") {
    char to[32], name[32];
    symlink("../in/absolute-leak", "out/0");
    for (int i = 1; i < 30; i++) {
        sprintf(to, "%d", i - 1);
        sprintf(name, "out/%d", i);
        symlink(to, name);
    }
    TELL(open("out/29", O_RDONLY) < 0 && open("out/0", O_RDONLY) < 0 ? (errno = EACCES, -1) : 0);
}
ATTACK(link_loop, "ELOOP ELOOP ELOOP") {
    symlink("b", "out/a");
    symlink("a", "out/b");
    symlink("self/x", "out/self");
    TELL(open("out/a", O_RDONLY));
    TELL(open("out/self", O_RDONLY));
    TELL(mkdir("out/a/b", 0755));
}
ATTACK(link_dangling_create, "EACCES EACCES EACCES") {
    TELL(symlink("../../victim/made", "out/dangling"));
    TELL(open("in/dangling", O_CREAT | O_WRONLY, 0644));
    TELL(open("in/dangling", O_CREAT | O_RDWR | O_APPEND, 0644));
}
ATTACK(exclusive_and_nofollow, "EEXIST ELOOP") {
    TELL(open("in/absolute-leak", O_CREAT | O_EXCL | O_WRONLY, 0644));
    TELL(open("in/absolute-leak", O_RDONLY | O_NOFOLLOW));
}
ATTACK(proc_root, "EACCES EACCES ENOENT") {
    char path[PATH_MAX];
    sprintf(path, "/proc/self/root/..%s", "/nothing-here-of-the-host");
    TELL(open(path, O_RDONLY));
    TELL(open("/proc/self/root/usr/bin/env", O_RDONLY));
    TELL(open("/proc/1/root/etc/passwd", O_RDONLY));
}
ATTACK(proc_cwd, "EACCES ENOENT") {
    TELL(open("/proc/self/cwd/../victim/key", O_RDONLY));
    TELL(open("/proc/1/cwd/etc/passwd", O_RDONLY));
}
ATTACK(proc_fd_reopen, "ok EACCES EACCES") {
    int fd = open("in/a", O_RDONLY);
    char path[64];
    TELL(fd);
    sprintf(path, "/proc/self/fd/%d", fd);
    TELL(open(path, O_RDWR));
    sprintf(path, "/proc/self/fd/%d/../../victim/key", open("in", O_DIRECTORY));
    TELL(open(path, O_RDONLY));
}
ATTACK(proc_exe_write, "EACCES EACCES") {
    TELL(open("/proc/self/exe", O_WRONLY));
    TELL(truncate("/proc/self/exe", 0));
}
ATTACK(proc_mem, "EACCES EACCES ENOENT") {
    int fd = open("/proc/self/mem", O_RDWR);
    TELL(fd < 0 ? (errno = EACCES, -1) : 0);
    TELL(open("/proc/kcore", O_RDONLY) < 0 ? (errno = EACCES, -1) : 0);
    TELL(open("/proc/1/mem", O_RDWR));
}
ATTACK(proc_sys_write, "denied denied") {
    TELL_VALUE("%s", open("/proc/sys/kernel/core_pattern", O_WRONLY) < 0 ? "denied" : "ok");
    TELL_VALUE("%s", open("/proc/sysrq-trigger", O_WRONLY) < 0 ? "denied" : "ok");
}
ATTACK(hard_link_in, "EACCES EACCES") {
    TELL(link(VICTIM, "out/key"));
    TELL(linkat(AT_FDCWD, "in/leak/key", AT_FDCWD, "out/key", AT_SYMLINK_FOLLOW));
}
ATTACK(hard_link_read_only, "EACCES") {
    make("out/x", "x");
    TELL(link("out/x", "in/x"));
}
ATTACK(hard_link_to_write, "denied") {
    // A second name in the writable folder would make the file of the readable one writable.
    link("in/a", "out/a");
    int fd = open("out/a", O_WRONLY);
    TELL_VALUE("%s", fd < 0 ? "denied" : "ok");
}
ATTACK(rename_in, "EACCES EACCES") {
    TELL(rename(VICTIM, "out/key"));
    TELL(rename("../victim", "out/victim"));
}
ATTACK(rename_out, "EACCES EACCES EACCES") {
    make("out/x", "x");
    TELL(rename("out/x", "../victim/x"));
    TELL(rename("out/x", VICTIM));
    TELL(syscall(SYS_renameat2, AT_FDCWD, "out/x", AT_FDCWD, VICTIM, 2));
}
ATTACK(rename_through_link, "EACCES") {
    make("out/x", "x");
    TELL(rename("out/x", "in/leak/key"));
}
ATTACK(directory_moved_up, "ok ok EACCES") {
    // A directory that one stands in is moved: `..` must not lead out.
    mkdir("out/a", 0755);
    mkdir("out/a/b", 0755);
    TELL(chdir("out/a/b"));
    TELL(rename("../../a/b", "../../b"));
    TELL(open("../../../victim/key", O_RDONLY));
}
ATTACK(descriptor_of_directory, "EACCES EACCES EACCES") {
    int dir = open("out", O_DIRECTORY);
    TELL(openat(dir, "../../victim/key", O_RDONLY));
    TELL(openat(dir, "../in/a", O_WRONLY));
    TELL(unlinkat(dir, "../../victim/key", 0));
}
ATTACK(path_descriptor, "EBADF EACCES EBADF") {
    int fd = open("in", O_PATH | O_DIRECTORY);
    char text[8];
    TELL(read(fd, text, 8));
    TELL(openat(fd, "../../victim/key", O_RDONLY));
    TELL(fchmod(open("in/a", O_PATH), 0777));
}
ATTACK(path_descriptor_of_link, "ENOTDIR") {
    int fd = open("in/leak", O_PATH | O_NOFOLLOW);
    char path[64];
    sprintf(path, "/proc/self/fd/%d/key", fd);
    TELL(open(path, O_RDONLY));
}
ATTACK(empty_path, "ENOENT EACCES") {
    int fd = open("in/a", O_RDONLY);
    TELL(linkat(fd, "", AT_FDCWD, "in/again", AT_EMPTY_PATH));
    TELL(syscall(SYS_openat, AT_FDCWD, "in/leak/", O_RDONLY));
}
ATTACK(openat2_beneath, "EXDEV EXDEV EXDEV") {
    int dir = open("out", O_DIRECTORY);
    TELL(openat2_(dir, "../in/a", O_RDONLY, RESOLVE_BENEATH));
    TELL(openat2_(dir, "/etc/passwd", O_RDONLY, RESOLVE_BENEATH));
    symlink("../in/a", "out/link");
    TELL(openat2_(dir, "link", O_RDONLY, RESOLVE_BENEATH));
}
ATTACK(openat2_in_root, "ENOENT ENOENT") {
    int dir = open("out", O_DIRECTORY);
    TELL(openat2_(dir, "../../../victim/key", O_RDONLY, RESOLVE_IN_ROOT));
    TELL(openat2_(dir, "/etc/passwd", O_RDONLY, RESOLVE_IN_ROOT));
}
ATTACK(openat2_links, "ELOOP EINVAL EINVAL") {
    TELL(openat2_(AT_FDCWD, "in/leak/key", O_RDONLY, RESOLVE_NO_SYMLINKS));
    TELL(openat2_(AT_FDCWD, "in/a", O_RDONLY, 1 << 20));
    TELL(openat2_(AT_FDCWD, "in/a", O_RDONLY, RESOLVE_BENEATH | RESOLVE_IN_ROOT));
}
ATTACK(temporary_file, "EOPNOTSUPP EOPNOTSUPP") {
    TELL(open("../victim", O_TMPFILE | O_RDWR, 0600));
    TELL(open("in", O_TMPFILE | O_RDWR, 0600));
}
ATTACK(device_nodes, "EPERM EPERM EACCES") {
    TELL(mknod("out/mem", S_IFCHR | 0666, makedev(1, 1)));
    TELL(mknod("out/disk", S_IFBLK | 0666, makedev(8, 0)));
    TELL(mknod("in/mem", S_IFCHR | 0666, makedev(1, 1)));
}
ATTACK(host_fifo, "denied denied") {
    // Opening a FIFO of the host for reading would wait for ever.
    TELL_VALUE("%s", open("in/fifo", O_RDONLY) < 0 ? "denied" : "ok");
    TELL_VALUE("%s", open("in/fifo", O_RDONLY | O_NONBLOCK) < 0 ? "denied" : "ok");
}
ATTACK(host_socket, "ENXIO ECONNREFUSED") {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "in/socket"};
    TELL(open("in/socket", O_RDWR) < 0 ? (errno = ENXIO, -1) : 0);
    TELL(connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&address, sizeof address));
}
ATTACK(host_devices, "ENOENT ENOENT ENOENT ENOENT") {
    TELL(open("/dev/mem", O_RDWR));
    TELL(open("/dev/sda", O_RDWR));
    TELL(open("/dev/kmsg", O_WRONLY));
    TELL(open("/dev/fuse", O_RDWR));
}
ATTACK(write_what_is_readable, "EACCES EACCES EACCES EACCES EACCES EACCES EACCES") {
    TELL(open("in/a", O_WRONLY));
    TELL(open("in/a", O_RDONLY | O_TRUNC));
    TELL(truncate("in/a", 0));
    TELL(unlink("in/a"));
    TELL(mkdir("in/new", 0755));
    TELL(chmod("in/a", 0777));
    TELL(rename("in/a", "in/b"));
}
ATTACK(change_read_only_file, "EACCES EACCES EACCES") {
    TELL(chown("in/a", 0, 0));
    TELL(utimensat(AT_FDCWD, "in/a", 0, 0));
    TELL(setxattr("in/a", "user.x", "y", 1, 0) ? (errno = EACCES, -1) : 0);
}
ATTACK(set_uid_bit, "6000") {
    // A program of root's must not come of it: the guest sees the bits, the host's file has none.
    make("out/program", "x");
    chmod("out/program", 06755);
    struct stat status;
    stat("out/program", &status);
    TELL_VALUE("%o", status.st_mode & 06000);
    mkdir("out/folder", 06755);
    chmod("out/folder", 06755);
}
ATTACK(long_names, "ENAMETOOLONG ENAMETOOLONG ENAMETOOLONG") {
    static char name[300], path[5000];
    memset(name, 'a', 299);
    TELL(open(name, O_RDONLY));
    TELL(mkdir(strcat(strcpy(path, "out/"), name), 0755));
    for (int i = 0; i < 4990; i += 2) memcpy(path + i, "./", 2);
    TELL(open(path, O_RDONLY));
}
ATTACK(odd_names, "ok ok ok EACCES ENOENT") {
    TELL(open("out/new\nline\t\x1b[31m", O_CREAT | O_WRONLY, 0644));
    TELL(open("out/back\\slash", O_CREAT | O_WRONLY, 0644));
    TELL(open("out/..hidden", O_CREAT | O_WRONLY, 0644));
    TELL(open("..\\victim\\key", O_RDONLY) < 0 ? (errno = EACCES, -1) : 0);
    TELL(open("out/..hidden\xff\xfe", O_RDONLY));
}
ATTACK(not_utf8, "same") {
    // Names that are no text must not become names of other files.
    int fd = open("out/\xff\xfe", O_CREAT | O_WRONLY, 0644);
    if (fd < 0) {
        TELL_VALUE("%s", "same");
        return;
    }
    TELL_VALUE("%s", access("out/\xff\xfe", F_OK) == 0 && access("out/\xfe\xff", F_OK) < 0 ? "same" : "other");
}
ATTACK(trailing_slash, "ENOTDIR EISDIR ENOTDIR EACCES") {
    make("out/file", "x");
    TELL(open("out/file/", O_RDONLY));
    TELL(open("out/new/", O_CREAT | O_WRONLY, 0644));
    TELL(unlink("out/file/"));
    TELL(open("../victim/", O_RDONLY));
}
ATTACK(other_case, "EACCES EACCES") {
    TELL(open("IN/A", O_RDONLY));
    TELL(open("../VICTIM/key", O_RDONLY));
}
ATTACK(list_outside, "work EACCES EACCES EACCES") {
    // The way to what was given is shown, and nothing beside it.
    struct stat status;
    DIR *way = opendir("..");
    for (struct dirent *entry; way && (entry = readdir(way));)
        if (entry->d_name[0] != '.') TELL_VALUE("%s", entry->d_name);
    TELL(opendir("/root") ? 0 : -1);
    TELL(stat(VICTIM, &status));
    TELL(access("../victim", F_OK));
}
ATTACK(what_is_outside, "same") {
    // What is there and what is not must look the same from inside.
    int there = open("../victim/key", O_RDONLY) < 0 ? errno : 0;
    int missing = open("../victim/no-such-key", O_RDONLY) < 0 ? errno : 0;
    int far = open("../no-such-folder/key", O_RDONLY) < 0 ? errno : 0;
    TELL_VALUE("%s", there == missing && missing == far ? "same" : "different");
}
ATTACK(read_link_outside, "EACCES EACCES") {
    char target[256];
    TELL(readlink("../link-to-victim", target, sizeof target));
    TELL(readlink("/proc/1/exe", target, sizeof target) < 0 ? (errno = EACCES, -1) : 0);
}
ATTACK(go_outside, "EACCES EACCES EACCES") {
    TELL(chdir("../victim"));
    TELL(chdir("/root"));
    TELL(chdir("in/leak"));
}
ATTACK(change_root, "EPERM EPERM EPERM") {
    TELL(chroot("out"));
    TELL(syscall(SYS_pivot_root, "out", "out"));
    TELL(mount("/", "out", "none", MS_BIND, 0));
}
ATTACK(execute_outside, "EACCES EACCES EACCES") {
    char *args[] = {"x", 0};
    TELL(execve("/bin/sh", args, 0));
    TELL(execve("in/leak/program", args, 0));
    TELL(syscall(SYS_execveat, AT_FDCWD, "../victim/program", args, 0, 0));
}
ATTACK(huge_directory, "2000") {
    char name[64];
    for (int i = 0; i < 2000; i++) {
        sprintf(name, "out/%d", i);
        close(open(name, O_CREAT | O_WRONLY, 0644));
    }
    DIR *dir = opendir("out");
    int count = -2;
    while (readdir(dir)) count++;
    TELL_VALUE("%d", count);
}
ATTACK(directory_removed_below, "ENOENT ENOENT") {
    mkdir("out/gone", 0755);
    chdir("out/gone");
    rmdir("../gone");
    TELL(open("x", O_CREAT | O_WRONLY, 0644));
    TELL(open("../../victim/key", O_RDONLY) < 0 ? (errno = ENOENT, -1) : 0);
}
ATTACK(handles, "denied denied") {
    char handle[128] = {120};
    int mount;
    TELL_VALUE("%s", syscall(SYS_name_to_handle_at, AT_FDCWD, "in/a", handle, &mount, 0) < 0 ? "denied" : "ok");
    TELL_VALUE("%s", syscall(SYS_open_by_handle_at, AT_FDCWD, handle, O_RDWR) < 0 ? "denied" : "ok");
}
