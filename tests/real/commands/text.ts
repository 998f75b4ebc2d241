import { bash, program, type RealCommand } from "./command.js";

/** grep, sed, awk, find, diff, and what packs files. */
export const textCommands: readonly RealCommand[] = [
  program("grep", ["/usr/bin/grep", "-n", "root", "/etc/passwd"], { always: true }),
  program("sed", ["/usr/bin/sed", "s/a/b/g"], { input: "banana\n", always: true }),
  program("awk", ["/usr/bin/gawk", "BEGIN { for (i = 0; i < 5; i++) print i, i ^ 2, sin(i) }"], {
    always: true,
  }),
  bash(
    "more of grep",
    "grep -c : /etc/passwd; grep -v -m 2 root /etc/passwd; grep -o 'b[a-z]*' /etc/passwd | sort | uniq -c | head -2; grep -rl localhost /etc/hosts /etc/passwd; grep -E '^(root|bin):' /etc/passwd; grep -P '\\d{5}' /etc/passwd; grep -q nope /etc/passwd; echo $?; grep x nowhere; echo $?; grep -w -i ROOT -A1 /etc/passwd; grep -z a /usr/bin/true; zgrep root /etc/passwd | head -1",
  ),
  bash(
    "more of sed",
    "seq 10 > n; sed -n '2,4p;$=' n; sed '/5/d;s/^./[&]/' n | tail -2; sed -i.bak 's/1/one/' n; head -1 n n.bak; sed -E 's/(.)(.)/\\2\\1/' n | tail -1; sed '1!G;h;$!d' n | head -2; sed 'y/123/abc/;2q' n; sed -s -n 1p n n.bak; sed '2a\\\nadded' n | head -3; sed 's/x/'; echo $?",
  ),
  bash(
    "more of awk",
    'awk -F: \'{ n[$7]++ } END { for (s in n) print n[s], s }\' /etc/passwd | sort; awk \'BEGIN { printf "%.3f %s %d\\n", 3.14159, toupper("a"), length("abc"); "echo piped" | getline x; print x; print "to sort" | "sort"; close("sort"); print substr("hello", 2, 3), index("abc", "c"); n = split("a b c", p); print n, p[3]; print gensub(/b/, "X", "g", "abcb"); srand(1); r = rand(); print (r < 1); system("echo system"); exit 3 }\'; echo $?; seq 100 | awk \'{ s += $1 } END { print s }\'; awk \'BEGIN { print strftime("%F", 0, 1), 2**53, 1e300*1e300, log(-1) }\'',
  ),
  bash(
    "find and xargs",
    "mkdir -p a/b c; touch a/1 a/b/2 c/3; ln -s ../a c/l; find . | sort; find . -name '[12]' | sort; find . -type d -empty; find . -type l -printf '%p %l\\n'; find a -depth | sort; find . -type f -exec echo {} + | wc -w; find . -name 3 -exec echo {} \\;; find . -type f -print0 | xargs -0 -n 1 echo | sort; seq 5 | xargs -n 2; seq 4 | xargs -P 2 -I{} echo n{} | sort; find . -perm -u+x -type d | wc -l; find -L c | sort; find a -delete; ls; find nowhere; echo $?; find /etc -maxdepth 1 -name '*.conf' | sort",
  ),
  bash(
    "diff and cmp",
    "seq 10 > x; seq 2 11 > y; diff x y; diff -u x y | tail -n +3; diff -y -W 20 x y | head -3; cmp x y; diff -q x y; echo $?; diff x x; echo $?; mkdir d e; touch d/a e/b; diff -r d e; diff3 x y x | head -2; sdiff -s x y",
  ),
  bash(
    "tar",
    "mkdir d; echo 1 > d/a; ln -s a d/l; ln d/a d/h; chmod 640 d/a; touch -d @1000000000 d/a d; tar cf t.tar d; tar tf t.tar | sort; rm -r d; tar xf t.tar; ls d; stat -c '%a %Y %h' d/a; readlink d/l; tar czf t.tgz d; tar tzf t.tgz | wc -l; tar cJf t.txz d; tar xOf t.txz d/a; tar --exclude=l -cf - d | tar tf - | sort; tar rf t.tar /etc/hosts 2> /dev/null; tar tf t.tar | tail -1; tar xf nope.tar; echo $?",
  ),
  bash(
    "gzip, bzip2, xz",
    "seq 5000 > n; for z in gzip bzip2 xz; do cp n m; $z m; ls m.*; $z -dc m.* | cmp - n && echo same; $z -t m.*; rm m.*; done; zcat n; echo $?; xz -9 -T2 -k n; xz -l n.xz | wc -l; gzip -9 < n | wc -c; gunzip < /etc/passwd; echo $?",
  ),
];
