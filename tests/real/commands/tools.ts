import { bash, program, type RealCommand } from "./command.js";

const git = (name: string, line: string, unusual: { always?: boolean } = {}): RealCommand =>
  bash(
    `git: ${name}`,
    `export GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000' GIT_CONFIG_NOSYSTEM=1; git config --global user.email a@b; git config --global user.name n; git config --global init.defaultBranch main; git init -q r; cd r; ${line}`,
    unusual,
  );

/** sqlite3, git, gcc, make and perl. */
export const toolCommands: readonly RealCommand[] = [
  program(
    "sqlite3 in memory",
    [
      "/usr/bin/sqlite3",
      ":memory:",
      "select 6 * 7, sqlite_version() > '3', upper('é'), 1e300 * 1e10, round(2.5), hex(x'ab')",
    ],
    { always: true },
  ),
  bash(
    "sqlite3: create, insert, select",
    "sqlite3 x.db 'create table t (a integer primary key, b text, c real); create index i on t (b)'; sqlite3 x.db \"insert into t (b, c) values ('x', 1.5), ('y', 0.1 + 0.2), (null, -1e-10)\"; sqlite3 -header -column x.db 'select * from t order by b desc'; sqlite3 x.db .dump; sqlite3 x.db 'pragma integrity_check; select count(*), sum(c), group_concat(b) from t'; sqlite3 x.db 'select * from nope'; echo $?",
  ),
  bash(
    "sqlite3: transactions and journals",
    "sqlite3 x.db 'create table t (a); begin; insert into t values (1); rollback; begin; insert into t values (2); commit; select * from t'; sqlite3 x.db 'pragma journal_mode = wal; insert into t values (3); select count(*) from t; pragma wal_checkpoint'; sqlite3 x.db 'pragma journal_mode = delete; vacuum; delete from t; select changes()'; ls",
  ),
  bash(
    "sqlite3: much data",
    "sqlite3 x.db 'create table t (a, b); with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000) insert into t select i, hex(i * i) from n; create index x on t (b); select count(*), sum(a), max(b) from t where b > 5; select count(*) from t x join t y on x.a = y.a + 1'; seq 100 > n; sqlite3 y.db 'create table n (x)' '.import n n' 'select sum(x) from n'",
  ),
  git(
    "init, commit, log",
    "echo hi > f; git add f; git commit -qm one; echo b >> f; git commit -qam two; git log; git status",
    { always: true },
  ),
  git(
    "diff, show, branches, merges",
    "seq 10 > f; git add .; git commit -qm one; git checkout -qb x; sed -i 's/5/five/' f; git diff; git commit -qam x; git checkout -q main; echo n > g; git add .; git commit -qm g; git merge -q -m m x; git log --graph --oneline; git show --stat HEAD~1; git branch -a; git tag v; git describe; git rev-parse HEAD; git cat-file -p HEAD; git ls-tree -r HEAD",
  ),
  git(
    "a conflict",
    "echo a > f; git add .; git commit -qm a; git checkout -qb x; echo x > f; git commit -qam x; git checkout -q main; echo y > f; git commit -qam y; git merge x; echo $?; cat f; git status -s; git checkout --theirs f; git commit -qam merged; git log --oneline | wc -l",
  ),
  git(
    "clone, fetch, push",
    "echo a > f; git add .; git commit -qm a; git clone -q . ../s; cd ../s; echo b > g; git add .; git commit -qm b; git push -q origin HEAD:refs/heads/o; git fetch -q; git branch -r; cd ../r; git log --oneline o; git clone -q --bare . ../b; ls ../b",
  ),
  git(
    "gc, fsck, archive, stash, rebase, blame, grep",
    "for i in 1 2 3 4 5; do echo $i > f$i; git add .; git commit -qm $i; done; git gc -q; git fsck; git count-objects; git archive HEAD | tar t; echo s > f1; git stash -q; git stash list; git stash pop -q; git checkout -q f1; git checkout -qb t HEAD~2; echo t > t; git add .; git commit -qm t; git rebase -q main; git log --oneline | cat; git blame f1; git grep -n 3; git reset -q --hard HEAD~1; git reflog | wc -l; git shortlog -s < /dev/null; git worktree list | wc -l",
  ),
  git(
    "errors",
    "git log; echo $?; git checkout nope; echo $?; git frobnicate; echo $?; cd /; git status; echo $?",
  ),
  bash(
    "gcc: hello",
    "printf '#include <stdio.h>\\nint main(void) { printf(\"hi %%d\\\\n\", 42); return 3; }\\n' > h.c; gcc -O1 h.c -o h && ./h; echo $?",
  ),
  bash(
    "gcc: stages, errors, tools",
    "printf '#include <math.h>\\n#include <stdio.h>\\nint main(int c, char **v) { printf(\"%%.10f\\\\n\", sin(c)); }\\n' > m.c; gcc -E m.c | tail -1; gcc -S -O2 m.c -o - | grep -c .; gcc -c -g m.c; nm m.o; gcc m.o -lm -o m; ./m 1 2; objdump -d m.o | wc -l; size m.o | wc -l; strip m; ./m; readelf -h m | grep Machine; echo 'int main( {' > e.c; gcc e.c 2>&1 | head -1; gcc nope.c; echo $?; ar rcs l.a m.o; ar t l.a; gcc -static -O2 h.c -o s 2> /dev/null; echo $?",
  ),
  bash(
    "gcc: threads, shared objects, C++",
    "printf 'int f(int x) { return x * 2; }\\n' > f.c; gcc -shared -fPIC f.c -o libf.so; printf '#include <dlfcn.h>\\n#include <pthread.h>\\n#include <stdio.h>\\nint f(int); void *t(void *p) { *(int *)p += 1; return p; }\\nint main(void) { int x = 20; pthread_t h; pthread_create(&h, 0, t, &x); pthread_join(h, 0); void *l = dlopen(\"./libf.so\", RTLD_NOW); int (*g)(int) = dlsym(l, \"f\"); printf(\"%%d %%d\\\\n\", f(x), g(1)); }\\n' > m.c; gcc m.c -L. -lf -Wl,-rpath,/w -o m && ./m; printf '#include <iostream>\\n#include <stdexcept>\\n#include <vector>\\nint main() { try { std::vector<int> v(2); v.at(5); } catch (const std::exception &e) { std::cout << e.what() << std::endl; } }\\n' > x.cc; g++ x.cc -o x && ./x",
  ),
  bash(
    "musl-gcc: hello, with threads",
    "printf '#include <pthread.h>\\n#include <stdio.h>\\nvoid *t(void *p) { return p; }\\nint main(void) { pthread_t h; void *r; pthread_create(&h, 0, t, (void *)5); pthread_join(h, &r); printf(\"%%ld\\\\n\", (long)r); }\\n' > t.c; musl-gcc t.c -o t && ./t; readelf -l t | grep -o '/lib/ld-musl[^]]*'; musl-gcc -static t.c -o s && ./s",
  ),
  bash(
    "make",
    "printf 'all: a b\\n\\t@echo all\\na b:\\n\\t@echo making $@; touch $@\\nclean:\\n\\trm -f a b\\n' > Makefile; make; make; make clean; make -j2 -s | sort; ls; make nope; echo $?; printf 'x:\\n\\tfalse\\n' > f; make -f f; echo $?; printf 'v := $(shell echo sub)\\n$(info $(v) $(words a b) $(patsubst %%.c,%%.o,a.c))\\nx:;@:\\n' | make -f -",
  ),
  program(
    "perl",
    [
      "/usr/bin/perl",
      "-e",
      'print join(",", map { $_ ** 2 } 1 .. 5), "\\n"; printf "%.3f %s\\n", atan2(1, 1) * 4, "abc" =~ /b(.)/ ? $1 : ""',
    ],
    { always: true },
  ),
  program("perl: processes and files", [
    "/usr/bin/perl",
    "-e",
    'use strict; use POSIX; $| = 1; open my $l, "ls / |"; my @l = <$l>; print scalar(@l) > 3, "\\n"; system "echo hi"; my $p = fork; if (!$p) { exit 2 } waitpid $p, 0; print $? >> 8, "\\n"; local $SIG{ALRM} = sub { print "alarm\\n" }; alarm 1; sleep 3; print `echo q`; print floor(2.5), "\\n"; opendir my $d, "/usr"; print join(" ", sort readdir $d), "\\n"; open my $f, ">", "/w/f"; print $f "x\\n" x 3; close $f; print -s "/w/f", "\\n"; rename "/w/f", "/w/g"; unlink "/w/g"; print -e "/w/g" ? 1 : 0, "\\n"; pipe my $r, my $w; syswrite $w, "abc"; sysread $r, my $b, 2; print "$b\\n"; eval { die { a => 1 } }; print $@->{a}, "\\n"; local $_ = "aXbX"; tr/X/y/; s/y/z/g; print "$_\\n"; print sprintf("%vd", "1.2.3"), "\\n"; exit 4',
  ]),
  program("perl: sorting and hashing", [
    "/usr/bin/perl",
    "-e",
    'my %h; $h{$_ % 97} .= "$_," for 1 .. 20000; my @k = sort { $a <=> $b } keys %h; my $s = 0; $s += length $h{$_} for @k; print scalar(@k), " $s\\n"; print unpack("%32C*", join "", values %h), "\\n"',
  ]),
  bash(
    "bc-like work of several tools",
    "for i in 1 2 3; do echo \"$i * $i\" | sed 's/ //g' | awk -F'*' '{ print $1 * $2 }'; done | paste -sd+ | sed 's/^/echo $((/; s/$/))/' | bash",
  ),
];
