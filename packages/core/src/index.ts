export type {
  ArgumentsOfSchema,
  ArgumentsSchema,
  RawArguments,
  SchemaIssue,
  SchemaResult,
} from "./arguments.js";
export type { Callback, OwnedCallback } from "./callback/callback.js";
export type { Combine } from "./callback/combine.js";
export {
  type ArgumentsOf,
  type CallbackArguments,
  type CallbackSpec,
  type CombinedOf,
  callback,
  type ResultOf,
} from "./callback/spec.js";
export type { Attachment, Consumer } from "./consumer.js";
export type { LoadRequest, Refusal, Resolve } from "./container/candidates.js";
export {
  type Container,
  type ContainerOptions,
  createContainer,
  type Host,
  type LoadReport,
} from "./container/container.js";
export type {
  AttachmentDescription,
  CallbackDescription,
  PluginDescription,
  RequirementDescription,
  SubscriberDescription,
  WiringDescription,
} from "./container/describe.js";
export type { Outcome } from "./container/installation.js";
export { nearest } from "./container/suggest.js";
export type { BaseContext, Context, Requirements, ReservedKey } from "./context.js";
export {
  type CallbackSpecs,
  type Contract,
  contract,
  type Exports,
  type FunctionSpecs,
  type Imports,
  type None,
  type OwnedCallbacks,
  type ValueSpecs,
} from "./contract.js";
export {
  BadArgumentError,
  BadDefinitionError,
  CapacityError,
  ContractMismatchError,
  CycleError,
  DuplicateCallbackError,
  DuplicatePluginError,
  type ErrorDetails,
  InstallError,
  MissingFunctionError,
  MissingRequirementError,
  NotOwnerError,
  PluginGoneError,
  QppError,
  type QppErrorCode,
  RefusedRequirementError,
  SelfRequirementError,
} from "./errors.js";
export type { Fault, FaultPolicy } from "./fault.js";
export type { FileChunk, FileContent, FileName, FileSink, OpenFile, OutputFile } from "./files.js";
export { type AnyFunction, type FunctionOf, type FunctionSpec, fn } from "./fn.js";
export { type Definition, isPlugin, type Plugin, plugin } from "./plugin.js";
export { AttributedObservable, type Attribution } from "./rx/attributed.js";
export type {
  Column,
  Columns,
  ColumnType,
  OpenTable,
  OutputTable,
  Row,
  RowOf,
  TableSink,
} from "./tables.js";
export {
  type PerConsumer,
  perConsumer,
  type ValueExport,
  type ValueOf,
  type ValueSpec,
  value,
} from "./value.js";
