/**
 * Knows the words with which the reporter named persons and places on this visit: in a file's name they tell as much.
 *
 * Rule: they stay in the page's memory.
 */
import { valueOf } from "../dom.js";

const COMMON = /^(kepala|kantor|madrasah|sekolah|kampus|guru|pegawai|kota|kabupaten|provinsi|yang|head|office|school)$/;
let kept = "";

/** Keeps what was typed, before the form leaves the page. */
export const keepTold = () => (kept = toldIn());

/** @returns {string} the answers to who and where */
const toldIn = () => `${kept} ${valueOf("who")} ${valueOf("where")}`.toLowerCase();

/**
 * @param {string} name of a file
 * @returns {boolean} whether it holds a word of at least four letters with which a person or place was named
 */
export function holdsTold(name) {
  const words = new Set(name.toLowerCase().match(/\p{L}{4,}/gu));
  return (toldIn().match(/\p{L}{4,}/gu) ?? []).some((word) => words.has(word) && !COMMON.test(word));
}
