export { machineStreams, type StreamOptions } from "./arbitrary.js";
export {
  createFakeMachine,
  type FakeCall,
  type FakeMachine,
  type FakeMachineOptions,
} from "./fake-machine.js";
export { type FakeMapping, mappedFile } from "./mappings.js";
export type { FakeMemory } from "./memory.js";
export { accessSite, block, type FakeProgram, type FakeSymbol, instruction } from "./program.js";
export { createRecorder, type Recorder } from "./record.js";
export { eventText, type MachineEvent, type MachineStream } from "./stream.js";
export { findDisorder } from "./well-formed.js";
