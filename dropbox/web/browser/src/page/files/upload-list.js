/**
 * Sends chosen files one after the other, and lists each with its progress and the buttons pause, retry and cancel.
 *
 * Rule: every state is a sentence. A file that waits, is paused or has failed keeps its place and what was sent of it.
 * A part is never acknowledged in the words of the whole: above the list stands how many of how many have come.
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

/** @type {(done: number, total: number) => {done: string, total: string}} bytes in MB; never "0 of 0" */
const amountsOf = (done, total) => {
  const most = Math.max(total / MIB, 0.1);
  return { done: amount.format((total ? done / total : 1) * most), total: amount.format(most) };
};

class Item {
  /**
   * @param {FileStream} sending
   * @param {number} size
   * @param {string} desk whose question it answers, or empty
   * @param {() => void} onChange called when it may be its turn
   * @param {() => void} onNews called when its state or its share has changed
   */
  constructor(sending, size, desk, onChange, onNews) {
    const line = /** @type {HTMLElement} */ (clone("t-upload").firstElementChild);
    this.line = line;
    this.sending = sending;
    this.size = size;
    this.desk = desk;
    this.sent = 0; // bytes
    this.spent = 0; // milliseconds in which it was read or sent, up to `since`
    this.since = 0;
    /** @type {State} */ this.state = "waiting";
    this.onChange = onChange;
    this.onNews = onNews;
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

  /** Stops the clock while the line is down or the file waits. */
  count() {
    const now = performance.now();
    if (this.state === "reading" || this.state === "sending") this.spent += now - this.since;
    this.since = now;
  }

  /** @param {number} share 0 to 1 */
  share(share) {
    this.count();
    /** @type {HTMLProgressElement} */ (part(this.line, "bar")).value = Math.floor(100 * share);
    this.sent = share * this.size;
    const figures = { percent: percent.format(Math.floor(100 * share) / 100), ...amountsOf(this.sent, this.size) };
    part(this.line, "figures").textContent = text("figures", figures);
    this.onNews();
  }

  /**
   * @param {State} state
   * @param {string} [sentence]
   */
  show(state, sentence = text(`file-${state}`)) {
    this.count();
    this.state = state;
    this.line.setAttribute("data-upload", state);
    if (part(this.line, "state").textContent !== sentence) part(this.line, "state").textContent = sentence;
    const focused = this.line.contains(document.activeElement);
    for (const [name, states] of Object.entries(BUTTONS)) button(this.line, name).hidden = !states.includes(state);
    if (focused && document.activeElement === document.body) {
      /** @type {HTMLElement | null} */ (this.line.querySelector("button:not([hidden])"))?.focus();
    }
    this.onNews();
  }
}

/** The list of all files of a page. */
export class Uploads {
  /**
   * @param {ParentNode} form with the list, and above it the place for the sum
   * @param {(name: string) => void} onDone called when the server has acknowledged a file
   * @param {(desks: Set<string>) => void} onAll called when it has acknowledged all of them, which answer these desks
   */
  constructor(form, onDone, onAll) {
    this.list = part(form, "uploads");
    this.sum = part(form, "sum");
    this.onDone = onDone;
    this.onAll = onAll;
    /** @type {Item[]} */ this.items = [];
    /** @type {Set<string>} */ this.desks = new Set();
    this.running = false;
    /** @private */ this.done = 0; // files
    /** @private */ this.doneBytes = 0;
    /** @private */ this.doneSpent = 0; // milliseconds
    whenLeft(() => this.items.forEach((item) => item.controller.abort()));
  }

  /**
   * @param {FileStream} sending
   * @param {number} size
   * @param {string} desk whose question it answers, or empty
   */
  add(sending, size, desk) {
    const item = new Item(
      sending,
      size,
      desk,
      () => this.pump(),
      () => this.tell(),
    );
    this.items.push(item);
    this.list.append(item.line);
    this.pump();
  }

  /** Whether no file is on its way, paused or failed. */
  get areDone() {
    return this.items.every(({ state }) => state === "cancelled");
  }

  /** Says how many of how many files have come, how much of how much, and about how long the rest will take. */
  tell() {
    const open = this.items.filter(({ state }) => state !== "cancelled");
    const [count, moving] = [this.done + open.length, open.some(({ state }) => BUTTONS.pause.includes(state))];
    const [sent, total] = [open.reduce((sum, one) => sum + one.sent, 0), open.reduce((sum, { size }) => sum + size, 0)];
    const said = part(this.sum, "sum-said");
    const sentence = count > this.done ? text("files-sum", { done: this.done, count }) : "";
    if (said.textContent !== sentence) said.textContent = sentence;
    const spent = open.reduce((sum, one) => sum + one.spent, this.doneSpent);
    const minutes = Math.ceil(((total - sent) * spent) / (this.doneBytes + sent) / 60_000);
    const rest = [text("files-amount", amountsOf(this.doneBytes + sent, this.doneBytes + total))];
    if (open.some(({ state }) => state === "retrying")) rest.unshift(text("file-retrying"));
    else if (!moving) rest.unshift(text("unsent", { things: text("unsent-files", { count: open.length }) }));
    else if (!Number.isFinite(minutes)) rest.unshift(text("files-wait"));
    else rest.unshift(minutes > 1 ? text("files-minutes", { minutes }) : text("files-minute"));
    part(this.sum, "sum-rest").textContent = sentence && rest.join(" ");
    const all = part(this.sum, "sum-all");
    all.hidden = !this.done || Boolean(sentence);
    all.textContent = all.hidden ? "" : text("files-all", { count: this.done });
    this.sum.className = all.hidden ? "sum" : "done";
    if (!all.hidden) this.onAll(this.desks);
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
        this.done += 1;
        this.doneBytes += item.size;
        this.doneSpent += item.spent;
        if (item.desk) this.desks.add(item.desk);
        this.onDone(item.sending.name);
      }
    }
    this.running = false;
    this.tell();
  }
}
