/**
 * Shows beside a form what reporters will read if it is sent, while the officer fills it in; a digit chooses a
 * template.
 *
 * Rule: without this file a button shows the same on a page of its own. A form is sent only as it was shown: what
 * changed since the last look is looked at first.
 */
const PAUSE_MS = 250;

/** @param {HTMLFormElement} form */
function follow(form) {
  const place = /** @type {HTMLElement} */ (form.querySelector("[data-look]"));
  const seen = /** @type {HTMLInputElement} */ (form.elements.namedItem("seen"));
  let timer = 0;
  let asked = 0;
  let isShown = false; // what the form holds now
  place.dataset.state = "idle";
  const look = async () => {
    clearTimeout(timer);
    asked += 1;
    const mine = asked;
    const filled = new FormData(form);
    filled.set("preview", "part");
    const body = form.enctype === "multipart/form-data" ? filled : new URLSearchParams();
    if (body !== filled) for (const [name, value] of filled) if (typeof value === "string") body.append(name, value);
    const answer = await fetch(form.action, { method: "POST", body, cache: "no-store" }).catch(() => null);
    if (mine !== asked) return; // the form has changed since
    if (!answer || !answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asked) return;
    place.replaceChildren(...Array.from(page.body.childNodes));
    const shown = place.querySelector("[data-seen]");
    seen.value = shown instanceof HTMLElement ? (shown.dataset.seen ?? "") : "";
    isShown = true;
    place.dataset.state = "shown";
  };
  /** @param {number} pause */
  const changed = (pause) => {
    isShown = false;
    asked += 1;
    place.dataset.state = "waiting";
    clearTimeout(timer);
    timer = setTimeout(look, pause);
  };
  form.addEventListener("input", () => changed(PAUSE_MS));
  form.addEventListener("change", () => changed(0));
  form.addEventListener("look", () => changed(0));
  form.addEventListener("focusin", () => {
    if (place.dataset.state === "idle") changed(0);
  });
  form.addEventListener("submit", async (event) => {
    if (isShown) return;
    event.preventDefault();
    const before = seen.value;
    await look();
    if (isShown && before && seen.value === before) form.requestSubmit();
  });
  for (const button of Array.from(form.querySelectorAll("[data-without-script]"))) button.remove();
  if ("lookEarly" in form.dataset) look(); // what it tells does not depend on what is typed
}

for (const form of Array.from(document.querySelectorAll("form[data-look-form]"))) {
  if (form instanceof HTMLFormElement) follow(form);
}

const answer = document.querySelector("form[data-answer-form]");
const templates = document.getElementById("phrase");
const status = document.getElementById("status");
const text = document.getElementById("text");

/** @param {string} digit */
function choose(digit) {
  const option = document.querySelector(`#phrase option[data-digit="${digit}"]`);
  const isThere = option instanceof HTMLOptionElement && templates instanceof HTMLSelectElement;
  if (!isThere || !(status instanceof HTMLSelectElement) || !(text instanceof HTMLTextAreaElement)) return;
  const code = option.dataset.status ?? "";
  if (code && Array.from(status.options).some((one) => one.value === code)) status.value = code;
  status.dispatchEvent(new Event("change", { bubbles: true })); // desk.js offers the status' templates
  templates.value = option.value;
  text.value = option.dataset.text ?? "";
  const needsQuestion = code === "BUTUH_INFO" && !text.value.includes("?");
  const send = answer?.querySelector("button.main");
  if (needsQuestion) text.focus();
  else if (send instanceof HTMLElement) send.focus();
  answer?.dispatchEvent(new Event("look"));
}

document.addEventListener("keydown", (event) => {
  const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
  if (isTyping || event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
  event.preventDefault();
  choose(event.key);
});
