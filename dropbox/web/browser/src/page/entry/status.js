/**
 * Runs /status: verifies the boards that everybody downloads, and opens the answers with the typed code and words.
 *
 * Rule: all requests are made before anything is typed; typing causes none. Code and words stay on this page.
 */
import { findAnswers, parseBoards } from "../../published/boards.js";
import { DamagedError, MalformedError } from "../../errors.js";
import { Decoys } from "../../crypto/sealing.js";
import { readTyped } from "../../crypto/typed-secret.js";
import { mountActs } from "../thread/act-forms.js";
import { mountAdding } from "../thread/addition-form.js";
import { closedSentence, isOpen } from "../form/desk-choice.js";
import { markTyped } from "../form/typed-marks.js";
import { button, clone, config, main, text, valueOf } from "../dom.js";
import { cannotBegin, keyOf, secretErrors, sentenceOf, showErrors } from "../form-errors.js";
import "../page-leave.js";
import * as files from "../files/file-review.js";
import { showThread } from "../thread/timeline.js";
import { download, trustFor } from "../published.js";

const BOARD_TEXTS = { malformed: "boards-forged", untrusted: "boards-forged" };

/** @type {Parameters<typeof cannotBegin>[1]} sentences for when the page cannot start */
let texts = { offline: "boards-failed" };

async function begin() {
  const paths = ["/data/kunci", "/data/papan"];
  const [packedKeyring, packedBoards] = await Promise.all(paths.map(download));
  const { trust, keyring, why } = await trustFor(packedKeyring, config.root);
  texts = BOARD_TEXTS;
  const boards = await parseBoards(trust, packedBoards);
  const copy = clone("t-form");
  const form = /** @type {HTMLElement} */ (copy.querySelector(".form"));

  function open() {
    let secret;
    try {
      secret = readTyped(valueOf("code"), valueOf("words"));
    } catch (error) {
      showErrors(form, secretErrors(error));
      return;
    }
    /** @param {string} desk */
    const keysOf = (desk) => secret.keys(trust.anchor.instance, desk);
    let answers;
    try {
      answers = findAnswers(boards, keysOf);
    } catch (error) {
      const known = error instanceof DamagedError || error instanceof MalformedError;
      showErrors(form, new Map([["", text(known ? "answer-damaged" : "page-error")]]));
      return;
    }
    document.querySelector("a.language")?.remove(); // it would lose the page
    main.replaceChildren(clone("t-thread"));
    const without = (keyring?.desks ?? [])
      .map(({ name }) => name)
      .filter((name) => !boards.some(({ desk }) => desk === name));
    showThread({ answers, boards, without, today: trust.today });
    const desk = answers.length === 1 ? answers[0].desk : ""; // none or two: the reporter chooses
    if (config.closed) closed("closed", text("closed"));
    else if (keyring && desk && !isOpen(keyring, desk)) closed("desk-closed", closedSentence(desk));
    else if (keyring) {
      const thread = {
        secret,
        keyring,
        decoys: new Decoys(),
        desk,
        loadReview: async () => files,
        loadLibrary: () => import("./metadata.js"),
      };
      mountAdding(main, thread);
      mountActs(main, thread);
    } else closed(keyOf(why), sentenceOf(why));
    scrollTo({ top: 0, behavior: "instant" });
    main.querySelector("h1")?.focus({ preventScroll: true });
  }

  button(copy, "open").addEventListener("click", open);
  copy.querySelector("#code")?.addEventListener("keydown", (event) => {
    if (/** @type {KeyboardEvent} */ (event).key === "Enter") open();
  });
  markTyped(copy);
  config.box.replaceChildren(copy);
}

/**
 * Replaces the forms by a sentence: answers can be read, but nothing can be sent.
 *
 * @param {string} key
 * @param {string} sentence why
 */
function closed(key, sentence) {
  const note = document.createElement("p");
  note.setAttribute("data-error", key);
  note.textContent = sentence;
  main.querySelector("[data-part='add']")?.replaceWith(note);
  main.querySelector("[data-part='acts']")?.remove();
}

begin().catch((error) => cannotBegin(error, texts));
