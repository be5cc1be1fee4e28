/**
 * Splits a list of signed objects (FORMAT "Keyring file" and "Boards file"). Verifies nothing.
 *
 * Rule: a list holds at most RETURN_ITEMS_MAX objects.
 */
import { RETURN_ITEMS_MAX } from "../limits.js";

/**
 * Takes u16(n) ‖ n × lp(signed object), the form in which the server sends key bundles and the shards of a board.
 *
 * @param {import("./fields.js").Reader} reader
 */
export function takeObjects(reader) {
  const count = reader.uint(2);
  if (count > RETURN_ITEMS_MAX) reader.fail("too many objects");
  return Array.from({ length: count }, () => reader.lp());
}
