#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";

// What is run to start a guest is run for milliseconds. V8 would compile some of it for speed, on the cores that the start is
// short of, and the process could not end before that is done. `run/optimizer.ts` turns this off again.
setFlagsFromString("--no-opt");
await import("../dist/main.js");
