import { plugin } from "@qpp/core";

const COLUMNS = { name: ["text", "Its name"], count: ["integer", "How often"] } as const;

plugin("typed", {
  install({ saveTable, openTable }) {
    saveTable("calls", { name: ["text", "Its name"], count: ["integer", "How often"] }, () => [
      { name: "f", count: 1 },
      { name: null, count: 2n },
      { name: undefined, count: undefined },
    ]);
    // @ts-expect-error a text where a whole number belongs
    saveTable("calls", COLUMNS, () => [{ name: "f", count: "1" }]);
    // @ts-expect-error a column is left out
    saveTable("calls", COLUMNS, () => [{ name: "f" }]);
    // @ts-expect-error there is no such type of column
    saveTable("calls", { name: ["varchar", "Its name"] }, () => []);
    const table = openTable("calls", COLUMNS);
    table?.add({ name: "f", count: 1 });
    // @ts-expect-error the host may not want tables
    table.add({ name: "f", count: 1 });
    // @ts-expect-error a truth value where a text belongs
    table?.add({ name: true, count: 1 });
  },
});
