/**
 * Shows how much of a file has been sent, and stops a file that is too large before it is sent.
 *
 * Rule: everything works without this file. It sends the same form to the same address, and shows that answer's page.
 */
const form = document.querySelector("[data-upload]");
if (form instanceof HTMLFormElement) form.addEventListener("submit", send);

/** @param {SubmitEvent} event */
function send(event) {
  const file = form.querySelector("input[type=file]")?.files?.[0];
  if (!file) return;
  event.preventDefault();
  const said = form.querySelector("[data-said]");
  if (file.size > Number(form.dataset.most)) {
    said.textContent = form.dataset.large;
    said.hidden = false;
    return;
  }
  const bar = form.querySelector("progress");
  const button = form.querySelector("button");
  const request = new XMLHttpRequest();
  request.responseType = "document";
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = total ? loaded / total : 0;
    said.textContent = loaded < total ? `${Math.floor((100 * loaded) / total)} %` : form.dataset.checking;
  });
  request.addEventListener("load", () => show(request));
  request.addEventListener("error", failed);
  request.addEventListener("abort", failed);
  request.open("POST", form.action);
  request.send(new FormData(form));
  button.disabled = true;
  bar.hidden = said.hidden = false;

  function failed() {
    said.textContent = form.dataset.failed;
    bar.hidden = true;
    button.disabled = false;
  }
}

/**
 * Opens the page to which the answer led; shows any other answer in the place of this one.
 * @param {XMLHttpRequest} request
 */
function show(request) {
  if (request.status === 200 && request.responseURL && request.responseURL !== form.action) {
    location.assign(request.responseURL);
    return;
  }
  const main = request.responseXML?.querySelector("main");
  if (!main) {
    location.reload();
    return;
  }
  document.querySelector("main").replaceWith(document.adoptNode(main));
  document.querySelector("main").focus();
}
