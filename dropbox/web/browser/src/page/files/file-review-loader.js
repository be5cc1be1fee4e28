/**
 * Holds the place of the review of chosen files while its script is loading, and when it does not load.
 *
 * Rule: the script is requested when the form appears, whatever is chosen later. Without it no file is sent,
 * nor the text next to it.
 */
import { button, clone, config, part, text } from "../dom.js";
import { holdsTold } from "./told.js";

/** @typedef {import("./file-review.js").Review} Review */
/** @typedef {(attempt: number) => Promise<typeof import("./file-review.js")>} LoadReview `attempt` counts from 0 */

export class LateReview {
  /**
   * @param {ParentNode} form with `_review.html` in it
   * @param {HTMLInputElement} chooser
   * @param {LoadReview} load
   * @param {import("../../pictures/checking.js").LoadLibrary} loadLibrary
   */
  constructor(form, chooser, load, loadLibrary) {
    this.state = part(form, "reviewed");
    this.again = button(form, "again");
    /**
     * @private
     * @type {Review | null}
     */
    this.review = null;
    /** @private */ this.attempts = 0;
    /** @private */ this.fetch = async () => {
      this.again.hidden = true;
      try {
        const { Review } = await load(this.attempts++);
        this.state.textContent = "";
        this.review = new Review({ clone, config, part, text, holdsTold }, form, chooser, loadLibrary);
      } catch {
        this.state.textContent = text("files-failed");
        this.again.hidden = false;
      }
    };
    /** @private */ this.work = this.fetch();
    this.again.addEventListener("click", () => {
      this.state.textContent = text("files-coming");
      this.work = this.fetch();
    });
  }

  /** @returns {boolean} whether no file is being checked any more */
  get shown() {
    return this.review?.shown ?? true;
  }

  /**
   * As Review.decide; without the script no file is sent.
   *
   * @param {readonly File[]} files
   * @param {Map<string, string>} open gets a sentence for each choice that is still open
   * @param {Map<string, string>} errors gets a sentence if the script did not load
   * @returns {Promise<File[]>}
   */
  async decide(files, open, errors) {
    if (files.length) await this.work;
    if (this.review) return this.review.decide(files, open);
    if (files.length) errors.set("files", text("files-failed"));
    return [];
  }

  /** Forgets all chosen files. */
  clear() {
    this.review?.clear();
  }
}
