import type { Handler, HandlerTable } from "../context.js";
import { Errno } from "../errno.js";

/**
 * Calls that Linux keeps to those with capabilities (capabilities(7)), which no process of the guest has: they would change
 * the machine for all, or look into other processes and the kernel.
 */
const NAMES = [
  ...["mount", "umount2", "pivot_root", "move_mount", "open_tree", "mount_setattr"],
  ...["fsopen", "fsconfig", "fsmount", "fspick"],
  ...["swapon", "swapoff", "reboot", "kexec_load", "kexec_file_load"],
  ...["init_module", "finit_module", "delete_module", "bpf", "perf_event_open", "userfaultfd"],
  ...["sethostname", "setdomainname", "setgroups", "acct", "quotactl", "quotactl_fd", "vhangup", "syslog"],
  ...["setns", "unshare", "open_by_handle_at", "lookup_dcookie", "fanotify_init"],
  ...["ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd"],
] as const;

const notPermitted: Handler = () => -Errno.EPERM;

/** What only a privileged process could do: EPERM. */
export const privilegedCalls: HandlerTable = Object.fromEntries(NAMES.map((name) => [name, notPermitted]));
