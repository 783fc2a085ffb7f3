// The program from its single modules: hooks that change the engine's classes find them there, not in the bundle.
import { main } from "../../dist/cli/main.js";

await main();
