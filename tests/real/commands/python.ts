import { program, python, type RealCommand } from "./command.js";

/** python3 and its standard library. */
export const pythonCommands: readonly RealCommand[] = [
  python("python: nothing", "0", { always: true }),
  python(
    "python: json, re",
    "import json, re; print(json.dumps({'a': [1, 2.5, None, 'é']}, sort_keys=True)); print(re.findall(r'(\\w)(\\d+)', 'a1 b22 c'))",
    { always: true },
  ),
  python(
    "python: hashlib",
    "import hashlib\nfor n in sorted(hashlib.algorithms_guaranteed):\n  h = hashlib.new(n, b'hello')\n  print(n, h.hexdigest(8) if 'shake' in n else h.hexdigest())\nprint(hashlib.pbkdf2_hmac('sha256', b'p', b's', 100).hex(), hashlib.scrypt(b'p', salt=b's', n=16, r=1, p=1).hex()[:16])",
  ),
  python(
    "python: decimal, fractions, math",
    "from decimal import *; from fractions import Fraction; import math, cmath, statistics\ngetcontext().prec = 50; print(Decimal(2).sqrt(), Decimal(1) / 7, Decimal('1e-400') * 3)\nprint(Fraction(1, 3) + Fraction(1, 6), math.pi, math.exp(1), math.lgamma(0.5), math.fsum([0.1] * 10), cmath.sqrt(-1), statistics.stdev([1, 2, 4]))\nprint([float(x) for x in ('1e308', '5e-324', 'nan', '-inf', '0.1')], 2 ** 200, 10 ** 30 // 7, round(2.675, 2), 1e22, float.fromhex('0x1.8p3'))",
  ),
  python(
    "python: threads",
    "import threading, queue\nresults = []; lock = threading.Lock()\ndef work(i):\n  total = sum(range(i * 1000))\n  with lock: results.append((i, total))\nts = [threading.Thread(target=work, args=(i,)) for i in range(8)]\n[t.start() for t in ts]; [t.join() for t in ts]; print(sorted(results))\nq = queue.Queue(); t = threading.Thread(target=lambda: [q.put(i) for i in range(5)]); t.start(); print([q.get(timeout=5) for _ in range(5)]); t.join()\ne = threading.Event(); threading.Timer(0.01, e.set).start(); print(e.wait(5), e.wait(0.01))\nb = threading.Barrier(3); ts = [threading.Thread(target=b.wait) for _ in range(2)]; [t.start() for t in ts]; b.wait(); [t.join() for t in ts]; s = threading.Semaphore(0); print(s.acquire(timeout=0.01)); l = threading.local(); l.x = 1; print(l.x)",
    { always: true },
  ),
  python(
    "python: a pool of threads",
    "from concurrent.futures import ThreadPoolExecutor, as_completed\nwith ThreadPoolExecutor(4) as p:\n  print(list(p.map(lambda x: x * x, range(20)))); print(sorted(f.result() for f in as_completed([p.submit(pow, 2, i) for i in range(5)])))",
  ),
  python(
    "python: subprocess",
    "import subprocess as s\nprint(s.run(['echo', 'hi'], capture_output=True)); print(s.check_output('echo $((1 + 2)) | cat', shell=True)); p = s.Popen(['cat'], stdin=s.PIPE, stdout=s.PIPE); print(p.communicate(b'x' * 200000, timeout=60)[0] == b'x' * 200000)\nprint(s.run(['sh', '-c', 'exit 3']).returncode, s.run(['sh', '-c', 'kill -9 $$']).returncode)\ntry: s.run(['/nowhere'], start_new_session=True)\nexcept FileNotFoundError as e: print(e)\ntry: s.run(['sleep', '10'], timeout=0.05)\nexcept s.TimeoutExpired as e: print(e)\nprint(s.run(['env'], env={'A': 'b'}, capture_output=True, text=True).stdout, s.run(['pwd'], cwd='/usr', capture_output=True).stdout)",
  ),
  python(
    "python: os and processes",
    "import os, sys\nr, w = os.pipe(); pid = os.fork()\nif pid == 0:\n  os.close(r); os.write(w, b'from child'); os._exit(7)\nos.close(w); print(os.read(r, 100), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\nprint(os.getppid() > 0, os.getpgrp() == os.getpgid(0), os.system('exit 5') >> 8, os.popen('echo popen').read())\npid = os.posix_spawn('/usr/bin/true', ['true'], {}); print(os.waitpid(pid, 0)[1]); print(os.path.realpath('/bin/sh'), os.access('/etc/passwd', os.W_OK), sorted(os.listdir('/'))[:3])\nsys.stdout.flush(); os.execv('/usr/bin/echo', ['echo', 'executed'])",
  ),
  python(
    "python: files",
    "import os, tempfile, pathlib, shutil, glob\nwith tempfile.TemporaryDirectory() as d:\n  p = pathlib.Path(d); (p / 'a').write_text('x\\ny\\n'); (p / 'b' / 'c').mkdir(parents=True); shutil.copy2(p / 'a', p / 'b' / 'a2'); os.symlink('a', p / 'l'); shutil.copytree(p / 'b', p / 'e'); print(sorted(str(f.relative_to(p)) for f in p.rglob('*')))\n  os.truncate(p / 'a', 1); print((p / 'a').read_bytes(), os.stat(p / 'a').st_size, os.readlink(p / 'l')); os.utime(p / 'a', (1, 2)); print(os.stat(p / 'a').st_mtime); shutil.move(p / 'a', p / 'z'); print((p / 'l').exists(), os.path.lexists(p / 'l')); print(sorted(os.path.basename(g) for g in glob.glob(d + '/[ez]'))); shutil.make_archive(d + '/t', 'gztar', d + '/b'); shutil.rmtree(p / 'e')\n  with open(p / 'z', 'r+b') as f: f.seek(10); f.write(b'end'); f.seek(0); print(f.read(), f.tell())\n  with os.scandir(d) as it: print(sorted((e.name, e.is_dir()) for e in it))\nprint(os.path.exists(d)); f = tempfile.TemporaryFile(); f.write(b'q'); f.seek(0); print(f.read()); t = tempfile.NamedTemporaryFile(); print(os.path.exists(t.name)); t.close()",
  ),
  python(
    "python: signals",
    "import signal, os, time\nsignal.signal(signal.SIGALRM, lambda s, f: print('alarm')); signal.setitimer(signal.ITIMER_REAL, 0.01); signal.pause(); signal.alarm(0)\nsignal.signal(signal.SIGUSR1, lambda s, f: print('usr1')); os.kill(os.getpid(), signal.SIGUSR1)\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1}); os.kill(os.getpid(), signal.SIGUSR1); print(signal.sigpending()); print(signal.sigwait({signal.SIGUSR1})); print(signal.sigtimedwait({signal.SIGUSR2}, 0.01))\ntry:\n  signal.raise_signal(signal.SIGINT)\nexcept KeyboardInterrupt: print('interrupted')\nos.abort()",
  ),
  python(
    "python: asyncio and sockets",
    "import asyncio, socket, select, selectors\nasync def main():\n  async def tick(i): await asyncio.sleep(0.01 * i); return i\n  print(await asyncio.gather(*(tick(i) for i in range(4))))\n  p = await asyncio.create_subprocess_exec('echo', 'sub', stdout=asyncio.subprocess.PIPE); print(await p.communicate())\n  print(await asyncio.to_thread(lambda: 6 * 7))\n  try: await asyncio.wait_for(asyncio.sleep(5), 0.01)\n  except TimeoutError: print('timeout')\nasyncio.run(main())\na, b = socket.socketpair(); a.send(b'q'); print(b.recv(10), select.select([a, b], [a], [], 0)[1] == [a]); a.close(); print(b.recv(10))",
  ),
  python(
    "python: multiprocessing",
    "import multiprocessing as m\ndef f(x): return x * x\nm.set_start_method('fork')\nwith m.Pool(2) as p: print(p.map(f, range(8)))\nv = m.Value('i', 0)\ndef g():\n  with v.get_lock(): v.value += 1\nps = [m.Process(target=g) for _ in range(3)]; [p.start() for p in ps]; [p.join() for p in ps]; print(v.value, [p.exitcode for p in ps])\nq = m.Queue(); p = m.Process(target=q.put, args=([1, 2],)); p.start(); print(q.get()); p.join()",
  ),
  python(
    "python: mmap, struct, ctypes",
    "import mmap, struct, ctypes, array\nm = mmap.mmap(-1, 8192); m[:4] = b'abcd'; print(m[:5], m.find(b'c')); print(struct.pack('<hiqd', 1, 2, 3, 4.5).hex()); libc = ctypes.CDLL(None); print(libc.abs(-5), libc.strlen(b'four')); cmp = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int)); a = (ctypes.c_int * 4)(3, 1, 2, 0); libc.qsort(a, 4, 4, cmp(lambda x, y: x[0] - y[0])); print(list(a)); print(array.array('d', [1, 2]).tobytes().hex())\nwith open('/usr/bin/true', 'rb') as f: print(mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)[:4])",
  ),
  python(
    "python: sqlite3",
    "import sqlite3\nc = sqlite3.connect('/w/x.db'); c.execute('create table t (a integer primary key, b)'); c.executemany('insert into t (b) values (?)', [(str(i),) for i in range(1000)]); c.commit(); print(c.execute('select count(*), max(a), sum(b) from t').fetchone()); c.close(); print(sqlite3.connect('/w/x.db').execute('pragma integrity_check').fetchall())",
  ),
  python(
    "python: compression and archives",
    "import zlib, bz2, lzma, zipfile, tarfile, io, base64, binascii\nd = b'hello world ' * 1000\nfor m in (zlib, bz2, lzma): print(m.__name__, len(m.compress(d)) < len(d), m.decompress(m.compress(d)) == d)\nb = io.BytesIO(); z = zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED); z.writestr('a', d); z.close(); print(zipfile.ZipFile(b).namelist(), zlib.crc32(d), zlib.adler32(d), base64.b85encode(b'abc'))",
  ),
  python(
    "python: much of the library",
    "import argparse, ast, bisect, calendar, collections, configparser, contextlib, copy, csv, dataclasses, datetime, difflib, email, enum, functools, getopt, gettext, heapq, html, http.client, importlib, inspect, io, itertools, locale, logging, operator, pickle, platform, pprint, random, secrets, shlex, string, textwrap, timeit, tokenize, traceback, types, typing, unittest, urllib.parse, uuid, warnings, weakref, xml.etree.ElementTree as E, zoneinfo\nrandom.seed(1); print(random.random(), random.sample(range(100), 5)); print(datetime.datetime(2024, 2, 29).isoformat(), calendar.monthrange(2024, 2)); print(pickle.loads(pickle.dumps({'a': (1, 2)})), E.fromstring('<a><b/></a>').tag, difflib.get_close_matches('appel', ['apple', 'ape'])); print(collections.Counter('abracadabra').most_common(2), textwrap.fill('a b c d', 3), shlex.split('a \"b c\"')); print(ast.dump(ast.parse('x + 1'))); print(len(secrets.token_hex()), uuid.uuid5(uuid.NAMESPACE_DNS, 'x'), platform.machine())\nclass T(unittest.TestCase):\n  def test(self): self.assertEqual(1, 1)\nprint(unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.loadTestsFromTestCase(T)).wasSuccessful())",
  ),
  python(
    "python: the system",
    "import os, pwd, resource, sys, fcntl, errno, platform, time\nprint(pwd.getpwuid(0).pw_dir, sys.maxsize, sys.byteorder, sys.flags.utf8_mode, sys.getfilesystemencoding(), os.uname().machine, os.sysconf('SC_PAGESIZE'), os.cpu_count() > 0, resource.getrlimit(resource.RLIMIT_STACK)[0], os.isatty(0), os.get_inheritable(1)); print(time.monotonic() <= time.monotonic(), time.time() > 0, time.process_time() >= 0, len(os.urandom(8)), os.strerror(errno.ENOENT), open('/proc/self/cmdline').read().split('\\0')[0], os.readlink('/proc/self/exe'))",
  ),
  python("python: an exception", "import nowhere"),
  python("python: exit codes", "import sys; sys.stderr.write('to stderr\\n'); sys.exit(9)"),
  python(
    "python: generators, recursion, garbage",
    "import gc, sys\nprint(sum(i * i for i in range(200000)))\ndef f(n): return 0 if n == 0 else 1 + f(n - 1)\nprint(f(900))\ntry: f(10 ** 6)\nexcept RecursionError as e: print(e)\nclass N: pass\nfor _ in range(10000): a = N(); a.me = a\nprint(gc.collect() >= 0, len([x for x in range(10 ** 5) if x % 3]))\nprint(len({str(i): i for i in range(50000)}), sorted(map(str, range(12)))[-1])",
  ),
  program("python: reads a script from its input", ["/usr/bin/python3", "-", "arg"], {
    input: "import sys\nprint(sys.argv)\nprint(open('/etc/hosts').read())\n",
  }),
  program("python: a module as a program", ["/usr/bin/python3", "-m", "json.tool", "--compact"], {
    input: '{"b": [1, 2],\n "a": null}',
  }),
  program("python: without its library's site", [
    "/usr/bin/python3",
    "-I",
    "-S",
    "-c",
    "import sys; print(sys.version_info[:2])",
  ]),
];
