/**
 * The quick exit: empties the page at once, and takes its place in the history. Without scripts it is a plain link.
 *
 * Rule: small and alone, so that it works when all other scripts fail.
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
