// System calls that a guest has no use for, wild numbers, and wild arguments.
#include "attack.h"
#include <signal.h>
#include <sys/uio.h>

#define CALL(...) syscall(__VA_ARGS__, 0L, 0L, 0L, 0L, 0L, 0L)

ATTACK(numbers_that_are_none, "ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS") {
    TELL(CALL(9999));
    TELL(CALL(-1));
    TELL(CALL(1l << 32));
    TELL(CALL((1l << 32) + SYS_getpid));
    TELL(CALL(244));
}
ATTACK(all_numbers, "ended") {
    // Each call with pointers to nowhere; those that end or stop the process are left out.
    for (long number = 0; number < 600; number++) {
        if (number == SYS_exit || number == SYS_exit_group || number == SYS_rt_sigreturn) continue;
        if (number == SYS_kill || number == SYS_tkill || number == SYS_tgkill || number == SYS_rt_sigsuspend) continue;
        if (number == SYS_clone || number == SYS_ppoll || number == SYS_pselect6 || number == SYS_futex) continue;
        if (number == SYS_munmap || number == SYS_close || number == SYS_close_range) continue;
        for (int i = 0; i < 6; i++) {
            long bad = (long[]){0, -1, 0x400, 0xc0000000, 1l << 62, 0x8000000000000000}[i];
            syscall(number, bad, bad, bad, bad, bad, bad);
        }
    }
}
ATTACK(trace_processes, "EPERM EPERM EPERM EPERM") {
    TELL(CALL(SYS_ptrace, 16, 1));
    TELL(CALL(SYS_process_vm_readv, 1));
    TELL(CALL(SYS_process_vm_writev, 1));
    TELL(CALL(SYS_kcmp, 1, 1));
}
// Each must fail, whether as unknown or as forbidden.
#define REFUSED(number, ...) \
    (CALL(number, ##__VA_ARGS__) < 0 && (errno == ENOSYS || errno == EPERM) ? (void)0 : (void)printf(#number " "))
ATTACK(the_kernel_itself, "refused") {
    REFUSED(SYS_bpf, 0);
    REFUSED(SYS_perf_event_open);
    REFUSED(SYS_userfaultfd);
    REFUSED(SYS_io_uring_setup, 8);
    REFUSED(SYS_io_uring_enter);
    REFUSED(SYS_io_uring_register);
    REFUSED(SYS_add_key);
    REFUSED(SYS_request_key);
    REFUSED(SYS_keyctl);
    REFUSED(SYS_fanotify_init);
    REFUSED(SYS_kexec_file_load);
    REFUSED(SYS_init_module);
    REFUSED(SYS_finit_module);
    REFUSED(SYS_delete_module);
    REFUSED(SYS_lookup_dcookie);
    TELL_VALUE("%s", "refused");
}
ATTACK(the_machine_itself, "refused") {
    REFUSED(SYS_reboot, 0xfee1dead, 672274793, 0x1234567);
    REFUSED(SYS_swapon, (long)"out/x");
    REFUSED(SYS_swapoff, (long)"out/x");
    REFUSED(SYS_mount, (long)"a", (long)"out", (long)"tmpfs");
    REFUSED(SYS_umount2, (long)"/");
    REFUSED(SYS_sethostname, (long)"x", 1);
    REFUSED(SYS_setdomainname, (long)"x", 1);
    REFUSED(SYS_acct, (long)"out/x");
    REFUSED(SYS_quotactl);
    REFUSED(SYS_clock_adjtime);
    REFUSED(SYS_vhangup);
    REFUSED(SYS_move_mount, -1);
    REFUSED(SYS_fsopen, (long)"proc");
    REFUSED(SYS_open_tree, -100, (long)"out");
    TELL_VALUE("%s", "refused");
}
ATTACK(system_v, "refused") {
    REFUSED(SYS_shmget, 1, 1 << 30, 01777);
    REFUSED(SYS_semget, 1, 1, 01777);
    REFUSED(SYS_msgget, 1, 01777);
    REFUSED(SYS_mq_open, (long)"/x", 0102);
    TELL_VALUE("%s", "refused");
}
ATTACK(bad_vectors, "EINVAL EFAULT EINVAL") {
    TELL(readv(0, (struct iovec *)8, 1025));
    TELL(readv(0, (struct iovec *)8, 1));
    TELL(writev(1, &(struct iovec){0, -1}, 1));
}
ATTACK(bad_descriptors, "EBADF EBADF EBADF EBADF") {
    TELL(read(-1, 0, 0));
    TELL(read(1 << 30, 0, 0));
    TELL(dup3(1, -5, 0));
    TELL(fchdir(-100));
}
ATTACK(negative_lengths, "EFAULT EINVAL EINVAL EINVAL") {
    TELL(write(1, (void *)0x10000, -1) < 0 ? (errno = EFAULT, -1) : 0);
    TELL(lseek(open("in/a", O_RDONLY), -1, SEEK_SET));
    TELL(pread(open("in/a", O_RDONLY), &errno, 1, -1));
    TELL(ftruncate(open("out/x", O_CREAT | O_RDWR, 0644), -1));
}
ATTACK(robust_list_in_the_machine, "0") {
    // The kernel walks this list at the thread's end.
    CALL(SYS_set_robust_list, 0xc0000000, 24);
    TELL_VALUE("%d", 0);
}
ATTACK(thread_id_in_the_machine, "0") {
    // The kernel writes a zero here at the thread's end.
    CALL(SYS_set_tid_address, 0xc0000010);
    TELL_VALUE("%d", 0);
}
