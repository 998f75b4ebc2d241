import { bash, program, type RealCommand } from "./command.js";

/** coreutils. */
export const coreCommands: readonly RealCommand[] = [
  program("ls of a folder", ["/usr/bin/ls", "/usr"], { always: true }),
  program("cat of its input", ["/usr/bin/cat"], { input: "one\ntwo", always: true }),
  program("an error of cat", ["/usr/bin/cat", "/nowhere"]),
  program("sha256sum of a program", ["/usr/bin/sha256sum", "/usr/bin/bash"], { always: true }),
  program("wc", ["/usr/bin/wc", "/etc/passwd", "/etc/group"]),
  program("factor", [
    "/usr/bin/factor",
    "12345678901",
    "18446744073709551557",
    "340282366920938463463374607431768211455",
  ]),
  bash(
    "ls -l of all kinds",
    "touch -d @1000000000 f; mkdir d; ln -s f l; mkfifo p; ln f h; chmod 640 f; touch -h -d @1000000000 l d p; ls -l --time-style=+%s; ls -laiR d | wc -l; ls -1F; true",
  ),
  bash(
    "stat",
    "touch -d @5 f; chmod 755 f; stat -c '%a %A %F %h %n %s %u %g %X %Y' f; stat -c '%a %A %F' /usr/bin / /dev/null; stat -f -c %T / > /dev/null; ln -s nowhere l; stat -c '%F %N' l; stat -L l",
  ),
  bash(
    "cp, mv, rm, ln",
    "mkdir -p a/b/c; echo x > a/b/f; ln -s ../f a/b/c/l; cp -r a b; cp -a a d; cp -l a/b/f hard; mv b e; mv -n e/b/f hard; ls -R; rm -r a; rm nope; rm -f nope; rmdir d; ln -s e s; readlink s; readlink -f s/b/c/l; realpath --relative-to=/usr .; unlink hard; ls",
  ),
  bash(
    "cp of special things",
    "head -c 100000 /dev/zero > z; cp --sparse=always z y; cmp z y && echo same; cp --reflink=auto y x; cp -p /etc/passwd p; cmp p /etc/passwd; install -m 700 -D p q/r/s; stat -c %a q/r/s; cp -u p z; mv z q; ls q; cp nowhere x; echo $?",
  ),
  bash(
    "touch and time stamps",
    "touch -d '2001-02-03 04:05:06 UTC' f; stat -c %Y f; touch -r f g; stat -c %Y g; touch -a -d @7 g; stat -c '%X %Y' g; test f -nt /etc/passwd; echo $?; touch -c nope; ls; date -u -r f +%F",
  ),
  bash(
    "permissions",
    "touch f; for m in 600 a+x u-r o=w 0; do chmod $m f; stat -c %a f; done; mkdir -m 777 d; stat -c %A d; chmod -R u-w d; chmod u+w d; chown 1000:1000 f; chown 0 f; chgrp 1000 d; umask 027; touch n; stat -c %a n; id -u; id; whoami; groups",
  ),
  bash(
    "du, df, sync, truncate",
    "truncate -s 10000 f; stat -c %s f; du -s --apparent-size -B1 f; truncate -s -1 f; wc -c f; df . > /dev/null; sync; shred -u f; ls",
  ),
  bash(
    "head, tail, tac, nl",
    "seq 20 > n; head -3 n; tail -3 n; tail -c 5 n; head -c 5 n; head -n -18 n; tail -n +19 n; tac n | head -2; nl n | tail -1; cat n | tail -2; cat -A n | head -1; cat -n n | tail -1",
  ),
  bash(
    "tail -f with an end",
    "(for i in 1 2 3; do echo $i >> f; sleep 0.02; done; echo end >> f) & tail -s 0.01 -n +1 --pid=$! -F f 2> /dev/null | sed /end/q",
  ),
  bash(
    "sort",
    "printf '%s\\n' 10 9 2 1 b A a B 1e3 2K 1M > s; sort s; sort -n s; sort -r s; sort -g s; sort -h s; sort -f s; sort -u s; sort -k1.1,1 s | head -1; sort -R --random-source=/dev/zero s | wc -l; sort -c s; sort -m s s | wc -l",
  ),
  bash(
    "sort with threads and a small buffer",
    "seq 30000 | sort -R | sort -S 64k --parallel=4 | md5sum; seq 30000 | sort -n -r | head -1",
  ),
  bash(
    "uniq, comm, join, paste, cut",
    "printf 'a\\na\\nb\\n' | uniq -c; printf 'a\\nb\\n' > x; printf 'b\\nc\\n' > y; comm x y; printf '1 a\\n2 b\\n' > j; printf '1 c\\n3 d\\n' > k; join j k; join -a1 j k; paste x y; paste -s x; cut -d: -f1,3 /etc/passwd | head -2; cut -c2-4 /etc/hosts; seq 5 | paste -sd+",
  ),
  bash(
    "tr, expand, fold, fmt, pr",
    "echo Hello | tr a-zA-Z n-za-mN-ZA-M; echo aabb | tr -s a; echo abc | tr -d b; printf 'a\\tb\\n' | expand; echo '        x' | unexpand; seq 30 | tr '\\n' ' ' | fold -w 20 -s; seq 40 | xargs | fmt -w 30; pr -t -2 -l 5 /etc/hosts",
  ),
  bash(
    "od, base64, checksums",
    "printf 'hello\\n' > h; od -c h; od -An -tx1 h; base64 h; base32 h; base64 -d <<< aGk=; for s in md5 sha1 sha224 sha256 sha384 sha512 b2; do ${s}sum h; done; cksum h; sum h; sha1sum h | sha1sum -c; basenc --base16 h",
  ),
  bash(
    "seq, printf, expr, numfmt",
    "seq 1 0.5 3; seq -w 8 11; seq -f %.3g 3; printf '%5d|%-5s|%x|%e|%g\\n' 42 ab 255 3.14159 1e20; printf %b 'a\\tb\\n'; /usr/bin/printf '%.10f\\n' 0.1; expr 3 \\* 4; expr abc : 'a\\(.\\)'; numfmt --to=iec 1000000; numfmt --from=si 1K",
  ),
  bash(
    "split, csplit, dd, tee",
    "seq 100 > n; split -l 30 n p; wc -l p*; split -n 3 n q; ls q*; csplit -s n 50; wc -l xx*; dd if=/dev/zero of=z bs=1k count=4 status=none; stat -c %s z; dd if=n bs=10 skip=1 count=1 status=none; echo t | tee a b; cat a b; dd if=n of=z conv=ucase,notrunc bs=5 seek=2 count=1 status=none; head -c 16 z | od -c",
  ),
  bash(
    "timeout, nice, nohup, sleep",
    "timeout 5 echo in time; timeout 0.05 sleep 5; echo $?; timeout -s KILL 0.05 sleep 5; echo $?; nice -n 5 nice; nohup echo x 2> /dev/null; sleep 0.01 0.01; env -C /usr pwd",
  ),
  bash(
    "test, true, false, yes, echo",
    "/usr/bin/test -d /usr; echo $?; /usr/bin/[ 1 -lt 2 ]; echo $?; /usr/bin/false; echo $?; /usr/bin/echo -e 'a\\tb'; yes no | head -1; /usr/bin/pwd; basename /a/b.c .c; dirname /a/b; pathchk -p 'a b'; echo $?",
  ),
  bash(
    "date",
    "export TZ=UTC; date -d @0; date -d '1 Jan 2000 12:00' +%s; date -d 'next day' > /dev/null; TZ=America/New_York date -d @1000000000 '+%F %T %Z'; date -u -d '2024-03-01 -1 day' +%j",
  ),
  bash(
    "names of temporary files",
    "d=$(mktemp -d); [ -d $d ] && echo made; f=$(mktemp -p . t.XXX); ls t.??? | wc -l; mktemp -u > /dev/null; echo $?; TMPDIR=/w mktemp | cut -c1-3",
  ),
  bash(
    "tsort, ptx, shuf, tty, nproc",
    "printf 'a b\\nb c\\n' | tsort; echo x y | ptx -A | head -1; shuf -i 1-3 -n 3 | sort; tty; tty -s; echo $?; uname -m; uname -o; arch; printenv HOME; hostid > /dev/null; (($(nproc) > 0)) && echo cores",
  ),
  bash(
    "a full device and a closed output",
    "echo x > /dev/full; echo $?; cat /etc/hosts >&-; echo $?; seq 10 > /dev/null; echo $?",
  ),
  bash(
    "directories",
    "mkdir -p a/b; mkdir a; mkdir nope/x; rmdir -p a/b; ls; cd nope; mkdir d; cd d; rmdir ../d; pwd; ls; touch x",
  ),
  bash(
    "long names and odd ones",
    "n=$(printf 'x%.0s' {1..255}); touch $n; ls | wc -c; touch x$n; touch $'a\\nb' 'a b' -- -d é; ls -Q | tail -4; rm -- -d; ls | wc -l",
  ),
  bash("special bits of permissions", "touch f; mkdir d; chmod 4755 f; chmod 3777 d; stat -c %A f d"),
];
