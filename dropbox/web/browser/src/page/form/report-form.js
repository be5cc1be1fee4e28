/**
 * Shows the report form and its review: everything is read back, with code and words, before it is sealed.
 *
 * Rule: during the review the form stays in the page, hidden, with all that was typed. Nothing typed is parsed as HTML,
 * and every button has a visible effect.
 */
import { holdsKeyword } from "../../form/keyword-match.js";
import { readDraft } from "./draft.js";
import { choiceOf, closedSentence } from "./desk-choice.js";
import { button, clone, config, fillSecret, main, part, retitle, text } from "../dom.js";
import { clearErrors, sentenceOf, showErrors, unfold } from "../form-errors.js";
import { askBeforeLeaving, busyWith } from "../page-leave.js";
import { fillProvince, offerPersons } from "./optional-questions.js";
import { fillMirror } from "./mirror-list.js";

const HINTS_MAX = 3;
const ITSELF = "itjen";
const ABOVE = "irjen";
const SAFEGUARDING = "x-safeguarding";
const CHOICES = ["channel", "category"]; // whose answers are ours, and tell nothing

/** @typedef {import("./draft.js").Draft} Draft */

/**
 * @typedef {object} Road how a reviewed report is sent
 * @property {(draft: Draft, say: (sentence: string) => void) => Promise<void>} send shows the next page itself; throws
 *   errors for which `sentenceOf` has a sentence
 * @property {(errors: Map<string, string>, say: (sentence: string) => void) => Promise<void>} [check] adds errors of
 *   its own
 * @property {import("./optional-questions.js").LoadRegencies} [loadRegencies] when they are not in the document
 */

/** The form and its review, until the report has left. */
export class ReportForm {
  /**
   * @param {DocumentFragment} copy with `_report_form.html` in it
   * @param {import("../../crypto/secret.js").ReporterSecret} secret
   * @param {Road} road
   */
  constructor(copy, secret, road) {
    this.form = /** @type {HTMLElement} */ (copy.querySelector(".form"));
    this.secret = secret;
    this.road = road;
    /**
     * @private
     * @type {Element[]}
     */
    this.sheet = []; // the review, while it is shown
    /**
     * @private
     * @type {HTMLElement[]}
     */
    this.covered = []; // what is hidden meanwhile
    /** @private */ this.busy = false;
    offerPersons(this.form);
    fillProvince(this.form, road.loadRegencies);
    this.form.addEventListener("input", () => askBeforeLeaving(true)); // a link in the form, or the back button
    for (const one of this.form.querySelectorAll("[data-act='review']")) {
      one.addEventListener("click", () => {
        one.parentElement?.after(part(this.form, "state")); // where the reporter looks
        this.once(this.form, () => this.review());
      });
    }
  }

  /**
   * @private
   * @param {HTMLElement} form where errors are shown
   * @param {() => Promise<void>} work
   */
  async once(form, work) {
    const state = part(form, "state");
    if (this.busy) {
      state.textContent = text("still-busy");
      return;
    }
    this.busy = true;
    this.lock(form, true);
    await busyWith(work()).catch((error) => {
      state.textContent = text("not-sent");
      showErrors(form, new Map([["", sentenceOf(error)]]));
    });
    this.lock(form, false);
    this.busy = false;
  }

  /**
   * @private
   * @param {HTMLElement} form locked while it is being sent
   * @param {boolean} locked
   */
  lock(form, locked) {
    for (const field of form.querySelectorAll("textarea, input"))
      /** @type {HTMLInputElement} */ (field).readOnly = locked;
    for (const one of form.querySelectorAll("[data-act]")) {
      if (one.matches("[data-act='edit'], [data-act='irjen']")) /** @type {HTMLElement} */ (one).hidden = locked;
      else one.setAttribute("aria-disabled", String(locked));
    }
  }

  /** @private Shows the form's errors, or the review. */
  async review() {
    const { form, secret } = this;
    const state = part(form, "state");
    const advice = state.textContent;
    /** @type {Map<string, string>} */
    const more = new Map();
    await this.road.check?.(more, (sentence) => (state.textContent = sentence));
    const draft = readDraft(form, secret);
    const errors = new Map([...draft.errors, ...more]);
    showErrors(form, errors);
    state.textContent = errors.size ? text("not-reviewed") : advice;
    if (errors.size) return;
    this.cover(this.lay(draft));
    askBeforeLeaving(true); // a browser that fills in fields sends no event
    scrollTo({ top: 0, behavior: "instant" });
    config.box.querySelector("h1")?.focus({ preventScroll: true });
  }

  /**
   * @private
   * @param {Element[]} sheet the only elements that stay visible
   */
  cover(sheet) {
    const all = [...main.children, ...config.box.children, ...document.querySelectorAll("a.language")];
    this.covered = all
      .filter((one) => one !== config.box && !sheet.includes(one))
      .map((one) => /** @type {HTMLElement} */ (one))
      .filter(({ hidden }) => !hidden);
    for (const one of this.covered) one.hidden = true;
  }

  /**
   * @private
   * @param {Draft} draft
   * @returns {Element[]} its review, which replaces an older one
   */
  lay(draft) {
    const { form, secret } = this;
    const { desk, record, answers } = draft;
    const written = answers.map(({ name, answer }) => (CHOICES.includes(name) ? "" : answer)).join("\n");
    const sheet = clone("t-review");
    const page = /** @type {HTMLElement} */ (sheet.querySelector(".form"));
    /**
     * @param {string} name
     * @param {boolean} wanted
     */
    const keep = (name, wanted) => wanted || part(sheet, name).remove();
    part(sheet, "reader").textContent = text(`reads-${desk}`);
    keep("conflict", desk === ITSELF && holdsKeyword(written, wordsIn(page, "conflict")));
    keep("irjen", desk === ABOVE);
    if (!choiceOf(form, ABOVE)) {
      const note = Object.assign(document.createElement("p"), { textContent: closedSentence(ABOVE) });
      sheet.querySelector("[data-act='irjen']")?.parentElement?.replaceWith(note);
    }
    keep("safeguarding", Boolean(record[SAFEGUARDING]) || holdsKeyword(written, wordsIn(page, "safeguarding")));
    const list = part(sheet, "answers");
    for (const { question, answer } of answers) {
      for (const [name, content] of [
        ["dt", question],
        ["dd", answer],
      ]) {
        list.append(Object.assign(document.createElement(name), { textContent: content }));
      }
    }
    let hints = 0;
    for (const hint of sheet.querySelectorAll("[data-without]")) {
      const names = hint.getAttribute("data-without")?.split(" ") ?? [];
      if (hints < HINTS_MAX && !names.some((name) => record[name]?.trim())) hints += 1;
      else hint.remove();
    }
    keep("hints", hints > 0);
    fillSecret(sheet, secret);
    part(sheet, "confirm-number").textContent = String(secret.confirmNumber);
    fillMirror(sheet, form);
    for (const edit of sheet.querySelectorAll("[data-act='edit']")) {
      edit.addEventListener("click", () => this.edit(edit.getAttribute("data-field") ?? ""));
    }
    sheet.querySelector("[data-act='irjen']")?.addEventListener("click", () => this.sendAbove(draft));
    const send = button(sheet, "send");
    confirmIn(sheet).addEventListener("keydown", ({ key }) => key === "Enter" && send.click());
    send.addEventListener("click", () => this.once(page, () => this.send(page, draft)));
    this.lift();
    this.sheet = Array.from(sheet.children);
    config.box.append(sheet);
    retitle("t-review");
    return this.sheet;
  }

  /** @private Removes the review. */
  lift() {
    clearErrors(config.box);
    for (const one of this.sheet) one.remove();
  }

  /**
   * @private
   * @param {string} name of the field that gets the focus
   */
  edit(name) {
    this.lift();
    for (const one of this.covered) one.hidden = false;
    retitle("t-form");
    const field = this.form.querySelector(`[name="${name}"]:checked`) ?? document.getElementById(name);
    unfold(field);
    field?.scrollIntoView({ block: "center", behavior: "instant" });
    /** @type {HTMLElement | null} */ (field)?.focus({ preventScroll: true });
  }

  /**
   * Changes the desk to the one above; what was confirmed stays confirmed.
   *
   * @private
   * @param {Draft} draft
   */
  sendAbove(draft) {
    const above = choiceOf(this.form, ABOVE);
    if (above) above.checked = true;
    const typed = confirmIn(config.box).value;
    this.lay(Object.freeze({ ...draft, desk: ABOVE }));
    confirmIn(config.box).value = typed;
    const reader = part(config.box, "reader");
    reader.tabIndex = -1;
    reader.focus();
  }

  /**
   * @private
   * @param {HTMLElement} page
   * @param {Draft} draft as it was reviewed
   */
  async send(page, draft) {
    const state = part(page, "state");
    const { confirmNumber: number } = this.secret;
    const { value } = confirmIn(page);
    const confirmed = this.secret.isConfirmedBy(value);
    const sentence = text(value.trim() ? "confirm-wrong" : "confirm-required", { number });
    showErrors(page, new Map(confirmed ? [] : [["confirm", sentence]]));
    state.textContent = text(confirmed ? "sending" : "not-sent");
    if (!confirmed) return;
    await this.road.send(draft, (sentence) => (state.textContent = sentence));
    askBeforeLeaving(false);
  }
}

/**
 * @param {HTMLElement} page
 * @param {string} name
 * @returns {string[]} phrases that the page contains
 */
const wordsIn = (page, name) => (page.getAttribute(`data-${name}-words`) ?? "").split("|").filter(Boolean);

/**
 * @param {ParentNode} page
 * @returns {HTMLInputElement}
 */
const confirmIn = (page) => /** @type {HTMLInputElement} */ (page.querySelector("#confirm"));
