import { BadArgumentError, createContainer, type Plugin, plugin } from "@qpp/core";
import { flag, takes } from "@qpp/plugins/arguments";
import { describe, expect, it } from "vitest";
import { createRig, guest } from "../rig.js";

describe("outs", () => {
  it("goes to the host with the plugin's name, in order, and not into the guest's output", async () => {
    const talker: Plugin = plugin("talker", {
      install: ({ log, name }) => {
        log("installed", 1);
        log(name);
      },
    });
    const rig = await createRig(guest("hello"), { plugins: [talker] });
    rig.run();
    expect(rig.logged).toEqual(["talker installed 1", "talker talker"]);
    expect(rig.output()).not.toContain("installed");
  });
});

describe("bool_parse", () => {
  async function parse(text: string): Promise<unknown> {
    let value: unknown;
    const switched: Plugin = plugin("switched", {
      args: takes({ on: flag("a switch") }),
      install: ({ args }) => {
        value = args.on;
      },
    });
    const container = createContainer({ host: { log: () => {}, fault: () => {} } });
    const { refused } = await container.load([{ plugin: switched, args: { on: text } }]);
    return refused[0]?.error ?? value;
  }

  it.each(["on", "yes", "true"])("takes %s for true", async (text) => {
    expect(await parse(text)).toBe(true);
  });

  it.each(["off", "no", "false"])("takes %s for false", async (text) => {
    expect(await parse(text)).toBe(false);
  });

  it.each(["1", "ON", "", "maybe"])("refuses %j", async (text) => {
    const error = await parse(text);
    expect(error).toBeInstanceOf(BadArgumentError);
    expect(String(error)).toContain(`argument "on": ${JSON.stringify(text)} is no value for it`);
  });
});
