/** The columns of the tables that are there whatever plugins are loaded. */

export const RUN = {
  program: ["text", "Path of the program, as given"],
  arguments: ["text", "The program's arguments after its name, as a JSON array of texts"],
  seed: ["integer", "--seed"],
  exit_code: ["integer", "The guest's exit code; null when a signal ended it, or it was stopped"],
  signal: ["text", "The signal that ended it, such as SIGSEGV; null for none"],
  stopped: ["text", "Why it was stopped, such as interrupted or max-insns; null if it was not"],
  insns: ["integer", "Instructions executed, by all processes"],
  guest_ns: ["integer", "Nanoseconds of the guest's clock, from its start to its end"],
  seconds: ["real", "Seconds of the host that the run took"],
} as const;

export const PLUGINS = {
  plugin: ["text", "Name of a plugin that was loaded, the machine included"],
  description: ["text", "What it does, in a line; null if it does not tell"],
  result: ["text", "Its result, as --json has it; null if it has none"],
} as const;

export const COUNTERS = {
  plugin: ["text", "Name of the plugin"],
  path: ["text", "Where in its result, as a JSON path: $.calls.write.count"],
  value: ["real", "The number that is there; 1 and 0 for true and false; null for a text"],
  text: ["text", "The text that is there; null for others"],
} as const;

export const PROCESSES = {
  pid: ["integer", "The process's number"],
  ppid: ["integer", "That of its parent"],
  name: ["text", "Its last name, as the kernel has it (comm): at most 15 bytes"],
  first_insns: ["integer", "Instructions that all processes had executed when it first ran, or 0"],
  last_insns: ["integer", "Those when it ended; null if it did not"],
  exit_code: ["integer", "Its exit code, or 128 + number of the signal; null if it did not end"],
  signal: ["text", "The signal that ended it; null for none"],
} as const;

export const MAPPINGS = {
  pid: ["integer", "The process that it was mapped in"],
  start_address: ["address", "Its first address"],
  end_address: ["address", "The first address past it"],
  permissions: ["text", "As in /proc/PID/maps: rwx and p (private) or s (shared), - for what it has not"],
  file_offset: ["integer", "Bytes from the start of the file; 0 for memory without one"],
  name: ["text", "Path of the file, or [heap] and the like; null for memory without a name"],
  insns: [
    "integer",
    "Instructions executed when it was made or its protection was changed; when it was first seen, for what a process begins with",
  ],
} as const;

export const FAULTS = {
  plugin: ["text", "The plugin whose code failed"],
  place: ["text", "What that code was doing"],
  message: ["text", "What went wrong"],
  insns: ["integer", "Instructions executed when it happened; null after the run"],
} as const;
