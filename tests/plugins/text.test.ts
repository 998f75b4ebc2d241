import { hex, indented, table } from "@qpp/plugins/text";
import { describe, expect, it } from "vitest";

describe("table", () => {
  it("puts numbers to the right, texts to the left, and no blanks at the end", () => {
    const text = table(
      ["name", "count", "where"],
      [
        ["a", 1, "x"],
        ["longer", 1000, ""],
      ],
    );
    expect(text).toBe("name    count  where\na           1  x\nlonger   1000");
  });

  it("is its head alone without rows", () => {
    expect(table(["name", "count"], [])).toBe("name  count");
  });
});

it("prints addresses as C's 0x%x", () => {
  expect(hex(0x7f0b_8154_78cd)).toBe("0x7f0b815478cd");
});

it("indents lines, but not empty ones", () => {
  expect(indented("a\n\nb")).toBe("  a\n\n  b");
});
