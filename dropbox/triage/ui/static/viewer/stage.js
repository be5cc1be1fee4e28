/**
 * Shows a page's picture larger, smaller and turned, and lets it be dragged; draws it finer when it is enlarged.
 *
 * Rule: only the view changes, nothing is stored. Sizes are set as properties, which the page's policy allows.
 */
const STEP = 1.25;
const LEAST = 0.1;
const MOST = 8;
const FITTED_MOST = 2; // a stamp-sized picture is not blown up to the width of the screen by itself
const MARGIN = 2; // pixels of the frame, so that a picture as wide as the stage needs no scroll bar
const LARGE_SIDE = 1600; // pixels: a smaller picture has nothing finer
const ASK_MS = 300;

/** How one file is looked at; it stays while pages turn. */
export class View {
  /** @type {"width" | "whole" | number} */
  zoom = "width";
  turned = 0;
}

export class Stage {
  /**
   * @param {HTMLElement} stage
   * @param {View} view
   * @param {(zoom: string) => void} say
   */
  constructor(stage, view, say) {
    this.stage = stage;
    this.view = view;
    this.say = say;
    this.sheet = /** @type {HTMLElement} */ (stage.querySelector("[data-sheet]"));
    this.picture = /** @type {HTMLImageElement} */ (stage.querySelector("[data-picture]"));
    this.base = { width: 0, height: 0 };
    this.isFiner = false;
    this.isOver = false;
    const begin = () => {
      if (this.isOver || this.base.width) return;
      this.base = { width: this.picture.naturalWidth, height: this.picture.naturalHeight };
      stage.classList.add("live");
      this.apply();
    };
    if (this.picture.complete && this.picture.naturalWidth) begin();
    else this.picture.addEventListener("load", begin, { once: true });
    this.watcher = new ResizeObserver(() => this.apply());
    this.watcher.observe(stage);
    this.#letDrag();
    stage.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        this.larger(event.deltaY < 0 ? STEP : 1 / STEP);
      },
      { passive: false },
    );
  }

  /** Ends it; another stage takes its place. */
  close() {
    this.isOver = true;
    this.watcher.disconnect();
  }

  /** @returns {{ width: number, height: number }} of the turned picture at 100 % */
  get #size() {
    const { width, height } = this.base;
    return this.view.turned % 180 ? { width: height, height: width } : { width, height };
  }

  /** @returns {number} screen pixels for a pixel of the picture */
  get scale() {
    const { width, height } = this.#size;
    const across = Math.min((this.stage.clientWidth - MARGIN) / width, FITTED_MOST);
    if (this.view.zoom === "width") return across;
    if (this.view.zoom === "whole") return Math.min(across, (this.stage.clientHeight - MARGIN) / height);
    return this.view.zoom;
  }

  /** @param {number} factor */
  larger(factor = STEP) {
    this.zoomTo(Math.min(Math.max(this.scale * factor, LEAST), MOST));
  }

  smaller() {
    this.larger(1 / STEP);
  }

  /** @param {"width" | "whole" | number} zoom */
  zoomTo(zoom) {
    const { stage } = this;
    const middle = [
      (stage.scrollLeft + stage.clientWidth / 2) / stage.scrollWidth,
      (stage.scrollTop + stage.clientHeight / 2) / stage.scrollHeight,
    ];
    this.view.zoom = zoom;
    this.apply();
    stage.scrollLeft = middle[0] * stage.scrollWidth - stage.clientWidth / 2;
    stage.scrollTop = middle[1] * stage.scrollHeight - stage.clientHeight / 2;
  }

  /** @param {number} degrees */
  turn(degrees) {
    this.view.turned = (this.view.turned + degrees + 360) % 360;
    this.apply();
  }

  /** @returns {boolean} whether a part of the picture is beyond the left or right edge */
  get isWider() {
    return this.stage.scrollWidth > this.stage.clientWidth + 1;
  }

  apply() {
    if (!this.base.width || this.isOver) return;
    const { scale } = this;
    if (!(scale > 0)) return;
    const [width, height] = [this.base.width * scale, this.base.height * scale];
    const { style } = this.picture;
    style.width = `${width}px`;
    style.height = `${height}px`;
    style.transform = [
      "none",
      `translateX(${height}px) rotate(90deg)`,
      `translate(${width}px, ${height}px) rotate(180deg)`,
      `translateY(${width}px) rotate(270deg)`,
    ][this.view.turned / 90];
    const isAcross = this.view.turned % 180 !== 0;
    this.sheet.style.width = `${isAcross ? height : width}px`;
    this.sheet.style.height = `${isAcross ? width : height}px`;
    this.say(`${Math.round(100 * scale)} %`);
    if (scale * window.devicePixelRatio > 1) void this.#drawFiner();
  }

  async #drawFiner() {
    const { large, largeState } = this.stage.dataset;
    if (this.isFiner || !large || !largeState || Math.max(this.base.width, this.base.height) < LARGE_SIDE) return;
    this.isFiner = true;
    while (!this.isOver) {
      const answer = await fetch(largeState, { headers: { "X-Quiet": "1" } }).catch(() => null);
      if (!answer?.ok || answer.redirected) return;
      const state = await answer.json();
      if (state.is_drawn) {
        if (state.has_picture && !this.isOver) this.picture.src = large;
        return;
      }
      await new Promise((done) => setTimeout(done, ASK_MS));
    }
  }

  #letDrag() {
    const { stage } = this;
    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      const from = { x: event.clientX + stage.scrollLeft, y: event.clientY + stage.scrollTop };
      /** @param {PointerEvent} now */
      const move = (now) => {
        stage.scrollLeft = from.x - now.clientX;
        stage.scrollTop = from.y - now.clientY;
      };
      const end = () => {
        stage.classList.remove("held");
        stage.removeEventListener("pointermove", move);
      };
      stage.setPointerCapture(event.pointerId);
      stage.classList.add("held");
      stage.addEventListener("pointermove", move);
      stage.addEventListener("pointerup", end, { once: true });
      stage.addEventListener("pointercancel", end, { once: true });
    });
  }
}
