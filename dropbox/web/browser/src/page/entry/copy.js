/**
 * Adds the button "Copy the address". Without a script the address can be selected by hand.
 *
 * Rule: it copies what the page shows, and says whether it did.
 */
const button = document.querySelector("button[data-copy]");
const source = document.querySelector("[data-address]");
const outcome = document.querySelector("[data-copied]");

if (button instanceof HTMLButtonElement && source && outcome instanceof HTMLElement) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    outcome.textContent = "";
    outcome.textContent = (await copied(source)) ? (outcome.dataset.copied ?? "") : (outcome.dataset.selected ?? "");
  });
}

/**
 * @param {Element} element
 * @returns {Promise<boolean>} whether its text is in the clipboard; else it is selected
 */
async function copied(element) {
  getSelection()?.selectAllChildren(element);
  try {
    await navigator.clipboard.writeText((element.textContent ?? "").trim());
    return true;
  } catch {
    return document.execCommand("copy"); // where the page is not a secure context
  }
}
