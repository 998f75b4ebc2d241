import { nearest } from "@qpp/core";
import fc from "fast-check";
import { expect, test } from "vitest";

const names = ["bb", "hotblocks", "insn", "mem", "osi", "syscall", "syscalls", "syscalls_logger"];

test("the nearest name is the one that was meant", () => {
  expect(nearest("hotblock", names)).toBe("hotblocks");
  expect(nearest("isnn", names)).toBe("insn");
  expect(nearest("OSI", names)).toBe("osi");
  expect(nearest("syscals", names)).toBe("syscall");
  expect(nearest("syscalls-loger", names)).toBe("syscalls_logger");
  expect(nearest("men", names)).toBe("mem");
  expect(nearest("something", names)).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});

test("one slip of any kind in a name of some length finds it again", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names.filter(({ length }) => length > 5)),
      fc.nat(),
      fc.nat({ max: 3 }),
      (name, at, kind) => {
        const i = at % (name.length - 1);
        const [head, a, b, tail] = [name.slice(0, i), name[i], name[i + 1], name.slice(i + 2)];
        const slip = [
          `${head}${b}${a}${tail}`,
          `${head}${a}${tail}`,
          `${head}${a}#${b}${tail}`,
          `${head}#${b}${tail}`,
        ][kind];
        const found = nearest(slip ?? "", names);
        // Two of the names are one letter apart.
        expect(found?.replace("syscalls", "syscall").replace("syscall_", "syscalls_")).toBe(
          name === "syscalls" ? "syscall" : name,
        );
      },
    ),
  );
});
