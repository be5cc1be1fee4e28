/**
 * Adds to the optional questions what needs a script: one more person at a time, and the province of a regency.
 *
 * Rule: it only shows what the form has anyway, and fills in only fields that are still empty.
 */

/**
 * @param {string} name
 * @returns {string} as `regions.regency_code` compares it
 */
const plain = (name) =>
  name
    .toLowerCase()
    .replace(/[^0-9a-z]+/g, " ")
    .trim()
    .replace(/\bkab\b/g, "kabupaten");

/**
 * @param {ParentNode} form
 * @returns {Element[]} the blocks of its further persons
 */
const personsIn = (form) => Array.from(form.querySelectorAll("[data-person]"));

/** @param {ParentNode} form with the blocks of all persons, of which it shows those that were asked for */
export function offerPersons(form) {
  const more = form.querySelector("[data-act='add-person']");
  const waiting = personsIn(form);
  if (!(more instanceof HTMLElement) || !waiting.length) return;
  for (const person of waiting) /** @type {HTMLElement} */ (person).hidden = true;
  more.hidden = false;
  more.addEventListener("click", () => {
    const next = /** @type {HTMLDetailsElement} */ (waiting.shift());
    next.hidden = false;
    next.open = true;
    more.hidden = !waiting.length;
    /** @type {HTMLElement | null} */ (next.querySelector("[name]"))?.focus();
  });
}

/** @param {ParentNode} form whose list of regencies stands in the document, each province's first one marked with it */
export function fillProvince(form) {
  const regency = form.querySelector("[data-kind='kabkota']");
  const province = form.querySelector("[data-kind='province']");
  if (!(regency instanceof HTMLInputElement) || !(province instanceof HTMLSelectElement)) return;
  regency.addEventListener("change", () => {
    if (province.value) return;
    let code = "";
    for (const option of regency.list?.options ?? []) {
      code = option.dataset.province ?? code;
      if (plain(option.value) === plain(regency.value)) province.value = code;
    }
  });
}
