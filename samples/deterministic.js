// Values that look random but follow from a name alone: the same key gives the same value on every machine.
import { createHash } from "node:crypto";

/** @param {string} key */
const digest = (key) => createHash("sha256").update(`m365-offline samples: ${key}`).digest("hex");

/** A version 4 GUID that belongs to the key. @param {string} key */
export function guid(key) {
  const hex = digest(key);
  const variant = "89ab"[parseInt(hex.slice(16, 17), 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** An integer from `low` to `high`, both possible. @param {string} key @param {number} low @param {number} high */
export function integer(key, low, high) {
  return low + (parseInt(digest(key).slice(0, 12), 16) % (high - low + 1));
}

/** One of the values. @template T @param {string} key @param {readonly T[]} values @returns {T} */
export function pick(key, values) {
  const value = values[integer(key, 0, values.length - 1)];
  if (value === undefined) throw new Error(`nothing to pick for ${key}`);
  return value;
}

/** What the admin center writes where it conceals names: 32 upper-case hexadecimal characters. @param {string} name */
export const conceal = (name) =>
  name === "" ? "" : digest(`concealed ${name.toLowerCase()}`).slice(0, 32).toUpperCase();

const dayMs = 86_400_000;

/** The date so many days before another, both YYYY-MM-DD. @param {string} date @param {number} days */
export function daysBefore(date, days) {
  return new Date(Date.parse(date) - days * dayMs).toISOString().slice(0, 10);
}

/** A time of that day in UTC between two hours, to the second. @param {string} key @param {string} date @param {[number, number]} [hours] */
export function timeOn(key, date, [from, to] = [6, 17]) {
  const seconds = integer(`time ${key}`, from * 3600, to * 3600);
  return new Date(Date.parse(date) + seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** The same time with the seven fraction digits that Graph writes for events. @param {string} key @param {string} time */
export function withFraction(key, time) {
  return time.replace("Z", `.${String(integer(`fraction ${key}`, 0, 9_999_999)).padStart(7, "0")}Z`);
}
