import { fileURLToPath } from "node:url";

/** @typedef {{ readonly stage: string, readonly nth?: number, readonly after?: number }} Place */

const hook = fileURLToPath(new URL("hook.js", import.meta.url));

/** Where an import is stopped before its file is in its place: the old state must be there. @type {readonly Place[]} */
export const placesBefore = [
  { stage: "recognise" },
  { stage: "recognising" },
  { stage: "probe" },
  { stage: "lock" },
  { stage: "locked" },
  { stage: "copy aside" },
  { stage: "copying aside" },
  { stage: "copying aside", after: 60 },
  { stage: "open aside" },
  { stage: "aside opened" },
  { stage: "load" },
  { stage: "load", after: 100 },
  { stage: "load", after: 400 },
  { stage: "loaded" },
  { stage: "write ledger" },
  { stage: "ledger written" },
  { stage: "finished" },
  { stage: "finished", after: 40 },
  { stage: "record version" },
  { stage: "version recorded" },
  { stage: "checkpoint" },
  { stage: "checkpoint", after: 3 },
  { stage: "checkpoint", after: 15 },
  { stage: "checkpointed" },
  { stage: "close" },
  { stage: "closed" },
  { stage: "fsync" },
  { stage: "fsynced" },
  { stage: "rename" },
];

/** Where it is stopped when its file is in its place: the new state must be there. @type {readonly Place[]} */
export const placesBehind = [
  { stage: "renamed" },
  { stage: "fsync folder" },
  { stage: "folder fsynced" },
  { stage: "unlock" },
  { stage: "unlocked" },
  { stage: "acknowledge" },
  { stage: "acknowledged" },
];

/**
 * The options of Node and the environment that stop the real binary at a place.
 * @param {Place} place @param {{ act: { to: "process" | "group" | "child", signal: NodeJS.Signals }, mark: string }} how
 */
export function stopAt(place, how) {
  return { node: ["--import", hook], env: { FAULT: JSON.stringify({ ...place, ...how }) } };
}

/** @param {Place} place */
export function nameOf({ stage, after }) {
  return after === undefined ? stage : `${stage} + ${after} ms`;
}
