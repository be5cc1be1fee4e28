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

/** @typedef {() => Promise<typeof import("../entry/regencies.js")>} LoadRegencies */

/**
 * @param {ParentNode} form
 * @param {LoadRegencies} [load] is called when somebody is about to type; without it the list is in the document, each
 *   province's first name marked with it
 */
export function fillProvince(form, load) {
  const regency = form.querySelector("[data-kind='kabkota']");
  const province = form.querySelector("[data-kind='province']");
  if (!(regency instanceof HTMLInputElement) || !(province instanceof HTMLSelectElement)) return;
  /** @type {Promise<void> | undefined} */
  let coming;
  const fetchList = async () => {
    const script = await load?.().catch(() => null); // without the list any name can be typed
    if (script) regency.after(Object.assign(script.listRegencies(), { id: regency.getAttribute("list") }));
    else coming = undefined; // asked for again
  };
  regency.addEventListener("focus", () => {
    if (!regency.list) coming ??= fetchList();
  });
  regency.addEventListener("change", async () => {
    await coming;
    if (province.value) return;
    let code = "";
    for (const option of regency.list?.options ?? []) {
      code = option.dataset.province ?? code;
      if (plain(option.value) === plain(regency.value)) province.value = code;
    }
  });
}
