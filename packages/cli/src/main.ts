import { main } from "./command.js";

process.exit(await main(process.argv.slice(2)));
