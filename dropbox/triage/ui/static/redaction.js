/**
 * Draws the boxes of a redacted copy on the picture of a page, and keeps them equal to the number fields of the form.
 *
 * Rule: the fields are what is sent; a box on the picture only shows and changes the row that it belongs to.
 */
const FULL = 1000;
const STEP = 5;
const SMALLEST = 4;

/** @typedef {{x: number, y: number, width: number, height: number}} Box in thousandths of the page */
/** @typedef {{row: HTMLTableRowElement, shape: HTMLElement}} Pair */

const SIDES = /** @type {const} */ (["x", "y", "width", "height"]);

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
const within = (value, least, most) => Math.min(Math.max(Math.round(value), least), most);

/**
 * @param {HTMLElement} row
 * @param {string} side
 */
const input = (row, side) => /** @type {HTMLInputElement} */ (row.querySelector(`[name="box-${side}"]`));

/**
 * @param {HTMLTableRowElement} row
 * @returns {Box | null}
 */
function read(row) {
  const [x, y, width, height] = SIDES.map((side) => input(row, side).valueAsNumber);
  return [x, y, width, height].every(Number.isFinite) && width > 0 && height > 0 ? { x, y, width, height } : null;
}

/**
 * @param {HTMLTableRowElement} row
 * @param {Box | null} box
 */
function write(row, box) {
  for (const side of SIDES) input(row, side).value = box ? String(box[side]) : "";
}

/**
 * @param {HTMLElement} stage
 * @param {HTMLTableSectionElement} table
 */
function start(stage, table) {
  /** @type {Pair[]} */
  const pairs = [];

  /** @param {Pair} pair */
  function show({ row, shape }) {
    const box = read(row);
    shape.hidden = !box;
    if (!box) return;
    shape.style.left = `${box.x / 10}%`;
    shape.style.top = `${box.y / 10}%`;
    shape.style.width = `${box.width / 10}%`;
    shape.style.height = `${box.height / 10}%`;
  }

  /**
   * @param {HTMLTableRowElement} row
   * @returns {Pair}
   */
  function pair(row) {
    const shape = document.createElement("div");
    shape.className = "redaction";
    shape.tabIndex = 0;
    shape.setAttribute("role", "group");
    shape.setAttribute("aria-label", `${stage.dataset.box} ${pairs.length + 1}`);
    const corner = document.createElement("span");
    corner.className = "corner";
    shape.append(corner);
    stage.append(shape);
    const made = { row, shape };
    pairs.push(made);
    row.addEventListener("input", () => show(made));
    shape.addEventListener("keydown", (event) => press(event, made));
    shape.addEventListener("pointerdown", (event) => drag(event, made, event.target === corner));
    show(made);
    return made;
  }

  /** A row without a box, a new one if all have one. */
  function free() {
    const empty = pairs.find(({ row }) => SIDES.every((side) => input(row, side).value === ""));
    if (empty) return empty;
    const row = /** @type {HTMLTableRowElement} */ (pairs[0].row.cloneNode(true));
    const number = pairs.length + 1;
    for (const side of SIDES) {
      const field = input(row, side);
      field.setAttribute("aria-label", (field.getAttribute("aria-label") ?? "").replace("1", String(number)));
    }
    write(row, null);
    table.append(row);
    return pair(row);
  }

  /**
   * @param {PointerEvent} event
   * @returns {[number, number]} where the pointer is, in thousandths of the page
   */
  function at(event) {
    const area = stage.getBoundingClientRect();
    return [((event.clientX - area.left) / area.width) * FULL, ((event.clientY - area.top) / area.height) * FULL];
  }

  /**
   * @param {Pair} made
   * @param {Box} box
   */
  function set(made, box) {
    const x = within(box.x, 0, FULL - SMALLEST);
    const y = within(box.y, 0, FULL - SMALLEST);
    const width = within(box.width, SMALLEST, FULL - x);
    const height = within(box.height, SMALLEST, FULL - y);
    write(made.row, { x, y, width, height });
    show(made);
  }

  /**
   * @param {PointerEvent} event
   * @param {(x: number, y: number) => void} move
   */
  function follow(event, move) {
    event.preventDefault();
    event.stopPropagation();
    const pointer = event.pointerId;
    stage.setPointerCapture(pointer);
    const moved = (/** @type {PointerEvent} */ next) => move(...at(next));
    const end = () => {
      stage.removeEventListener("pointermove", moved);
      stage.removeEventListener("pointerup", end);
      stage.removeEventListener("pointercancel", end);
    };
    stage.addEventListener("pointermove", moved);
    stage.addEventListener("pointerup", end);
    stage.addEventListener("pointercancel", end);
  }

  /**
   * @param {PointerEvent} event
   * @param {Pair} made
   * @param {boolean} resizes
   */
  function drag(event, made, resizes) {
    const box = read(made.row);
    if (!box || event.button !== 0) return;
    made.shape.focus();
    const [startX, startY] = at(event);
    follow(event, (x, y) => {
      const [right, down] = [x - startX, y - startY];
      if (resizes) set(made, { ...box, width: box.width + right, height: box.height + down });
      else {
        const moved = { x: within(box.x + right, 0, FULL - box.width), y: within(box.y + down, 0, FULL - box.height) };
        set(made, { ...box, ...moved });
      }
    });
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Pair} made
   */
  function press(event, made) {
    const box = read(made.row);
    if (!box) return;
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    if (event.key === "Delete" || event.key === "Backspace") {
      write(made.row, null);
      show(made);
      stage.focus();
    } else if (event.key in moves) {
      const [right, down] = moves[/** @type {keyof typeof moves} */ (event.key)];
      if (event.shiftKey) set(made, { ...box, width: box.width + right, height: box.height + down });
      else {
        const moved = { x: within(box.x + right, 0, FULL - box.width), y: within(box.y + down, 0, FULL - box.height) };
        set(made, { ...box, ...moved });
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  stage.tabIndex = -1;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [startX, startY] = at(event);
    /** @type {Pair | null} */
    let made = null;
    follow(event, (x, y) => {
      if (!made && Math.max(Math.abs(x - startX), Math.abs(y - startY)) < SMALLEST) return;
      made ??= free();
      const left = Math.max(Math.min(x, startX), 0);
      const top = Math.max(Math.min(y, startY), 0);
      set(made, { x: left, y: top, width: Math.max(x, startX) - left, height: Math.max(y, startY) - top });
    });
  });
  for (const row of table.querySelectorAll("tr")) pair(row);
}

const stage = document.querySelector("[data-stage]");
const table = document.querySelector("[data-boxes] tbody");
if (stage instanceof HTMLElement && table instanceof HTMLTableSectionElement) start(stage, table);

// Puts the selected passage of the text into the list of phrases.
const take = document.querySelector("[data-take-selection]");
const words = document.getElementById("words");
if (take instanceof HTMLButtonElement && words instanceof HTMLTextAreaElement) {
  let selected = "";
  document.addEventListener("selectionchange", () => {
    const now = String(document.getSelection() ?? "")
      .replace(/\s+/g, " ")
      .trim();
    if (now) selected = now;
  });
  take.hidden = false;
  take.addEventListener("click", () => {
    if (selected) words.value = `${words.value.trimEnd()}\n${selected}`.trimStart();
    selected = "";
  });
}
