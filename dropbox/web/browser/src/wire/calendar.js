/**
 * FORMAT "Conventions": days and epochs as numbers.
 *
 * Rule: no clock in here; callers say what time it is, so that a wrong clock can be doubted in one place.
 */
import { EPOCH_DAYS } from "../limits.js";

const DAY_MS = 86_400_000;
const FIRST_MONDAY = 4; // 1970-01-05

/**
 * @param {number} ms since 1970, as Date.now() says
 * @returns {number} the UTC day
 */
export const dayOf = (ms) => Math.floor(ms / DAY_MS);

/**
 * @param {number} day
 * @returns {Date} its first moment in UTC; show it with timeZone: "UTC"
 */
export const dateOf = (day) => new Date(day * DAY_MS);

/**
 * @param {number} day
 * @returns {number} the epoch (week from Monday, UTC) that holds it
 */
export const epochOf = (day) => Math.floor((day - FIRST_MONDAY) / EPOCH_DAYS);

/**
 * @param {number} epoch
 * @returns {number} its Monday
 */
export const epochFirstDay = (epoch) => FIRST_MONDAY + epoch * EPOCH_DAYS;
