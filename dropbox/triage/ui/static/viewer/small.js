/**
 * Shows the small pictures of a case's files as soon as they are drawn.
 *
 * Rule: it asks only while pictures are missing that the browser has asked for; its questions keep no desk open.
 */
const ASK_MS = 1000;

const address = document.querySelector("[data-small-states]")?.getAttribute("data-small-states") ?? "";
/** @type {Set<HTMLImageElement>} */
const missing = new Set();
let isAsking = false;

async function ask() {
  if (isAsking) return;
  isAsking = true;
  while (missing.size) {
    await new Promise((done) => setTimeout(done, ASK_MS));
    const answer = await fetch(address, { headers: { "X-Quiet": "1" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) break;
    const ready = new Set(await answer.json());
    for (const picture of missing) {
      if (!ready.has(Number(picture.dataset.small))) continue;
      missing.delete(picture);
      picture.src = `${picture.src.split("?")[0]}?siap=1`;
    }
  }
  isAsking = false;
}

for (const picture of /** @type {NodeListOf<HTMLImageElement>} */ (document.querySelectorAll("img[data-small]"))) {
  if ("ready" in picture.dataset) continue;
  const wait = () => {
    missing.add(picture);
    void ask();
  };
  if (picture.complete && picture.naturalWidth) wait();
  else picture.addEventListener("load", wait, { once: true });
}
