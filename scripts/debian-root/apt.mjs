// An apt of our own: for riscv64 and for the release that has it, with its own lists and its own record of what is installed
// (nothing), but with the host's mirror, proxies and keys.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CODENAME, SUITES } from "./packages.mjs";
import { NotReachable, run } from "./tools.mjs";

const HOST_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Reads the mirror's signed index of packages.
 *
 * @param folder where apt may keep what it needs.
 * @returns apt-get, to be called with further arguments.
 * @throws NotReachable if no mirror answers with an index that is signed by Debian.
 */
export function openArchive(folder) {
  const reasons = [];
  for (const mirror of mirrors()) {
    for (const suite of SUITES) {
      try {
        const apt = update(folder, mirror, suite);
        const codename = apt("indextargets", "--format", "$(CODENAME)", "Created-By: Packages").trim();
        if (codename === CODENAME) return apt;
        reasons.push(`${suite} is not ${CODENAME} but ${codename}`);
      } catch (error) {
        reasons.push(`${suite}: ${error.message}`);
      }
    }
  }
  throw new NotReachable(
    `no mirror has an index of ${CODENAME} for riscv64 that can be trusted\n${reasons.join("\n")}`,
  );
}

/** Fetches the index of a suite. The host's keys may be older than the release. */
function update(folder, mirror, suite) {
  const apt = configure(folder, { mirror, suite, keyring: HOST_KEYRING });
  try {
    apt("-q=2", "update");
    return apt;
  } catch (error) {
    if (!/NO_PUBKEY|EXPKEYSIG|REVKEYSIG/.test(error.message)) throw error;
  }
  const later = configure(folder, { mirror, suite, keyring: newestKeyring() });
  later("-q=2", "update");
  return later;
}

/** Where the host's own apt finds Debian's main archive. */
function mirrors() {
  const { VERSION_CODENAME } = osRelease();
  const format = "$(REPO_URI) $(CODENAME)";
  const lines = run("apt-get", "indextargets", "--format", format, "Created-By: Packages", "Origin: Debian");
  const found = lines.split("\n").map((line) => line.split(" "));
  const uris = new Set(found.filter(([, codename]) => codename === VERSION_CODENAME).map(([uri]) => uri));
  if (uris.size === 0)
    throw new NotReachable("apt here knows no mirror of Debian (has `apt-get update` been run?)");
  return uris;
}

function osRelease() {
  const lines = readFileSync("/etc/os-release", "utf8").split("\n");
  return Object.fromEntries(lines.map((line) => line.replaceAll('"', "").split("=")));
}

/** The keyring in the package that the host's own, verified apt offers. */
function newestKeyring() {
  const folder = mkdtempSync(join(tmpdir(), "qpp-keyring-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  run("sh", "-c", 'cd "$0" && apt-get -q=2 download debian-archive-keyring && dpkg-deb -x ./*.deb .', folder);
  return join(folder, HOST_KEYRING);
}

function configure(folder, { mirror, suite, keyring }) {
  rmSync(join(folder, "lists"), { recursive: true, force: true });
  for (const name of ["lists/partial", "archives/partial"])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "status"), "");
  writeFileSync(
    join(folder, "mirror.sources"),
    `Types: deb\nURIs: ${mirror}\nSuites: ${suite}\nComponents: main\nArchitectures: riscv64\nSigned-By: ${keyring}\n`,
  );
  const settings = {
    "APT::Architecture": "riscv64",
    "APT::Architectures::": "riscv64",
    "APT::Install-Recommends": "false",
    // The folder may be of a home that nobody else can look into.
    "APT::Sandbox::User": "root",
    "APT::Update::Error-Mode": "any",
    "Acquire::Languages": "none",
    "Acquire::Retries": "2",
    "Acquire::http::Timeout": "20",
    "Dir::Etc::SourceList": join(folder, "mirror.sources"),
    "Dir::Etc::SourceParts": "-",
    "Dir::Etc::Preferences": "-",
    "Dir::Etc::PreferencesParts": "-",
    "Dir::State": folder,
    "Dir::State::Lists": join(folder, "lists"),
    "Dir::State::status": join(folder, "status"),
    "Dir::Cache": folder,
    "Dir::Cache::Archives": join(folder, "archives"),
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  return (...args) => run("apt-get", ...options, ...args);
}
