/**
 * Shows what the chosen files reveal before anything is sent, and the choice for each picture that reveals something.
 *
 * Rule: cleaning is the default, and only a choice that was on the screen when the button was pressed counts. A picture
 * that cannot be cleaned has no default. A file that reveals nothing is not mentioned. A file that was not checked is
 * not sent, however it was chosen.
 */
import { TELLS, check } from "../../pictures/checking.js";
import { isTellingName } from "../../pictures/kinds.js";

/**
 * @typedef {Pick<typeof import("../dom.js"), "clone" | "config" | "part" | "text"> &
 *   Pick<typeof import("./told.js"), "holdsTold">} Page passed in, because this module
 *   may load on its own, after the page's templates are gone
 */
/** @typedef {import("../../pictures/checking.js").Checked} Checked */

/** States of files that were not looked into, in the order of their lines. */
const UNCLEANED = /** @type {const} */ (["large", "office", "media", "unknown"]);

/**
 * @param {readonly Checked[]} all
 * @returns {string} their names
 */
const namesOf = (all) => all.map(({ file }) => file.name).join(", ");

/** The review of one form's files. */
export class Review {
  /**
   * @param {Page} page
   * @param {ParentNode} form with `_review.html` in it
   * @param {HTMLInputElement} chooser
   * @param {import("../../pictures/checking.js").LoadLibrary} loadLibrary
   */
  constructor(page, form, chooser, loadLibrary) {
    this.page = page;
    this.box = page.part(form, "review");
    this.state = page.part(form, "reviewed");
    this.chooser = chooser;
    this.loadLibrary = loadLibrary;
    /**
     * @private
     * @type {Map<File, Checked>}
     */
    this.found = new Map();
    /**
     * @private
     * @type {Map<File, HTMLElement>}
     */
    this.choices = new Map();
    /**
     * @private
     * @type {Promise<void>}
     */
    this.work = Promise.resolve();
    /** @private */ this.round = 0; // of choosing: results of an older one are dropped
    this.shown = true; // no file is being checked
    chooser.addEventListener("change", () => (this.work = this.look()));
    if (chooser.files?.length) this.work = this.look(); // chosen before this script was loaded
  }

  /**
   * Waits until all files are checked.
   *
   * @param {readonly File[]} files those that may be sent
   * @param {Map<string, string>} errors gets a sentence for each choice that is open, or was not yet on the screen
   * @returns {Promise<File[]>} what to send, as chosen: cleaned, or the original files
   */
  async decide(files, errors) {
    const { config, text } = this.page;
    const isSeen = (/** @type {File} */ file) => this.found.has(file);
    // The browser may have restored a choice without an event.
    if (this.shown && !files.slice(0, config.filesMax).every(isSeen)) this.work = this.look();
    const wasShown = this.shown;
    await this.work;
    /** @type {File[]} */
    const going = [];
    for (const file of files.filter(isSeen)) {
      const { state, cleaned } = /** @type {Checked} */ (this.found.get(file));
      const choice = this.choices.get(file);
      const chosen = choice?.querySelector("input:checked")?.getAttribute("value");
      const id = choice?.querySelector("input")?.id ?? "";
      if (choice && !wasShown) errors.set(id, text("picture-new"));
      else if (choice && !chosen) errors.set(id, text("picture-open"));
      else if (state === "found" && chosen === "clean") going.push(/** @type {File} */ (cleaned));
      else if (chosen !== "leave") going.push(file);
    }
    const isNew = !wasShown && this.box.childElementCount && !errors.size;
    // Not all seen: others were chosen in the meantime.
    if (isNew || !files.every(isSeen)) errors.set("files", text("files-new"));
    return going;
  }

  /** Forgets all chosen files. */
  clear() {
    this.round += 1;
    this.shown = true;
    this.found.clear();
    this.choices.clear();
    this.box.replaceChildren();
    this.state.textContent = "";
    this.chooser.value = "";
    this.chooser.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @private */
  async look() {
    const { config, text } = this.page;
    const files = Array.from(this.chooser.files ?? []).slice(0, config.filesMax);
    const round = (this.round += 1);
    this.shown = false;
    this.found.clear();
    this.choices.clear();
    this.box.replaceChildren();
    this.state.textContent = text("pictures-checking");
    /** @type {Map<File, Checked>} */
    const found = new Map();
    for (const file of files) {
      found.set(file, await check(file, this.loadLibrary)); // one after the other: each is in memory as a whole
      if (round !== this.round) return;
    }
    this.found = found;
    this.show([...found.values()]);
    this.shown = true;
  }

  /**
   * @private
   * @param {Checked[]} all
   */
  show(all) {
    const { text } = this.page;
    const pictures = all.filter(({ state }) => state === "found" || state === "broken");
    for (const [place, one] of pictures.entries()) this.choices.set(one.file, this.choiceOf(one, place));
    const lines = UNCLEANED.map((state) =>
      this.lineOf(
        all.filter((one) => one.state === state),
        text(`uncleaned-${state}`),
      ),
    );
    const uncleaned = lines.filter((line) => line !== null);
    const names = this.lineOf(
      all.filter(({ file }) => isTellingName(file.name) || this.page.holdsTold(file.name)),
      text("names-telling"),
    );
    this.box.append(...this.choices.values(), ...uncleaned);
    if (uncleaned.length) this.box.append(noteOf(text("uncleaned-later")));
    if (names) this.box.append(names);
    const count = (/** @type {Checked["state"]} */ state) => pictures.filter((one) => one.state === state).length;
    const said = [];
    if (count("found"))
      said.push(text(count("found") > 1 ? "pictures-found" : "picture-found", { count: count("found") }));
    if (count("broken")) said.push(text("pictures-broken", { count: count("broken") }));
    if (uncleaned.length) said.push(text("uncleaned-some"));
    this.state.textContent = said.join(" ");
  }

  /**
   * @private
   * @param {Checked} one
   * @param {number} place
   * @returns {HTMLElement}
   */
  choiceOf({ file, state, tells }, place) {
    const { clone, part, text } = this.page;
    const choice = /** @type {HTMLElement} */ (clone("t-picture").firstElementChild);
    const list = TELLS.filter((one) => tells.includes(one)).map((one) => text(`tells-${one}`));
    part(choice, "name").textContent = file.name;
    part(choice, "tells").textContent =
      state === "broken" ? text("picture-broken") : text("picture-tells", { list: list.join(", ") });
    part(choice, "tells").id = `picture-${place}-tells`;
    choice.setAttribute("aria-describedby", `picture-${place}-tells`);
    choice.setAttribute("data-picture", state);
    if (state === "broken") choice.querySelector("input[value='clean']")?.closest("label")?.remove();
    for (const [at, input] of choice.querySelectorAll("input").entries()) {
      input.name = `picture-${place}`;
      input.id = at ? `picture-${place}-${input.value}` : `picture-${place}`;
      input.checked = input.value === "clean";
    }
    return choice;
  }

  /**
   * @private
   * @param {readonly Checked[]} all
   * @param {string} sentence
   * @returns {HTMLElement | null} null if there are no files
   */
  lineOf(all, sentence) {
    const { clone, part } = this.page;
    if (!all.length) return null;
    const line = /** @type {HTMLElement} */ (clone("t-telling").firstElementChild);
    part(line, "names").textContent = namesOf(all);
    part(line, "tells").textContent = sentence;
    return line;
  }
}

/** @param {string} sentence */
function noteOf(sentence) {
  const note = document.createElement("p");
  note.className = "hint";
  note.textContent = sentence;
  return note;
}
