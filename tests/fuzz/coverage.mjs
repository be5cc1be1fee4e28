// Block coverage of the browser's modules, as V8's own profiler counts it (Chrome DevTools Protocol, "Profiler").
//
// Rule: an offset of a module is covered when a block with it ran; what was covered once is never new again.
import { Session } from "node:inspector/promises";

const OURS = "/dropbox/web/browser/src/";

export class Coverage {
  static async start() {
    const session = new Session();
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    return new Coverage(session);
  }

  constructor(session) {
    this.session = session;
    this.covered = new Map(); // by function: one byte for each offset
  }

  /** Whether a block of the modules has run that had not run before. Counting starts anew with each call. */
  async isFresh() {
    const { result } = await this.session.post("Profiler.takePreciseCoverage");
    let isFresh = false;
    for (const { scriptId, url, functions } of result) {
      if (!url.includes(OURS)) continue;
      for (const { ranges } of functions) {
        const [{ startOffset: start, endOffset: end, count }] = ranges;
        if (!count) continue; // each function by itself: one that was never called may not be listed
        const key = `${scriptId} ${start} ${end}`;
        const before = this.covered.get(key);
        const now = before ? before.slice() : new Uint8Array(end - start);
        const ran = new Uint8Array(end - start);
        for (const one of ranges) ran.fill(one.count ? 1 : 0, one.startOffset - start, one.endOffset - start);
        for (let at = 0; at < ran.length; at++) now[at] |= ran[at];
        if (before && before.every((one, at) => one === now[at])) continue;
        this.covered.set(key, now);
        isFresh = true;
      }
    }
    return isFresh;
  }

  /** All offsets that have run. */
  get total() {
    let sum = 0;
    for (const offsets of this.covered.values()) for (const one of offsets) sum += one;
    return sum;
  }
}
