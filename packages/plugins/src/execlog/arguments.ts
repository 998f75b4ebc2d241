import * as v from "valibot";
import { type Argument, flag, list, mustBe, takes } from "../arguments.js";

const addresses: Argument<readonly number[]> = v.pipe(
  list("Logs the instruction at this address, in hexadecimal digits; may be given more than once"),
  v.everyItem(
    (item) => /^(0x)?[\da-f]{1,13}$/i.test(item),
    mustBe("an address in hexadecimal digits, with or without 0x"),
  ),
  v.transform((items) => items.map((item) => Number.parseInt(item, 16))),
);

const schema = takes({
  ifilter: list(
    "Logs instructions whose disassembly (objdump -d -M no-aliases) begins so; may be given more than once",
  ),
  afilter: addresses,
  reg: list(
    "Tells changes of the registers of this name, in which * stands for any text and ? for any character; may be given more than once",
  ),
  rdisas: flag("Looks only after instructions that mention one of those registers whether it has changed"),
});

/** What the user asked for. */
export type ExeclogArguments = v.InferOutput<typeof schema>;

/** The plugin's arguments: QEMU's. */
export const execlogArguments: v.GenericSchema<v.InferInput<typeof schema>, ExeclogArguments> = v.pipe(
  schema,
  v.check(
    ({ reg, rdisas }) => !rdisas || reg.length > 0,
    "rdisas=on says when registers are looked at, but none is asked for; give reg=… as well",
  ),
);
