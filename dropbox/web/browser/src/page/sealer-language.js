/**
 * Puts the chosen language of the offline sealer into the page, before any other module reads the page.
 *
 * Rule: the choice is kept after the # of the address and nowhere else; it is made before anything is typed.
 */
const lang = location.hash === "#en" ? "en" : "id";
const chosen = /** @type {HTMLTemplateElement} */ (document.getElementById(`lang-${lang}`));
document.body.prepend(document.importNode(chosen.content, true));
for (const template of document.querySelectorAll("template[id^='lang-']")) template.remove();
document.documentElement.lang = lang;
document.querySelector("a.language")?.addEventListener("click", (event) => {
  event.preventDefault();
  location.hash = lang === "en" ? "#id" : "#en";
  location.reload();
});
