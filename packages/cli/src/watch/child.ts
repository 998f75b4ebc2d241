import { main } from "../command.js";
import { pullSources, watchSources } from "../plugin/sources.js";

// One run of `qpp run --watch`, in a process of its own: what a process has imported it cannot import anew. It tells the
// process that watches of each file that its plugins consist of, before it ends at the latest.
let sent: Promise<void> = Promise.resolve();
watchSources((file) => {
  sent = new Promise((done) => process.send?.(file, () => done()));
});
process.once("disconnect", () => process.exit());
const exitCode = await main(process.argv.slice(2), true);
pullSources();
await sent;
process.exit(exitCode);
