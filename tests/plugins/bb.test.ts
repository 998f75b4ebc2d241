import { block } from "@qpp/emulator/testing";
import { describe, expect, it } from "vitest";
import { load } from "./load.js";

const one = block(0x1000, ["jalr zero,0(ra)"]);
const three = block(0x1000, ["addi zero,zero,0", "c.addi a0,1", "jal zero,0x1000"]);

describe("bb", () => {
  it.each(["on", "off"])(
    "counts executed blocks and the instructions in them with inline=%s",
    async (inline) => {
      const { fake, result, summary } = await load({ bb: { inline } });
      fake.translate(one);
      fake.execute(one);
      fake.execute(three);
      fake.execute(three, 1);
      expect(result("bb")).toEqual({
        blocks: 3,
        insns: 7,
        vcpus: [
          { vcpu: 0, blocks: 2, insns: 4 },
          { vcpu: 1, blocks: 1, insns: 3 },
        ],
      });
      expect(summary("bb")).toBe(
        "CPU0: bb's: 2, insns: 4\nCPU1: bb's: 1, insns: 3\nTotal: bb's: 3, insns: 7",
      );
    },
  );

  it("does not list vCPUs where only one has executed something", async () => {
    const { fake, result, summary } = await load({ bb: {} });
    fake.idle(0);
    fake.execute(three, 1);
    expect(result("bb")).toEqual({ blocks: 1, insns: 3 });
    expect(summary("bb")).toBe("Total: bb's: 1, insns: 3");
  });

  it.each(["on", "off"])(
    "tells a vCPU's own counts when it idles, if there are any, with inline=%s",
    async (inline) => {
      const { fake, lines } = await load({ bb: { idle: "on", inline } });
      fake.execute(three, 1);
      fake.execute(one, 1);
      fake.idle(0);
      fake.idle(1);
      expect(lines).toEqual(["Idling CPU1: bb's: 2, insns: 4"]);
    },
  );
});
