import { describe, expect, it } from "vitest";
import { parseCpu } from "../../packages/cli/src/cpu.js";

describe("--cpu rv64gc[,EXTENSION[=SWITCH]...]", () => {
  it.each([
    ["rv64gc", []],
    ["rv64gc,zba", ["Zba"]],
    ["RV64GC,Zba,zbb,ZBS,zicond", ["Zba", "Zbb", "Zbs", "Zicond"]],
    ["rv64gc,zba=true,zbb=on,zbs=yes", ["Zba", "Zbb", "Zbs"]],
    ["rv64gc,zba=false,zbb=off,zbs=no", []],
    ["rv64gc,zba,zbb,zba=off", ["Zbb"]],
    ["rv64gc,zba=off,zba", ["Zba"]],
  ])("reads %s", (text, extensions) => {
    expect(parseCpu(text)).toEqual(extensions);
  });

  it.each([
    ["", 'there is no processor ""'],
    ["rv64", 'there is no processor "rv64"; write rv64gc'],
    ["zba", 'there is no processor "zba"'],
    ["rv64gc,", 'there is no extension ""'],
    ["rv64gc,v", 'there is no extension "v"; there are zba, zbb, zbs, zicond'],
    ["rv64gc,zba=1", '"zba=1" is no switch; write zba, zba=on or zba=off'],
    ["rv64gc,zba=", '"zba=" is no switch'],
    ["rv64gc,zba=on=on", '"zba=on=on" is no switch'],
  ])("refuses %j", (text, reason) => {
    expect(() => parseCpu(text)).toThrow(`--cpu ${text}: ${reason}`);
  });
});
