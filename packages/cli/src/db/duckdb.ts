import type * as DuckDb from "@duckdb/node-api";
import { codeOf, Failure, messageOf } from "../failure.js";

/** DuckDB for Node. */
export type DuckDbModule = typeof DuckDb;

/**
 * Loads the optional package.
 * @param wantedBy the option that needs it, for the message
 * @throws Failure when it is not there, or not for this system
 */
export async function loadDuckDb(wantedBy: string): Promise<DuckDbModule> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    const why =
      codeOf(error) === "ERR_MODULE_NOT_FOUND"
        ? "which is not installed"
        : `which fails: ${messageOf(error)}`;
    throw new Failure(
      `${wantedBy} needs the optional package @duckdb/node-api, ${why}; npm install @duckdb/node-api, where qpp is installed`,
    );
  }
}
