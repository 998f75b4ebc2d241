import { posix } from "node:path";
import { plugin } from "@qpp/core";
import { type Cpu, machine } from "@qpp/emulator/contract";
import { flag, takes, wholeNumber } from "../arguments.js";
import { callstack } from "../callstack/contract.js";
import { symbols } from "../symbols/contract.js";
import { table } from "../text.js";
import { type CallNode, childOf, costsOf, createRoot, pathsOf } from "./call-tree.js";
import { callgrind } from "./callgrind.js";
import { profile } from "./contract.js";
import { folded, inPath, speedscope } from "./files.js";
import { createLineSites } from "./line-costs.js";
import { pprof } from "./pprof.js";

/** Pids are below 2^22, so this and an address make a number that is exact. */
const ADDRESSES = 2 ** 32;

/** Where a thread is. */
interface Position {
  node: CallNode;
  /** Instructions that its vCPU had executed when that began. */
  since: number;
}

/** Counts instructions by call path, exactly: each belongs to the function that is innermost when it is executed. */
export default plugin(profile, {
  description: "Instructions by call path: a table, folded stacks, speedscope, pprof, callgrind",
  requires: { machine, callstack, symbols },
  args: takes({
    limit: wholeNumber("How many functions to list, 0 for all of them", {
      least: 0,
      most: 1_000_000_000,
      initial: 20,
    }),
    lines: flag("Count by source line, too, for callgrind_annotate and KCachegrind"),
  }),
  install({ machine, callstack, symbols, args, report, summary, save, saveTable }) {
    const root = createRoot();
    const positions: (Position | undefined)[] = [];
    let { pid } = machine.process();
    machine.processChanged.register((now) => {
      pid = now.pid;
    });

    function unnamed(address: number): string {
      const object = symbols.objectAt(address);
      if (object === undefined) return `0x${address.toString(16)}`;
      return `${posix.basename(object.path)}+0x${(address - object.base).toString(16)}`;
    }
    const nameOf = (key: number): string => {
      const address = key % ADDRESSES;
      return symbols.lookup(address)?.name ?? machine.program.symbolAt(address)?.name ?? unnamed(address);
    };
    const enter = (parent: CallNode, address: number): CallNode =>
      childOf(parent, pid * ADDRESSES + address, nameOf);
    /** The path of all frames but the innermost `without`. */
    const pathOf = (vcpu: number, without: number): CallNode =>
      callstack
        .stack(vcpu)
        .slice(without)
        .reduceRight((node, frame) => enter(node, frame.function), root);
    /** Gives what was executed since to where the thread was; `more` is 1 for an instruction that is in progress. */
    const settle = (cpu: Cpu, more: number, without: number): Position => {
      let position = positions[cpu.index];
      if (position === undefined) {
        position = { node: pathOf(cpu.index, without), since: 0 };
        positions[cpu.index] = position;
      }
      const executed = cpu.executed + more;
      position.node.self += executed - position.since;
      position.since = executed;
      return position;
    };

    callstack.onCall.register((cpu, frame) => {
      // A signal is told between instructions.
      const position = settle(cpu, frame.kind === "call" ? 1 : 0, 1);
      position.node = enter(position.node, frame.function);
      position.node.calls++;
    });
    callstack.onReturn.register((cpu, _frame, how) => {
      const position = settle(cpu, how === "returned" ? 1 : 0, 0);
      position.node = position.node.parent ?? root;
    });
    callstack.onTailCall.register((cpu, frame) => {
      const position = settle(cpu, 1, 0);
      position.node = enter(position.node.parent ?? root, frame.function);
      position.node.calls++;
    });
    callstack.onSwitch.register((cpu) => {
      settle(cpu, 0, 0).node = pathOf(cpu.index, 0);
    });
    machine.vcpus.exited.register((cpu) => {
      settle(cpu, 0, 0);
      positions[cpu.index] = undefined;
    });

    const paths = () => {
      for (const cpu of machine.vcpus.list) settle(cpu, 0, 0);
      return pathsOf(root);
    };
    const costs = () => costsOf(paths()).slice(0, args.limit === 0 ? undefined : args.limit);
    const total = (): number => paths().reduce((sum, { insns }) => sum + insns, 0);
    report(() => ({ insns: total(), functions: costs() }));
    summary(() => {
      const all = total() || 1;
      const share = (insns: number): string => `${((100 * insns) / all).toFixed(1)} %`;
      const rows = costs().map((cost) => [
        cost.self,
        share(cost.self),
        cost.total,
        share(cost.total),
        cost.name,
      ]);
      return table(["self", "share", "total", "share", "function"], rows);
    });
    save("profile.folded", () => folded(paths()));
    save("profile.pb.gz", () => pprof(paths()));
    const byLine = args.lines
      ? machine.instructions.executed.countBy(createLineSites(symbols, unnamed))
      : undefined;
    if (byLine !== undefined) {
      const { pid: first } = machine.process();
      save(`callgrind.out.${first}`, () => {
        paths();
        const lines = [...byLine.entries()].map(([site, insns]) => ({ ...site, insns }));
        const command = [machine.program.path, ...machine.program.args].join(" ");
        return callgrind(command, first, lines, root);
      });
    }
    save("profile.speedscope.json", () => speedscope(machine.program.path, paths()));
    saveTable(
      "functions",
      {
        name: ["text", "The function"],
        self: ["integer", "Instructions that it executed itself"],
        total: [
          "integer",
          "Those, and all that were executed in what it called; one that calls itself counts once",
        ],
      },
      () => costsOf(paths()),
    );
    saveTable(
      "call_paths",
      {
        path: ["text", "Names of functions with semicolons between, the outermost first"],
        depth: ["integer", "How many they are"],
        function: ["text", "The last one of them"],
        insns: ["integer", "Instructions that it executed itself when it was called so"],
      },
      function* () {
        for (const { path, insns } of paths())
          yield { path: path.map(inPath).join(";"), depth: path.length, function: path.at(-1), insns };
      },
    );
    return { paths };
  },
});
