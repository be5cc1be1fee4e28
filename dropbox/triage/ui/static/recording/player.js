/**
 * Plays a recording on the page of a file: play, seek over its whole length, speed, volume, tracks, still pictures.
 *
 * Rule: without this file the browser's own controls play the recording stretch by stretch. What is played was made
 * anew in the sandbox, and comes from memory (feed.js).
 */
import { Feed } from "./feed.js";

const STEP_SECONDS = 5;

/**
 * @param {number} seconds
 * @returns {string}
 */
function clock(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

class RecordingPlayer extends HTMLElement {
  /** @type {Feed | null} */
  feed = null;
  chosen = { film: "0", suara: "0" };
  isSeeking = false;

  connectedCallback() {
    const media = this.querySelector("video, audio");
    if (!(media instanceof HTMLMediaElement) || !window.MediaSource) return;
    if (!MediaSource.isTypeSupported(this.dataset.mime ?? "")) return;
    this.media = media;
    media.controls = false;
    media.removeAttribute("src");
    for (const one of this.querySelectorAll("[data-controls], [data-bar], [data-track]"))
      /** @type {HTMLElement} */ (one).hidden = false;
    this.querySelector("[data-unscripted]")?.remove();
    for (const image of this.querySelectorAll("img[data-lazy]")) {
      if (!(image instanceof HTMLImageElement)) continue;
      image.addEventListener("error", () => image.remove());
      image.src = image.dataset.lazy ?? "";
    }
    for (const name of ["play", "pause", "timeupdate", "seeking", "ended", "loadeddata"])
      media.addEventListener(name, () => this.show());
    media.addEventListener("waiting", () => this.feed?.leap());
    this.on("[data-play]", "click", () => this.toggle());
    for (const button of this.querySelectorAll("[data-step]"))
      button.addEventListener("click", () => this.step(Number(/** @type {HTMLElement} */ (button).dataset.step)));
    this.on("[data-seek]", "input", (one) => {
      this.isSeeking = true;
      this.say(Number(one.value));
    });
    this.on("[data-seek]", "change", (one) => {
      this.isSeeking = false;
      this.seek(Number(one.value));
    });
    this.on("[data-speed]", "change", (one) => (media.playbackRate = media.defaultPlaybackRate = Number(one.value)));
    this.on("[data-volume]", "input", (one) => (media.volume = Number(one.value)));
    for (const select of this.querySelectorAll("[data-choose]"))
      if (select instanceof HTMLSelectElement) select.addEventListener("change", () => this.choose(select));
    this.on("[data-show-still]", "click", () => this.showStill());
    this.querySelector("[data-track]")?.addEventListener("click", (event) => this.point(event));
    this.addEventListener("keydown", (event) => this.key(event));
    this.show();
    this.dataset.isReady = "";
  }

  disconnectedCallback() {
    this.feed?.close();
    this.feed = null;
  }

  /**
   * @param {string} selector
   * @param {string} event
   * @param {(one: HTMLInputElement) => void} act
   */
  on(selector, event, act) {
    const one = this.querySelector(selector);
    one?.addEventListener(event, () => act(/** @type {HTMLInputElement} */ (one)));
  }

  /** @returns {number} */
  get seconds() {
    return Number(this.dataset.seconds);
  }

  /** @returns {Feed} */
  fed() {
    if (this.feed) return this.feed;
    const base = new URL(this.dataset.stream ?? "", location.href);
    const address = (/** @type {number} */ start) => {
      base.searchParams.set("mulai", start.toFixed(3));
      for (const [name, value] of Object.entries(this.chosen)) base.searchParams.set(name, value);
      return base.href;
    };
    const media = /** @type {HTMLMediaElement} */ (this.media);
    this.feed = new Feed(media, this.dataset.mime ?? "", this.seconds, address, (words) => this.fail(words));
    media.playbackRate = media.defaultPlaybackRate;
    return this.feed;
  }

  toggle() {
    const media = /** @type {HTMLMediaElement} */ (this.media);
    if (!media.paused) {
      media.pause();
      return;
    }
    if (media.ended) this.fed().seek(0);
    else if (!this.feed) this.fed().seek(this.place());
    media.play().catch(() => {});
  }

  /** @param {number} time */
  seek(time) {
    this.fed().seek(Math.min(Math.max(time, 0), Math.max(this.seconds - 0.1, 0)));
    this.show();
  }

  /** @param {number} seconds */
  step(seconds) {
    this.seek(this.place() + seconds);
  }

  /** @returns {number} */
  place() {
    return this.feed ? /** @type {HTMLMediaElement} */ (this.media).currentTime : 0;
  }

  /** @param {Event} event */
  point(event) {
    const box = this.querySelector("[data-track]")?.getBoundingClientRect();
    if (box && event instanceof MouseEvent) this.seek(((event.clientX - box.left) / box.width) * this.seconds);
  }

  /** @param {HTMLSelectElement} select */
  choose(select) {
    const [media, time] = [/** @type {HTMLMediaElement} */ (this.media), this.place()];
    const name = select.dataset.choose === "film" ? "film" : "suara";
    this.chosen[name] = select.value;
    const wave = this.querySelector("img[data-wave]");
    if (name === "suara" && wave instanceof HTMLImageElement) {
      const address = new URL(wave.dataset.lazy ?? "", location.href);
      address.searchParams.set("suara", select.value);
      wave.src = address.href;
    }
    if (!this.feed) return;
    const wasPlaying = !media.paused;
    void this.feed.start(time, true);
    media.currentTime = time;
    if (wasPlaying) media.play().catch(() => {});
  }

  showStill() {
    const picture = this.querySelector("[data-still-picture]");
    const place = this.querySelector("[data-still-place]");
    if (!(picture instanceof HTMLImageElement) || !(place instanceof HTMLElement)) return;
    const address = new URL(this.dataset.still ?? "", location.href);
    address.searchParams.set("mulai", this.place().toFixed(3));
    address.searchParams.set("film", this.chosen.film);
    this.media?.pause();
    place.hidden = false;
    picture.src = address.href;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target !== this && /^(SELECT|INPUT|BUTTON)$/.test(/** @type {Element} */ (event.target).tagName)) return;
    if (event.key === "ArrowLeft") this.step(-STEP_SECONDS);
    else if (event.key === "ArrowRight") this.step(STEP_SECONDS);
    else if (event.key === " ") this.toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {string} words */
  fail(words) {
    const said = this.querySelector("[data-said]");
    if (!(said instanceof HTMLElement)) return;
    said.textContent = (words === "locked" ? said.dataset.locked : words || said.dataset.failed) ?? "";
    said.hidden = false;
    this.media?.pause();
  }

  show() {
    const button = this.querySelector("[data-play]");
    if (button instanceof HTMLElement && this.media)
      button.textContent = (this.media.paused ? button.dataset.paused : button.dataset.playing) ?? "";
    if (!this.isSeeking) this.say(this.place());
  }

  /** @param {number} time */
  say(time) {
    const [bar, output] = [this.querySelector("[data-seek]"), this.querySelector("[data-time]")];
    if (bar instanceof HTMLInputElement) {
      if (!this.isSeeking) bar.value = String(time);
      bar.setAttribute("aria-valuetext", clock(time));
    }
    if (output) output.textContent = `${clock(time)} / ${clock(this.seconds)}`;
    const needle = this.querySelector("[data-needle]");
    if (needle instanceof HTMLElement) needle.style.left = `${(100 * time) / Math.max(this.seconds, 0.1)}%`;
  }
}

customElements.define("recording-player", RecordingPlayer);
