import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";
import { oneOf, takes, wholeNumber } from "../arguments.js";
import { hex } from "../text.js";
import { createCode } from "./code.js";
import { cflow, type FlowNode } from "./contract.js";
import { createFlow } from "./flow.js";
import { edgesOf, nodesOf, ORDERS } from "./nodes.js";

/** Finds where control goes, and where blocks are left early: QEMU's `cflow` plugin. */
export default plugin(cflow, {
  description: "Lists the instructions that branch most often, with where they go, and those that fault",
  requires: { machine },
  args: takes({
    sort: oneOf(
      "Which come first: those that branch most often, that leave their blocks early, or that have most destinations",
      ["hottest", "early", "exceptions"],
      "hottest",
    ),
    limit: wholeNumber("How many to list, 0 for all of them", { least: 0, most: 1_000_000_000, initial: 10 }),
  }),
  install({ machine, args, report, summary }) {
    const code = createCode();
    const flow = createFlow(code);
    machine.traces.batch({ block: (block) => code.add(block) + 1 }, flow.take);
    const executed = machine.blocks.executed.count();
    machine.discontinuities.register(({ kind, from }) => {
      if (kind === "exception") flow.fault(executed.value, from);
    });
    machine.vcpus.initialized.register(({ index }) => flow.forget(index));
    machine.processChanged.register((now, before) => {
      // It executes another program, or has another name, by a system call: what comes next is no branch of that call's.
      if (now.pid === before.pid) flow.forget(flow.vcpu);
    });

    const nodes = (): readonly FlowNode[] => nodesOf(flow, code);
    const listed = (): readonly FlowNode[] =>
      [...nodes()].sort(ORDERS[args.sort]).slice(0, args.limit === 0 ? undefined : args.limit);
    report(() => ({
      instructions: code.instructions.size,
      nodes: listed().map(({ pc, symbol, destinations, ...rest }) => ({
        pc: hex(pc),
        symbol: symbol ?? null,
        ...rest,
        destinations: destinations.map((to) => ({ pc: hex(to.pc), count: to.count })),
      })),
    }));
    summary(() =>
      [
        `collected ${code.instructions.size} control flow nodes in the hash table`,
        ...listed().flatMap(textOf),
      ].join("\n"),
    );
    return { nodes, edges: () => edgesOf(nodes()) };
  },
});

/** A node in the layout of QEMU's plugin. */
function textOf(node: FlowNode): readonly string[] {
  const { pc, symbol, text, midTranslations, earlyExits, branches, destinations } = node;
  return [
    `  addr: ${hex(pc)} ${symbol ?? ""}: ${text} (${midTranslations > 0 ? "sync fault" : "branch"})`,
    ...(earlyExits > 0 ? [`    early exits ${earlyExits}`] : []),
    `    branches ${branches}`,
    ...destinations.map((to) => `      to ${hex(to.pc)} (${to.count})`),
  ];
}
