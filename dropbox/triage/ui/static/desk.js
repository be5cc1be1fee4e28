/**
 * Adds keyboard shortcuts for officers who sort many reports, and hides the page once the session has locked.
 *
 * Rule: everything works without this file. It changes nothing by itself; its only request asks whether the session is
 * unlocked, and says whether somebody typed.
 */
const LOOK_MS = 20_000;

/** @returns {boolean} whether somebody is typing */
const isTyping = () => document.activeElement?.matches("input:not([type=checkbox]), textarea, select") ?? false;

const rows = () => Array.from(document.querySelectorAll("[data-row] a[data-open]"));

/** @param {number} step */
function moveTo(step) {
  const all = rows();
  const at = all.indexOf(/** @type {Element} */ (document.activeElement));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  if (next instanceof HTMLElement) next.focus();
}

/** @param {string} name */
function jump(name) {
  const target = document.querySelector(`[data-jump="${name}"]`);
  if (!(target instanceof HTMLElement)) return;
  target.closest("details")?.setAttribute("open", "");
  if (target instanceof HTMLAnchorElement) target.click();
  else target.focus();
}

const picks = () => Array.from(/** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-pick]")));

/**
 * @param {HTMLInputElement[]} boxes
 * @param {boolean} chosen
 */
function choose(boxes, chosen) {
  for (const box of boxes) box.checked = chosen;
  showChosen();
}

/** Chooses the row that has the focus, or gives it back. */
function pickRow() {
  const row = document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row]");
  const box = row?.querySelector("[data-pick]");
  if (box instanceof HTMLInputElement) choose([box], !box.checked);
}

/** Shows what can be done with the chosen rows, while there are any. */
function showChosen() {
  const form = document.querySelector("[data-several]");
  const all = document.querySelector("[data-all]");
  const boxes = picks();
  const count = boxes.filter((box) => box.checked).length;
  if (form instanceof HTMLElement) {
    form.hidden = count === 0;
    const output = form.querySelector("[data-chosen]");
    if (output) output.textContent = String(count);
  }
  if (all instanceof HTMLInputElement) all.checked = count > 0 && count === boxes.length;
}

/** @param {string} name  of a field for the chosen rows; with no row chosen, for the one that has the focus */
function forChosen(name) {
  if (document.querySelector("[data-several]") && !picks().some((box) => box.checked)) pickRow();
  jump(name);
}

/** @type {Record<string, () => void>} */
const KEYS = {
  j: () => moveTo(1),
  k: () => moveTo(-1),
  a: () => jump("answer"),
  n: () => jump("note"),
  c: () => jump("classify"),
  d: () => forChosen("assign"),
  r: () => forChosen("refuse"),
  t: () => forChosen("tag"),
  x: pickRow,
  X: () => choose(picks(), !picks().every((box) => box.checked)),
  s: () => jump("sort"),
  f: () => jump("filter"),
  "]": () => jump("next"),
  "[": () => jump("previous"),
  "/": () => document.getElementById("q")?.focus(),
  "?": () => /** @type {HTMLDialogElement | null} */ (document.getElementById("keys"))?.showModal(),
};

let going = false;
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey) {
    /** @type {HTMLElement | null} */ (document.activeElement)?.closest("form")?.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping()) return;
  if (going) {
    going = false;
    const key = CSS.escape(event.key);
    const link = document.querySelector(`.side a[data-key="${key}"], .lock [data-key="${key}"]`);
    if (link instanceof HTMLElement) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  const shortcut = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (event.key === "g") going = true;
  else if (shortcut instanceof HTMLElement) shortcut.click();
  else if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

if (document.querySelector("[data-several]")) {
  const all = document.querySelector("[data-all]");
  if (all instanceof HTMLInputElement) {
    all.hidden = false;
    all.addEventListener("change", () => choose(picks(), all.checked));
  }
  for (const box of picks()) box.addEventListener("change", showChosen);
  showChosen();
}

// One key chooses the office of a new case; Enter sends the form.
const sorting = document.querySelector("[data-sorting]");
if (sorting instanceof HTMLFormElement) {
  sorting.addEventListener("keydown", (event) => {
    const at = event.target;
    if (!(at instanceof HTMLInputElement) || at.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey)
      return;
    const wanted = sorting.querySelector(`[data-letter="${CSS.escape(event.key)}"]`);
    if (!(wanted instanceof HTMLInputElement)) return;
    event.preventDefault();
    wanted.checked = true;
    wanted.focus();
  });
}

const template = document.getElementById("locked");
if (document.body.dataset.idleMinutes && template instanceof HTMLTemplateElement) {
  let hasTyped = false; // writing a long answer sends nothing, but is activity
  document.addEventListener("input", () => {
    hasTyped = true;
  });
  const timer = setInterval(async () => {
    const address = hasTyped ? "/keadaan?kerja=1" : "/keadaan";
    hasTyped = false;
    const answer = await fetch(address, { cache: "no-store" }).catch(() => null);
    if (answer && answer.ok && (await answer.text()) === "1") return;
    clearInterval(timer);
    document.querySelector("main")?.replaceChildren(document.importNode(template.content, true));
    document.querySelector(".side")?.remove();
  }, LOOK_MS);
}

// Focuses the news of the page; the result of an act has the focus already, by the address (#kabar).
const news = document.querySelector(".fault[role=alert], [data-imported], [data-published]");
if (news instanceof HTMLElement && !document.querySelector("[autofocus]")) {
  news.tabIndex = -1;
  news.focus();
}

// The button only opens the browser's own printing.
// The class of a printed page, such as RAHASIA, is on each sheet (desk.css, @page).
for (const mark of document.querySelectorAll("[data-print-class]")) {
  document.documentElement.style.setProperty("--print-class", JSON.stringify(mark.textContent));
}

for (const button of document.querySelectorAll("button[data-print]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Puts a phrase into the message, unless the officer has typed something there.
const phrases = document.querySelector("[data-phrases]");
if (phrases instanceof HTMLSelectElement) {
  const text = /** @type {HTMLTextAreaElement} */ (document.getElementById("text"));
  const status = /** @type {HTMLSelectElement} */ (document.getElementById("status"));
  let last = "";
  const offer = () => {
    for (const option of Array.from(phrases.options)) {
      option.hidden = Boolean(option.dataset.status) && option.dataset.status !== status.value;
    }
  };
  const put = () => {
    const chosen = phrases.selectedOptions[0]?.dataset.text ?? "";
    if (chosen && (!text.value.trim() || text.value === last)) text.value = last = chosen;
  };
  phrases.addEventListener("change", put);
  status.addEventListener("change", () => {
    offer();
    const first = Array.from(phrases.options).find((option) => option.dataset.status === status.value);
    phrases.value = first?.value ?? "";
    put();
  });
  offer();
}
