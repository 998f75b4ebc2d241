import type { Observable } from "rxjs";
import type { CallbackSpecs, Contract, Imports, OwnedCallbacks } from "./contract.js";
import type { FileContent, FileName, OutputFile } from "./files.js";
import type { Columns, OutputTable, RowOf } from "./tables.js";

/** Required plugins, by the name under which they appear in the context. */
export type Requirements = Readonly<Record<string, Contract>>;

/**
 * What every plugin finds in its context, whatever it requires. The functions may be taken off the object.
 *
 * @typeParam C the callbacks of the plugin's own contract
 * @typeParam A its validated arguments
 */
export interface BaseContext<C extends CallbackSpecs, A> {
  /** The plugin's own name. */
  readonly name: string;
  /** The plugin's own callbacks, to be run. */
  readonly callbacks: OwnedCallbacks<C>;
  /** The plugin's arguments, as its schema made them; an empty object without a schema. */
  readonly args: A;
  /** Whether the plugin has been uninstalled. Long-running work looks here, through the context itself. */
  readonly disposed: boolean;
  /** Says something; the host decides where it goes. */
  readonly log: (...values: unknown[]) => void;
  /**
   * Sets the function that yields the plugin's result, something that JSON can carry. It is asked at the end of the run, and
   * when the plugin is uninstalled; it may be asked more than once. What it throws is a fault. The last one set counts.
   */
  readonly report: (result: () => unknown) => void;
  /** Sets the function that yields a text for people, such as a table, for the end of the run; undefined for none. */
  readonly summary: (text: () => string | undefined) => void;
  /**
   * Offers a file, such as a profile in another tool's format. `content` is asked once, at the end of the run or when the plugin is
   * uninstalled, and only if the host wants such files; what it throws is a fault, as is a disk that is full.
   */
  readonly save: (name: FileName, content: () => FileContent) => void;
  /**
   * Opens a file to be written while the guest runs, such as a trace; it is closed at the end of the run, and when the plugin
   * is uninstalled. Undefined if the host does not want such files: then there is no need to gather what would be in it.
   *
   * @throws Error telling which file cannot be made, and why
   */
  readonly open: (name: FileName) => OutputFile | undefined;
  /**
   * Offers a table, for hosts that keep results in a database. `rows` is asked once, at the end of the run or when the plugin is
   * uninstalled, and only if the host wants tables; what it throws is a fault. Rows are taken one by one, so a generator needs
   * no memory for them. To be called by `install`: hosts make tables before the guest runs.
   *
   * ```ts
   * saveTable("calls", { function: ["text", "Its name"], count: ["integer", "Calls"] }, () => rows());
   * ```
   *
   * @throws BadDefinitionError (`QPP_BAD_DEFINITION`) for a name that is none
   * @throws Error telling why the host cannot make the table; because another plugin has one of that name, for example
   */
  readonly saveTable: <const C extends Columns>(
    name: string,
    columns: C,
    rows: () => Iterable<RowOf<C>>,
  ) => void;
  /**
   * Opens a table to be filled while the guest runs, for more rows than memory should hold. Otherwise as {@link saveTable}.
   * Undefined if the host does not want tables: then there is no need to gather what would be in it.
   */
  readonly openTable: <const C extends Columns>(name: string, columns: C) => OutputTable<C> | undefined;
  /** Has `dispose` called once, when the plugin is uninstalled; the latest first, along with what the plugin subscribed. */
  readonly onDispose: (dispose: () => void) => void;
  /**
   * Makes a stream the plugin's own: faults in it are attributed to the plugin, its subscriptions end with it. Streams piped
   * from the plugin's imports are its own already; those made by `merge`, `combineLatest`, `timer` and the like are not.
   */
  readonly adopt: <T>(stream: Observable<T>) => Observable<T>;
}

/** The names that a requirement cannot have, because the context uses them itself. */
export type ReservedKey = keyof BaseContext<CallbackSpecs, unknown>;

/** @see ReservedKey */
export const reservedKeys: ReadonlySet<string> = new Set<ReservedKey>([
  "name",
  "callbacks",
  "args",
  "disposed",
  "log",
  "report",
  "summary",
  "save",
  "open",
  "saveTable",
  "openTable",
  "onDispose",
  "adopt",
]);

/**
 * What `install` is given: the plugin's own things, and under its key each required plugin. An optional one is undefined when
 * it is not there at the time.
 */
export type Context<C extends CallbackSpecs, A, R extends Requirements, O extends Requirements> = BaseContext<
  C,
  A
> & {
  readonly [K in keyof R]: Imports<R[K]>;
} & { readonly [K in keyof O]: Imports<O[K]> | undefined };
