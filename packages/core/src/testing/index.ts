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
export { type GraphOptions, type PluginGraph, type PluginShape, pluginGraphs } from "./graph.js";
export { createFabricModel } from "./model/model.js";
export { createRealFabric } from "./real.js";
export { scriptOf } from "./script.js";
export { type ContainerFactory, createTestContainer, type TestContainer } from "./test-container.js";
