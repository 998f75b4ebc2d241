import type { ConsumerScope } from "../consumer.js";
import type { BaseContext } from "../context.js";
import type { CallbackSpecs } from "../contract.js";
import { BadDefinitionError, PluginGoneError } from "../errors.js";
import type { Columns, OpenTable, Row, TableSink } from "../tables.js";

/** The tables of one plugin. */
export interface PluginTables extends Pick<BaseContext<CallbackSpecs, unknown>, "saveTable" | "openTable"> {
  /** Fills and closes the tables, each once. What goes wrong is the plugin's fault. */
  readonly finish: () => void;
}

/** As in SQL without quotes. */
const NAME = /^[a-z][a-z0-9_]*$/;

/** @param openTable how the host makes tables; undefined if it makes none */
export function createPluginTables(scope: ConsumerScope, openTable: OpenTable | undefined): PluginTables {
  /** Those that are there, and what is to be put into them at the end. */
  const tables = new Map<TableSink, { readonly name: string; readonly rows?: () => Iterable<Row> }>();

  const declare = (name: string, columns: Columns, rows?: () => Iterable<Row>): TableSink | undefined => {
    checkNames(scope.name, name, columns);
    const sink = openTable?.(scope.name, name, columns);
    if (sink === undefined) return undefined;
    tables.set(sink, { name, ...(rows && { rows }) });
    // For a plugin that cannot be installed after all.
    scope.add(() => {
      if (tables.delete(sink)) sink.close();
    });
    return sink;
  };

  return {
    saveTable(name, columns, rows) {
      declare(name, columns, rows);
    },
    openTable(name, columns) {
      const sink = declare(name, columns);
      return (
        sink && {
          add(row) {
            if (!tables.has(sink)) throw new PluginGoneError(scope.name, `table ${name}`);
            sink.add(row);
          },
        }
      );
    },
    finish() {
      for (const [sink, { name, rows }] of tables) {
        // First: if this is a fault, the plugin is uninstalled, and comes here again.
        tables.delete(sink);
        try {
          fill(sink, rows?.() ?? []);
        } catch (cause) {
          scope.fault(`table ${name}`, cause);
        }
      }
    },
  };
}

function checkNames(plugin: string, table: string, columns: Columns): void {
  const names = Object.keys(columns);
  const bad = [table, ...names].find((name) => !NAME.test(name));
  if (bad === undefined && names.length > 0) return;
  const problem =
    bad === undefined
      ? "it has no columns"
      : `${JSON.stringify(bad)} is no name: it must be lower-case letters, digits and underscores`;
  throw new BadDefinitionError(`plugin "${plugin}": table ${table}: ${problem}`, { plugin });
}

function fill(sink: TableSink, rows: Iterable<Row>): void {
  try {
    for (const row of rows) sink.add(row);
  } finally {
    sink.close();
  }
}
