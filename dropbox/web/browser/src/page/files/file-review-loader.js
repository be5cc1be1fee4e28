/**
 * Stands where the review of chosen files will be, while its code is on its way and when that does not come.
 *
 * Rule: the code is asked for when the form appears, whatever is chosen later. Without it no file goes, and texts do.
 */
import { button, clone, config, part, text } from "../dom.js";

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
        this.review = new Review({ clone, config, part, text }, form, chooser, loadLibrary);
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

  /** Whether nothing is being looked at any more. */
  get shown() {
    return this.review?.shown ?? true;
  }

  /**
   * As Review.decide; without the code none goes.
   *
   * @param {readonly File[]} files
   * @param {Map<string, string>} open gets one for each choice that is still open
   * @param {Map<string, string>} errors gets one if the code did not come
   * @returns {Promise<File[]>}
   */
  async decide(files, open, errors) {
    if (files.length) await this.work;
    if (this.review) return this.review.decide(files, open);
    if (files.length) errors.set("files", text("files-failed"));
    return [];
  }

  /** Nothing is chosen any more. */
  clear() {
    this.review?.clear();
  }
}
