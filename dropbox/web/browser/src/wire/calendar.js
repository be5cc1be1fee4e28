/**
 * Converts times to days and epochs, and back (FORMAT "Conventions").
 *
 * Rule: no clock in here. Callers pass the time, so that one place decides whether to trust the device's clock.
 */
import { EPOCH_DAYS } from "../limits.js";

const DAY_MS = 86_400_000;
const FIRST_MONDAY = 4; // 1970-01-05

/**
 * @param {number} ms milliseconds since 1970-01-01 UTC
 * @returns {number} UTC day number
 */
export const dayOf = (ms) => Math.floor(ms / DAY_MS);

/**
 * @param {number} day
 * @returns {Date} its start in UTC; format it with timeZone: "UTC"
 */
export const dateOf = (day) => new Date(day * DAY_MS);

/**
 * @param {number} day
 * @returns {number} the epoch (week from Monday, UTC) that contains the day
 */
export const epochOf = (day) => Math.floor((day - FIRST_MONDAY) / EPOCH_DAYS);

/**
 * @param {number} epoch
 * @returns {number} day number of its Monday
 */
export const epochFirstDay = (epoch) => FIRST_MONDAY + epoch * EPOCH_DAYS;
