import { testPrograms } from "./harness/suite.js";

testPrograms("network");
