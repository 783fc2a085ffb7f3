export { loadDatasets } from "./dataset.ts";
