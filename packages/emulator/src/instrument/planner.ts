import type { AccessSite, Block, Instruction } from "../contract/instruction.js";
import type { BlockInstruction, BlockPlan, Planner, Probe } from "../interpreter/plan.js";
import { accessSites, blockFacts, type SymbolName } from "./facts.js";

/** Something attached to a kind of event: asked once a translation for what to put at a site. */
export type Attachment<Site> = (site: Site) => Probe | undefined;

/** What is attached to each kind of event, in order of attachment. */
export interface Attachments extends Planner {
  /** Attaches; returns what takes it off again. Both have all blocks translated anew. */
  attach<K extends keyof Kinds>(kind: K, attachment: Attachment<Kinds[K]>): () => void;
}

/** The kinds of events in translated code, with what is known of each at translation. */
export interface Kinds {
  /** A block is translated; nothing is put into it. */
  readonly translation: Block;
  readonly block: Block;
  readonly instruction: Instruction;
  readonly access: AccessSite;
}

type Lists = { readonly [K in keyof Kinds]: Attachment<Kinds[K]>[] };

function probesAt<Site>(
  attachments: readonly Attachment<Site>[],
  site: Site | undefined,
): Probe[] | undefined {
  if (site === undefined || attachments.length === 0) return undefined;
  const probes: Probe[] = [];
  for (const attachment of attachments) {
    const probe = attachment(site);
    if (probe !== undefined) probes.push(probe);
  }
  return probes.length === 0 ? undefined : probes;
}

/** Makes the list of what is attached; `changed` is called when blocks have to be translated anew. */
export function createAttachments(symbolName: SymbolName, changed: () => void): Attachments {
  const lists: Lists = { translation: [], block: [], instruction: [], access: [] };

  function plan(instructions: readonly BlockInstruction[]): BlockPlan | undefined {
    // Copies: selections are plugin code, which may attach and detach.
    const translation = [...lists.translation];
    const block = [...lists.block];
    const instruction = [...lists.instruction];
    const access = [...lists.access];
    if (translation.length + block.length + instruction.length + access.length === 0) return undefined;
    const facts = blockFacts(instructions, symbolName);
    probesAt(translation, facts);
    const sites = instructions.map((i, at) => {
      const of = facts.instructions[at];
      return of === undefined || access.length === 0 ? undefined : accessSites(of, i);
    });
    return {
      block: probesAt(block, facts) ?? [],
      before: facts.instructions.map((i) => probesAt(instruction, i)),
      loads: sites.map((site) => probesAt(access, site?.load)),
      stores: sites.map((site) => probesAt(access, site?.store)),
    };
  }

  return {
    plan,
    attach(kind, attachment) {
      // Wrapped, so that one function attached twice is two attachments.
      const entry: typeof attachment = (site) => attachment(site);
      const list: (typeof entry)[] = lists[kind];
      list.push(entry);
      changed();
      return () => {
        const at = list.indexOf(entry);
        if (at < 0) return;
        list.splice(at, 1);
        changed();
      };
    },
  };
}
