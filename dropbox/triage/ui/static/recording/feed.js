/**
 * Feeds a media element with a stream that the desk makes while it plays: piece by piece, as much as is needed soon.
 *
 * Rule: the pieces are put together in memory (Media Source Extensions); a browser that plays from an address may write
 * to a file. A paused page asks for nothing.
 */
import { Clusters } from "./clusters.js";

const AHEAD_SECONDS = 20;
const BEHIND_SECONDS = 60;
const WAIT_MS = 250;
const LEAP_SECONDS = 3; // over a gap in which no picture begins
const GONE = 410;
const TRIES = 3;

/** @param {number} ms */
const rest = (ms) => new Promise((done) => setTimeout(done, ms));

export class Feed {
  /** @type {SourceBuffer | null} */
  buffer = null;
  turn = 0;
  abort = new AbortController();

  /**
   * @param {HTMLMediaElement} media
   * @param {string} mime
   * @param {number} seconds length of the recording
   * @param {(start: number) => string} address of a stream that starts there
   * @param {(words: string) => void} fail
   */
  constructor(media, mime, seconds, address, fail) {
    Object.assign(this, { media, mime, seconds, address, fail });
    this.media = media;
    this.mime = mime;
    this.seconds = seconds;
    this.address = address;
    this.fail = fail;
    this.source = new MediaSource();
    this.url = URL.createObjectURL(this.source);
    const opened = new Promise((done) => this.source.addEventListener("sourceopen", done, { once: true }));
    this.ready = opened.then(() => {
      this.buffer = this.source.addSourceBuffer(this.mime);
      this.source.duration = this.seconds;
    });
    media.src = this.url;
  }

  /** Ends the stream, and frees the memory. */
  close() {
    this.turn += 1;
    this.abort.abort();
    this.media.removeAttribute("src");
    this.media.load();
    URL.revokeObjectURL(this.url);
  }

  /**
   * @param {number} time
   * @returns {number} seconds that can be played from there
   */
  ahead(time) {
    const { buffered } = this.media;
    for (let n = 0; n < buffered.length; n += 1)
      if (buffered.start(n) <= time + 0.05 && time < buffered.end(n)) return buffered.end(n) - time;
    return 0;
  }

  /** Goes on where a gap ends, if it is short: streams do not begin at the very moment that was asked for. */
  leap() {
    const { buffered, currentTime } = this.media;
    if (this.ahead(currentTime)) return;
    for (let n = 0; n < buffered.length; n += 1) {
      const wait = buffered.start(n) - currentTime;
      if (wait > 0 && wait < LEAP_SECONDS) this.media.currentTime = buffered.start(n) + 0.01;
    }
  }

  /**
   * Plays from a time on: from what is there, else from a new stream.
   *
   * @param {number} time
   */
  seek(time) {
    if (this.ahead(time) < 0.5) void this.start(time, true);
    this.media.currentTime = time;
  }

  /**
   * @param {number} time
   * @param {boolean} isAnew whether what was fed before is dropped
   */
  async start(time, isAnew) {
    this.turn += 1;
    const { turn } = this;
    this.abort.abort();
    this.abort = new AbortController();
    try {
      await this.ready;
      await this.run(time, isAnew, turn);
    } catch (error) {
      if (turn === this.turn && !this.abort.signal.aborted) this.fail("");
    }
  }

  /**
   * @param {number} start
   * @param {boolean} isAnew
   * @param {number} turn
   */
  async run(start, isAnew, turn) {
    let [time, tries, name, number, clusters] = [start, 0, "", 0, new Clusters()];
    await this.place(time, isAnew);
    while (turn === this.turn) {
      if (this.ahead(this.media.currentTime) > AHEAD_SECONDS) {
        await rest(WAIT_MS);
        continue;
      }
      const base = this.address(time);
      const address = name ? `${base}&aliran=${encodeURIComponent(name)}&potong=${number}` : base;
      const answer = await fetch(address, { cache: "no-store", signal: this.abort.signal });
      if (turn !== this.turn) return;
      if (answer.status === GONE && tries < TRIES) {
        // The stream was ended, by another page or its limit of time: a new one follows where it was.
        time = Math.max(time, this.end());
        [tries, name, number, clusters] = [tries + 1, "", 0, new Clusters()];
        await this.place(time, false);
        continue;
      }
      if (!answer.ok || !/^(audio|video)\/webm/.test(answer.headers.get("Content-Type") ?? "")) {
        this.fail(answer.redirected ? "locked" : answer.status === 409 ? await answer.text() : "");
        return;
      }
      name = answer.headers.get("X-Stream") ?? name;
      number += 1;
      const data = await answer.arrayBuffer();
      if (turn !== this.turn) return;
      if (!data.byteLength) {
        if (this.source.readyState === "open") this.source.endOfStream();
        return;
      }
      tries = 0;
      const whole = clusters.take(data);
      if (whole.length) await this.append(whole);
      this.leap();
    }
  }

  /** @returns {number} where what is there ends */
  end() {
    const { buffered } = this.media;
    return buffered.length ? buffered.end(buffered.length - 1) : 0;
  }

  /**
   * Makes the next piece begin at a time.
   *
   * @param {number} time
   * @param {boolean} isAnew
   */
  async place(time, isAnew) {
    const { buffer } = this;
    if (!buffer) return;
    await this.idle();
    if (this.source.readyState === "open") buffer.abort();
    if (isAnew && buffer.buffered.length) {
      buffer.remove(0, Infinity);
      await this.idle();
    }
    buffer.timestampOffset = time;
  }

  /** @param {BufferSource} data */
  async append(data) {
    const { buffer } = this;
    if (!buffer) return;
    const old = this.media.currentTime - BEHIND_SECONDS;
    await this.idle();
    if (buffer.buffered.length && old - buffer.buffered.start(0) > BEHIND_SECONDS) {
      buffer.remove(0, old);
      await this.idle();
    }
    buffer.appendBuffer(data);
    await this.idle();
  }

  /** Waits until the buffer takes the next order. */
  async idle() {
    const { buffer } = this;
    if (buffer?.updating) await new Promise((done) => buffer.addEventListener("updateend", done, { once: true }));
  }
}
