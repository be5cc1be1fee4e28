/**
 * Makes the quick exit empty the page at once and replace it in the history. Without scripts it is a plain link.
 *
 * Rule: small and separate, so that it works when all other scripts fail.
 */
const link = document.querySelector("a.exit");

if (link instanceof HTMLAnchorElement) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const elsewhere = link.href;
    document.title = "";
    document.body.replaceChildren();
    location.replace(elsewhere);
  });
}
