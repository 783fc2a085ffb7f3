// Is run before each file of tests: they share a process, and with it all other modules.
import { afterAll } from "vitest";
import { removeWorkdirs } from "./workdir.ts";

afterAll(removeWorkdirs);
