/**
 * Sends chosen files one after the other, and lists each with its progress and the buttons pause, retry and cancel.
 *
 * Rule: every state is a sentence. A file that waits, is paused or has failed keeps its place and what was sent of it.
 */
import { OfflineError } from "../../intake/tus.js";
import { button, clone, config, part, text } from "../dom.js";
import { sentenceOf } from "../form-errors.js";
import { busyWith, whenLeft } from "../page-leave.js";

/** @typedef {import("../../intake/sealing-stream.js").FileStream} FileStream */
/** @typedef {"waiting" | "reading" | "sending" | "retrying" | "paused" | "failed" | "done" | "cancelled"} State */

const MIB = 1024 * 1024;
const LOCALE = config.lang === "en" ? "en-GB" : "id";
const percent = new Intl.NumberFormat(LOCALE, { style: "percent" });
const amount = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** @type {Record<string, State[]>} states in which each button is visible */
const BUTTONS = {
  pause: ["waiting", "reading", "sending", "retrying"],
  resume: ["paused"],
  retry: ["failed"],
  cancel: ["waiting", "reading", "sending", "retrying", "paused", "failed"],
};

class Item {
  /**
   * @param {FileStream} sending
   * @param {number} size
   * @param {() => void} onChange
   */
  constructor(sending, size, onChange) {
    const line = /** @type {HTMLElement} */ (clone("t-upload").firstElementChild);
    this.line = line;
    this.sending = sending;
    this.size = size;
    /** @type {State} */ this.state = "waiting";
    this.onChange = onChange;
    this.controller = new AbortController();
    part(line, "name").textContent = sending.name;
    button(line, "pause").addEventListener("click", () => this.halt("paused"));
    button(line, "resume").addEventListener("click", () => this.wait());
    button(line, "retry").addEventListener("click", () => this.wait());
    button(line, "cancel").addEventListener("click", () => this.halt("cancelled"));
    this.share(0);
    this.show("waiting");
  }

  async run() {
    this.controller = new AbortController();
    this.show("reading");
    try {
      await this.sending.run({
        signal: this.controller.signal,
        onSending: () => this.show("sending"),
        onShare: (share) => {
          this.share(share);
          if (this.state === "retrying") this.show("sending");
        },
        onRetry: () => this.show("retrying"),
      });
      this.share(1);
      this.show("done");
    } catch (error) {
      if (!this.controller.signal.aborted)
        this.show("failed", error instanceof OfflineError ? text("file-gave-up") : sentenceOf(error));
    }
  }

  /** @param {"paused" | "cancelled"} state */
  halt(state) {
    this.show(state);
    this.controller.abort();
    if (state === "cancelled") this.sending.end();
    this.onChange();
  }

  wait() {
    this.show("waiting");
    this.onChange();
  }

  /** @param {number} share 0 to 1 */
  share(share) {
    /** @type {HTMLProgressElement} */ (part(this.line, "bar")).value = Math.floor(100 * share);
    const mib = Math.max(this.size / MIB, 0.1);
    const figures = {
      percent: percent.format(Math.floor(100 * share) / 100),
      done: amount.format(share * mib),
      total: amount.format(mib),
    };
    part(this.line, "figures").textContent = text("figures", figures);
  }

  /**
   * @param {State} state
   * @param {string} [sentence]
   */
  show(state, sentence = text(`file-${state}`)) {
    this.state = state;
    this.line.setAttribute("data-upload", state);
    if (part(this.line, "state").textContent !== sentence) part(this.line, "state").textContent = sentence;
    const focused = this.line.contains(document.activeElement);
    for (const [name, states] of Object.entries(BUTTONS)) button(this.line, name).hidden = !states.includes(state);
    if (focused && document.activeElement === document.body) {
      /** @type {HTMLElement | null} */ (this.line.querySelector("button:not([hidden])"))?.focus();
    }
  }
}

/** The list of all files of a page. */
export class Uploads {
  /**
   * @param {HTMLElement} list
   * @param {(name: string) => void} onDone called when the server has acknowledged a file
   */
  constructor(list, onDone) {
    this.list = list;
    this.onDone = onDone;
    /** @type {Item[]} */ this.items = [];
    this.running = false;
    whenLeft(() => this.items.forEach((item) => item.controller.abort()));
  }

  /**
   * @param {FileStream} sending
   * @param {number} size
   */
  add(sending, size) {
    const item = new Item(sending, size, () => this.pump());
    this.items.push(item);
    this.list.append(item.line);
    this.pump();
  }

  /** @private */
  async pump() {
    if (this.running) return;
    this.running = true;
    for (let next; (next = this.items.find((item) => item.state === "waiting"));) {
      const item = next;
      await busyWith(item.run());
      if (item.state === "done") {
        this.items.splice(this.items.indexOf(item), 1);
        this.onDone(item.sending.name);
      }
    }
    this.running = false;
  }
}
