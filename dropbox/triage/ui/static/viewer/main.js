/**
 * Adds to the page of a file: zoom, turning, full screen, keys, and what is read meanwhile, as soon as it is there.
 *
 * Rule: without this file the page shows the same after a reload. Its own questions are marked as such, so that they
 * keep no desk open.
 */
import { begin, load } from "./live.js";
import { Stage, View } from "./stage.js";

const SOON_MS = 250;
const LATER_MS = 1000;
const SOON_TIMES = 20;

/** One file on the page. */
class Pane {
  view = new View();
  key = "";
  /** @type {Stage | null} */
  stage = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.mount();
    root.addEventListener("pointerdown", () => choose(this));
    root.addEventListener("focusin", () => choose(this));
    root.addEventListener("scroll", () => follow(this), { capture: true });
  }

  /** Takes up what the page has now. */
  mount() {
    for (const group of this.root.querySelectorAll("[data-scripted]"))
      /** @type {HTMLElement} */ (group).hidden = false;
    const sheets = /** @type {HTMLElement | null} */ (this.root.querySelector(".sheets"));
    const file = (sheets?.dataset.key ?? "").replace(/-\d+$/, "");
    if (file !== this.key) this.view.turned = 0;
    this.key = file;
    const found = this.root.querySelector("[data-stage]");
    const output = this.root.querySelector("[data-zoom]");
    /** @param {string} zoom */
    const say = (zoom) => output && (output.textContent = zoom);
    if (found instanceof HTMLElement && this.stage?.stage === found) {
      this.stage.say = say;
      this.stage.apply();
      return;
    }
    this.stage?.close();
    this.stage = found instanceof HTMLElement ? new Stage(found, this.view, say) : null;
  }

  /**
   * @param {string} name
   * @returns {boolean} whether there is such a link or button
   */
  press(name) {
    const target = this.root.querySelector(`[data-do="${name}"]`);
    if (!(target instanceof HTMLElement)) return false;
    target.click();
    return true;
  }

  /** @param {string} name */
  act(name) {
    const { stage } = this;
    if (name === "full-screen") {
      if (document.fullscreenElement) void document.exitFullscreen();
      else void this.root.requestFullscreen();
    } else if (name === "larger") stage?.larger();
    else if (name === "smaller") stage?.smaller();
    else if (name === "width") stage?.zoomTo("width");
    else if (name === "whole") stage?.zoomTo("whole");
    else if (name === "actual") stage?.zoomTo(1);
    else if (name === "turn-left") stage?.turn(-90);
    else if (name === "turn-right") stage?.turn(90);
  }
}

begin();
const panes = Array.from(
  document.querySelectorAll("[data-pane]"),
  (root) => new Pane(/** @type {HTMLElement} */ (root)),
);
let chosen = panes[0];
const together = document.querySelector("[data-together]");
for (const part of document.querySelectorAll("[data-scripted]")) /** @type {HTMLElement} */ (part).hidden = false;

/** @returns {boolean} whether two files are enlarged and moved together */
const areTogether = () => together instanceof HTMLInputElement && together.checked;

/** @param {Pane} pane */
function choose(pane) {
  chosen = pane;
  for (const one of panes) one.root.classList.toggle("chosen", panes.length > 1 && one === pane);
}

/** @param {Pane} pane */
function follow(pane) {
  if (!areTogether() || pane !== chosen || !pane.stage) return;
  const from = pane.stage.stage;
  for (const { stage } of panes) {
    if (!stage || stage.stage === from) continue;
    const to = stage.stage;
    to.scrollLeft =
      (from.scrollLeft / Math.max(from.scrollWidth - from.clientWidth, 1)) * (to.scrollWidth - to.clientWidth);
    to.scrollTop =
      (from.scrollTop / Math.max(from.scrollHeight - from.clientHeight, 1)) * (to.scrollHeight - to.clientHeight);
  }
}

/**
 * @param {string} address
 * @param {{ isAsked?: boolean, isBack?: boolean }} [how]
 */
async function visit(address, { isAsked = true, isBack = false } = {}) {
  if (!(await load(address, { isAsked }))) return;
  if (isAsked && !isBack) history.pushState(null, "", address);
  for (const pane of panes) pane.mount();
  void watch();
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const link = target?.closest("a[data-visit]");
  if (link instanceof HTMLAnchorElement && !event.ctrlKey && !event.shiftKey && !event.metaKey) {
    event.preventDefault();
    void visit(link.href);
    return;
  }
  const button = target?.closest("button[data-do]");
  const pane = panes.find((one) => one.root.contains(button ?? null));
  if (!(button instanceof HTMLElement) || !pane) return;
  for (const one of areTogether() && button.dataset.do !== "full-screen" ? panes : [pane])
    one.act(button.dataset.do ?? "");
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-visit-form]")) return;
  event.preventDefault();
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(form)) values.set(name, String(value));
  void visit(`${form.action}?${values}`);
  chosen.stage?.stage.focus({ preventScroll: true });
});

window.addEventListener("popstate", () => void visit(location.href, { isBack: true }));

/** @type {[string, () => boolean | void][]} */
const KEYS = Object.entries({
  "]": () => chosen.press("next-file"),
  "[": () => chosen.press("previous-file"),
  PageDown: () => chosen.press("next-page"),
  PageUp: () => chosen.press("previous-page"),
  ArrowRight: () => !chosen.stage?.isWider && chosen.press("next-page"),
  ArrowLeft: () => !chosen.stage?.isWider && chosen.press("previous-page"),
  h: () => {
    const field = chosen.root.querySelector("input[type=number]");
    if (field instanceof HTMLInputElement) field.select();
  },
  "+": () => chosen.press("larger"),
  "=": () => chosen.press("larger"),
  "-": () => chosen.press("smaller"),
  0: () => chosen.press("actual"),
  l: () => chosen.press("width"),
  s: () => chosen.press("whole"),
  r: () => chosen.press("turn-right"),
  R: () => chosen.press("turn-left"),
  f: () => chosen.press("full-screen") || chosen.act("full-screen"),
  t: () => chosen.press("text"),
  w: () => choose(panes[(panes.indexOf(chosen) + 1) % panes.length]),
});
const keys = new Map(KEYS);

// Before desk.js, whose keys are those of a case.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "")) return;
    const act = keys.get(event.key);
    if (!act || act() === false) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  { capture: true },
);

/** Asks for what is being read, and fills it in. */
let isWatching = false;
async function watch() {
  if (isWatching) return;
  isWatching = true;
  for (let times = 0; ; times += 1) {
    const waiting = /** @type {HTMLElement[]} */ (Array.from(document.querySelectorAll("[data-waiting]")));
    if (!waiting.length || !document.querySelector("[data-pane]")) break;
    for (const link of document.querySelectorAll("[data-reload]")) /** @type {HTMLElement} */ (link).hidden = true;
    let isNew = false;
    for (const one of waiting) {
      const answer = await fetch(one.dataset.waiting ?? "", { headers: { "X-Quiet": "1" } }).catch(() => null);
      if (!answer?.ok || answer.redirected) continue;
      const state = await answer.json();
      const seconds = one.querySelector("[data-seconds]");
      if (seconds && state.seconds) seconds.textContent = `${state.seconds} s`;
      isNew ||= (state.is_drawn && "drawing" in one.dataset) || (state.is_examined && "examining" in one.dataset);
      isNew ||= state.are_words_read && "recognizing" in one.dataset;
    }
    if (isNew) {
      if (!(await load(location.href, { isAsked: false }))) break;
      for (const pane of panes) pane.mount();
      times = 0;
    }
    await new Promise((done) => setTimeout(done, times < SOON_TIMES ? SOON_MS : LATER_MS));
  }
  isWatching = false;
}

void watch();
