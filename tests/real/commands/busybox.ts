import { bash, program, type RealCommand } from "./command.js";

const sh = (name: string, line: string): RealCommand =>
  program(`busybox: ${name}`, ["/usr/bin/busybox", "sh", "-c", `cd /w; ${line}`]);

/** busybox, whose applets are one program. */
export const busyboxCommands: readonly RealCommand[] = [
  program("busybox: echo", ["/usr/bin/busybox", "echo", "hello"], { always: true }),
  program("busybox: list of applets", ["/usr/bin/busybox", "--list"]),
  program("busybox: no such applet", ["/usr/bin/busybox", "nope"]),
  sh("a pipeline", "busybox ls / | busybox sort -r | busybox head -n 2; seq 5 | busybox tac"),
  sh(
    "text",
    "busybox seq 20 | busybox grep 1 | busybox sed s/1/x/ | busybox awk '{ n++ } END { print n }'; echo b a | busybox xargs -n 1 | busybox sort | busybox uniq -c; busybox cut -d: -f1 /etc/passwd | busybox head -1; echo abc | busybox rev; busybox wc /etc/passwd; busybox od -c /etc/hosts | busybox head -1; busybox diff /etc/passwd /etc/group | busybox head -3",
  ),
  sh(
    "files",
    "busybox mkdir -p a/b; busybox touch a/f; busybox cp -a a c; busybox ln -s f a/l; busybox ls -R; busybox mv c d; busybox rm -r a; busybox find . ; busybox stat -c '%s %F' d; busybox chmod 700 d; busybox stat -c %a d; busybox du -s d > /dev/null; busybox readlink -f d/..; busybox test -d d && echo yes; busybox mktemp -u > /dev/null; busybox dd if=/dev/zero of=z bs=1k count=3 2> /dev/null; busybox stat -c %s z",
  ),
  sh(
    "archives",
    "busybox tar cf t.tar /etc/passwd 2> /dev/null; busybox tar tf t.tar; busybox gzip t.tar; busybox zcat t.tar.gz | busybox tar t; busybox bzip2 -k t.tar.gz; busybox ls; busybox bunzip2 -c t.tar.gz.bz2 | busybox cmp - t.tar.gz && echo same; echo etc/passwd | busybox cpio -o -H newc 2> /dev/null | busybox wc -c > /dev/null; busybox unxz -c < /dev/null; echo $?",
  ),
  sh(
    "sums and numbers",
    "busybox md5sum /etc/passwd; busybox sha256sum /etc/passwd; busybox sha512sum /etc/hosts; busybox cksum /etc/hosts; echo '2^64' | busybox bc; echo 2 3 + p | busybox dc; busybox expr 6 \\* 7; busybox factor 360; busybox printf '%05d %x\\n' 42 255; busybox base64 /etc/hosts; busybox date -u -d @0",
  ),
  sh(
    "processes",
    "(exit 3); echo $?; busybox sleep 0.01; busybox timeout 1 busybox sleep 5; echo $?; x=$(busybox echo y); echo $x; for i in 1 2 3; do busybox echo $i & wait; done; trap 'echo got' USR1; kill -USR1 $$; busybox env -i A=1 busybox env; busybox nice -n 3 busybox nice; busybox id -u; busybox xargs -n 1 busybox echo < /etc/hosts",
  ),
  sh(
    "looking at processes",
    "busybox ps > /dev/null; echo $?; busybox free > /dev/null; echo $?; busybox uptime > /dev/null; echo $?; busybox pidof nope; echo $?; busybox uname -m; busybox nproc > /dev/null; busybox mount > /dev/null; echo $?; busybox top -b -n 1 > /dev/null; echo $?",
  ),
  bash(
    "busybox under bash",
    "for a in true false 'test 1 = 1' 'basename /a/b' 'dirname /a/b'; do busybox $a; echo $?; done; busybox ash -c 'echo $((1 << 40)); read x; echo $x' <<< line; busybox vi -c q /etc/hosts > /dev/null < /dev/null; echo end",
  ),
];
