import { plugin } from "@qpp/core";
import { type Instruction, machine } from "@qpp/emulator/contract";
import { flag, takes } from "../arguments.js";
import { countingBy } from "../counting.js";
import { CLASSES, classOf, type InstructionClass } from "./classes.js";
import { howvec } from "./contract.js";
import { howCounted } from "./how-counted.js";
import { howvecText, type Individual, opcodeText } from "./howvec-text.js";

/** Instructions that are listed at most where they are counted one by one, as in QEMU. */
const LIMIT = 50;

/** Counts instructions by class: QEMU's `howvec` plugin, "how vectorised is this code". */
export default plugin(howvec, {
  description: "Counts executed instructions by class: what kind of code this is",
  requires: { machine },
  args: takes({
    inline: flag("Count inside the translated code, not by a callback for each instruction", true),
    verbose: flag("List classes of which nothing was executed, too"),
    count: howCounted(
      "Count this class instruction by instruction, or with a ! in front not at all; may be given more than once",
    ),
  }),
  install({ machine, args, report, summary }) {
    const individuals = new Map<number, Individual>();
    const individual = (instruction: Instruction, class_: InstructionClass): Individual => {
      const { data, text } = instruction;
      let found = individuals.get(data);
      if (found === undefined) {
        found = { class: class_, opcode: data, text };
        individuals.set(data, found);
      }
      return found;
    };
    const keyOf = (instruction: Instruction): InstructionClass | Individual => {
      const class_ = classOf(instruction);
      return args.count(class_.name) === "individually" ? individual(instruction, class_) : class_;
    };
    const counted = machine.instructions.where(
      (instruction) => args.count(classOf(instruction).name) !== "not",
    );
    const counts = countingBy(counted.executed, args.inline, keyOf);

    const instructions = () =>
      [...individuals.values()]
        .map((each) => ({ ...each, count: counts.get(each) }))
        .filter(({ count }) => count > 0)
        .sort((a, b) => b.count - a.count || a.opcode - b.opcode);
    const classes = () => {
      const listed = instructions();
      return CLASSES.map((class_) => ({
        title: class_.title,
        name: class_.name,
        count:
          counts.get(class_) +
          listed.filter((each) => each.class === class_).reduce((sum, { count }) => sum + count, 0),
      }));
    };
    report(() => ({
      classes: Object.fromEntries(
        classes()
          .filter(({ name, count }) => args.count(name) !== "not" && (count > 0 || args.verbose))
          .map(({ name, count }) => [name, count]),
      ),
      instructions: instructions().map(({ class: { name }, opcode, text, count }) => ({
        text,
        opcode: opcodeText(opcode),
        class: name,
        count,
      })),
    }));
    summary(() => {
      const shown = classes().filter(
        ({ name, count }) => count > 0 || args.verbose || args.count(name) === "not",
      );
      return howvecText(
        shown.map((each) => ({ ...each, how: args.count(each.name) })),
        instructions().slice(0, LIMIT),
      );
    });
    return { classes };
  },
});
