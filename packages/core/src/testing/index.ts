export { createCheckedFabric, FabricMismatchError } from "./checked.js";
export { type Scenario, type ScenarioOptions, scenarios } from "./commands.js";
export type {
  Action,
  Fabric,
  FabricModel,
  FabricSetup,
  FabricState,
  ListeningLane,
  Observation,
  RealFabric,
  Step,
  TraceEntry,
} from "./fabric.js";
export { type FakePlugin, fakePlugin } from "./fake-plugin.js";
export { type GraphOptions, type PluginGraph, type PluginShape, pluginGraphs } from "./graph.js";
export { createFabricModel } from "./model/model.js";
export { type CapacityParameters, neverOverCapacity } from "./properties/never-over-capacity.js";
export { noLeakAfterUnload } from "./properties/no-leak-after-unload.js";
export { nothingLostOnFault } from "./properties/nothing-lost-on-fault.js";
export { sameInAnyLoadOrder } from "./properties/same-in-any-load-order.js";
export { type LaneWiring, sameOnEveryLane } from "./properties/same-on-every-lane.js";
export type { RunParameters, Stage, Wiring } from "./properties/wiring.js";
export { createRealFabric } from "./real.js";
export { scriptOf } from "./script.js";
export { type ContainerFactory, createTestContainer, type TestContainer } from "./test-container.js";
