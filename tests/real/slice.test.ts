import { describe } from "vitest";
import { commands } from "./commands/all.js";
import { compareAll } from "./compare.js";
import { missing } from "./overlay.js";

const reason = missing();

describe.skipIf(reason)(`programs of Debian, some of them${reason ? ` (${reason})` : ""}`, () => {
  compareAll(commands.filter(({ always }) => always));
});
