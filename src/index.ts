export { openOutputs, runQuery, type Parameters } from "./outputs/query.ts";
export { loadDatasets, type Dataset, type Property } from "./schema/dataset.ts";
export { CliError, exitCodes } from "./errors.ts";
export { exportOutputs, type Exported, type ExportedFile, type ExportOptions } from "./outputs/export.ts";
export type { FileReport } from "./ledger/record-files.ts";
export { checkFiles, importFiles, type ImportOptions, type ImportResult } from "./pipeline/import.ts";
