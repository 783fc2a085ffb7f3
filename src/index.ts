export { openOutputs, runQuery, type Parameters } from "./query.ts";
export { loadDatasets, type Dataset, type Property } from "./dataset.ts";
export { CliError, exitCodes } from "./errors.ts";
export { exportOutputs, type Exported, type ExportedFile, type ExportOptions } from "./export.ts";
export type { FileReport } from "./file-report.ts";
export { checkFiles, importFiles, type ImportOptions, type ImportResult } from "./pipeline.ts";
