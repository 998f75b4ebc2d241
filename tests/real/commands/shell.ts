import { bash, program, type RealCommand } from "./command.js";

/** bash, dash and busybox's shell. */
export const shellCommands: readonly RealCommand[] = [
  program("bash says something", ["/usr/bin/bash", "-c", "echo hello $((6 * 7))"], { always: true }),
  program("dash says something", ["/usr/bin/dash", "-c", "echo hello $((6 * 7))"], { always: true }),
  program("bash's exit code", ["/usr/bin/bash", "-c", "exit 42"]),
  program("bash killed by a signal of its own", ["/usr/bin/bash", "-c", "kill -TERM $$"]),
  program("bash reads a script from its input", ["/usr/bin/bash"], {
    input: "x=5\necho $x\nread y\nline\necho got $y\n",
  }),
  program("bash does not find a command", ["/usr/bin/bash", "-c", "no-such-command; echo $?"]),
  bash("a pipeline", "ls / | sort | head -3", { always: true }),
  bash("a longer pipeline", "printf '%s\\n' b a c a b a | sort | uniq -c | sort -rn | awk '{print $2, $1}'"),
  bash(
    "what is left over in a pipeline",
    "yes | head -2; seq 1 100000 | tail -1; set -o pipefail; false | true; echo $?",
  ),
  bash("the status of each part", "true | false | (exit 3); echo ${PIPESTATUS[@]}"),
  bash("substitution of commands", "echo $(echo a; echo b) `echo c`; x=$(printf 'a\\n\\n'); echo \"[$x]\""),
  bash(
    "substitution of processes",
    "cat <(echo one) <(echo two); echo three > >(cat); wait; diff <(seq 3) <(seq 4)",
  ),
  bash("here-documents", "cat <<X\na $HOME\nX\ncat <<< here; tr a-z A-Z <<'X'\nquoted $HOME\nX"),
  bash("a here-document longer than a pipe", 'wc -c <<< "$(seq 1 20000)"'),
  bash(
    "redirections",
    "echo a > f; echo b >> f; cat < f; cat f nowhere 2>&1 | wc -l; exec 3<>f; read -u 3 x; echo $x; echo z >&3; exec 3>&-; cat f",
  ),
  bash(
    "redirection of errors",
    "ls nowhere 2> e; cat e; { echo o; echo e >&2; } &> b; cat b; set -C; echo x > b; echo $?",
  ),
  bash(
    "jobs in the background",
    "sleep 0.02 & p=$!; wait $p; echo $?; (exit 3) & wait $!; echo $?; wait; jobs",
  ),
  bash("many jobs at once", "for i in 1 2 3 4 5 6; do (sleep 0.0$i; echo $i > f$i) & done; wait; cat f*"),
  bash(
    "a co-process",
    "coproc cat; echo x >&${COPROC[1]}; read -u ${COPROC[0]} q; echo $q; kill $COPROC_PID",
  ),
  bash("a handler of a signal", "trap 'echo got USR1' USR1; kill -USR1 $$; echo after; trap 'echo bye' EXIT"),
  bash(
    "a handler while waiting",
    "trap 'echo tick' USR1; (sleep 0.05; kill -USR1 $$) & wait; echo $?; wait; echo done",
  ),
  bash(
    "signals between processes",
    "sleep 100 & kill $!; wait $!; echo $?; sleep 100 & kill -9 $!; wait $!; echo $?",
  ),
  bash(
    "a signal that is ignored",
    "trap '' TERM; sh -c 'kill -TERM $$; echo alive'; trap - TERM; sh -c 'kill -TERM $$; echo alive'; echo $?",
  ),
  bash("names of signals", "kill -l 9; kill -l TERM"),
  bash(
    "functions, arrays, arithmetic",
    "f() { local x=$1; ((x > 0)) && { echo $x; f $((x - 1)); }; }; f 3; a=(x y z); a[5]=q; echo ${!a[@]} ${#a[@]}; declare -A m=([k]=v); echo ${m[k]} $((2 ** 40)) $((16#ff)) $((7 % 3))",
  ),
  bash(
    "expansions",
    "x=/usr/lib/file.tar.gz; echo ${x##*/} ${x%%.*} ${x/lib/bin} ${x^^} ${#x} ${x:5:3} {a,b}{1..3} ~ ${nope:-default}; echo $'a\\tb'; IFS=:; set -- $PATH; echo $#",
  ),
  bash(
    "patterns of file names",
    "touch a.c b.c .h d1 d2; echo *.c d? [ab]* nope*; shopt -s dotglob nullglob; echo * nope*",
  ),
  bash(
    "tests of files",
    "touch f; ln -s f l; mkdir d; mkfifo p; for t in e f d L p r w x s; do for n in f l d p nope; do [ -$t $n ] && echo $t $n; done; done; [ f -ef l ] && echo same",
  ),
  bash(
    "reading lines",
    "printf 'a b\\nc d\\n' | while read x y; do echo $y $x; done; mapfile -t l < /etc/hosts; echo ${#l[@]}; read -r -d '' z < <(printf 'q\\0'); echo $z; read -t 0.01 n < <(sleep 1); echo $?",
  ),
  bash(
    "case, for, while, select",
    "for ((i = 0; i < 3; i++)); do case $i in 1) echo one;; *) echo other;; esac; done; i=0; until ((i == 2)); do ((i++)); done; echo $i; echo 2 | { select s in a b; do echo $s; break; done; }",
  ),
  bash(
    "scripts that name their interpreter",
    "printf '#!/bin/sh\\necho $0 $1\\n' > s; chmod +x s; ./s one; printf '#!/usr/bin/env python3\\nimport sys; print(sys.argv)\\n' > p; chmod +x p; ./p 1 2; printf 'echo no interpreter\\n' > n; chmod +x n; ./n",
  ),
  bash(
    "what cannot be executed",
    "echo x > f; ./f; echo $?; mkdir d; ./d; echo $?; ./nope; echo $?; printf '#!/nowhere\\n' > s; chmod +x s; ./s; echo $?",
  ),
  bash(
    "subshells and their variables",
    "x=1; (x=2; echo $x); echo $x; cd /usr; (cd /etc; pwd); pwd; $BASH -c 'echo $PPID' > /dev/null; echo $SHLVL $BASH_SUBSHELL",
  ),
  bash("exec", "exec 5>f; echo a >&5; exec bash -c 'echo b >&5; cat f; exec -a other bash -c \"echo \\$0\"'"),
  bash(
    "the environment",
    "export A=1; env -i B=2 /usr/bin/env; A=3 sh -c 'echo $A'; unset A; echo ${A-unset}; env | sort",
  ),
  bash("umask and ulimit", "umask 077; touch f; stat -c %a f; umask; ulimit -Sn 64; ulimit -n; ulimit -c"),
  bash(
    "time and dates",
    "printf '%(%Y)T\\n' 0; TZ=UTC date -d @86400; date -u -d '2024-02-29 +1 year' +%F; ((EPOCHSECONDS > 0)) && echo positive",
  ),
  bash(
    "history of errors",
    "set -e; trap 'echo line failed: $BASH_COMMAND' ERR; true; false; echo not reached",
  ),
  bash("set -x", "set -x; a=1; echo $a; [[ $a == 1 ]]; set +x"),
  bash("many processes in turn", "for i in $(seq 40); do /usr/bin/true || echo bad; done; echo done"),
  bash("deeply nested subshells", "(echo 1; (echo 2; (echo 3; (echo 4; $(echo echo 5)))))"),
  bash(
    "sh: a script of dash",
    "sh -c 'set -- a b c; shift; echo $# $*; f() { return 7; }; f; echo $?; x=${1:+set}; echo $x; echo a | { read y; echo $y; }; wait; trap \"echo bye\" 0'",
  ),
  bash("a loop of some length", "s=0; for ((i = 0; i < 20000; i++)); do ((s += i * i)); done; echo $s"),
];
