// What is looked at: a range of time, a moment, a lane. Who draws listens.

/** Nothing shorter is zoomed into. */
const SHORTEST = 2_000;

class View {
  constructor(end) {
    this.end = Math.max(end, SHORTEST);
    [this.from, this.until] = [0, this.end];
    this.hover = null;
    this.cursor = null;
    this.lane = -1;
    /** The finding that is told of. */
    this.finding = null;
    /** The columns of time, of the timeline and of the charts below it. */
    this.box = { left: 0, right: 1 };
    this.waiting = false;
    this.listeners = [];
  }

  listen(draw) {
    this.listeners.push(draw);
  }

  /** Draws once before the next picture of the screen, however often it is asked. */
  changed() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  draw() {
    for (const draw of this.listeners) draw();
  }

  show(from, until) {
    const length = Math.min(Math.max(until - from, SHORTEST), this.end);
    this.from = Math.min(Math.max(from, 0), this.end - length);
    this.until = this.from + length;
    this.changed();
  }

  all() {
    this.show(0, this.end);
  }

  /** Looks closer by a factor; what is at `at` stays where it is. */
  zoom(factor, at = this.cursor ?? (this.from + this.until) / 2) {
    const fixed = Math.min(Math.max(at, this.from), this.until);
    const length = Math.min(Math.max((this.until - this.from) / factor, SHORTEST), this.end);
    const share = (fixed - this.from) / (this.until - this.from);
    this.show(fixed - share * length, fixed + (1 - share) * length);
  }

  /** Moves by a share of what is seen. */
  pan(share) {
    const length = this.until - this.from;
    this.show(this.from + share * length, this.until + share * length);
  }

  /** A stretch with what is around it. */
  focus(from, until) {
    const around = Math.max((until - from) * 0.6, SECOND);
    this.show(from - around, until + around);
  }

  /** A moment that must be seen. */
  reveal(at) {
    const length = this.until - this.from;
    if (at < this.from + 0.05 * length || at > this.until - 0.05 * length) this.show(at - 0.3 * length, at + 0.7 * length);
  }

  /** The column of a moment. */
  x(at, box = this.box) {
    return box.left + ((at - this.from) / (this.until - this.from)) * (box.right - box.left);
  }

  /** The moment of a column. */
  time(x, box = this.box) {
    const share = Math.min(Math.max((x - box.left) / (box.right - box.left), 0), 1);
    return this.from + share * (this.until - this.from);
  }
}

/** The columns of time in so many pixels. */
function boxOf(width) {
  return { left: width < 700 ? 104 : 190, right: width - 14 };
}

/** A canvas as sharp as the screen; its pen draws in pixels of the page. */
function prepare(canvas, width, height) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const [across, down] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

/** Where more steps than these are seen, those that crowd together are one line. */
const MANY_STEPS = 40;

/** The steps that are seen; those of one word that crowd together stand behind the first of them. */
function stepsTogether(view, steps, box) {
  const found = [];
  for (const [at, label] of steps) {
    const x = view.x(at, box);
    if (x < box.left - 1 || x > box.right + 1) continue;
    const word = label.split(" ")[0];
    const alike = found.findLast((other) => other.word === word && x - other.x < 60);
    if (alike) alike.more += 1;
    else found.push({ x, word, label, more: 0 });
  }
  return found;
}

/** The steps of the timeline as dashed lines, one a column. */
function drawSteps(pen, view, steps, box, top, bottom) {
  const inside = (x) => x >= box.left && x <= box.right;
  let seen = [...new Set(steps.map(([at]) => Math.round(view.x(at, box))))].filter(inside);
  if (seen.length > MANY_STEPS) seen = stepsTogether(view, steps, box).map((step) => Math.round(step.x)).filter(inside);
  pen.strokeStyle = shades.step;
  pen.lineWidth = 1;
  pen.setLineDash([3, 3]);
  pen.beginPath();
  for (const x of seen) {
    pen.moveTo(x + 0.5, top);
    pen.lineTo(x + 0.5, bottom);
  }
  pen.stroke();
  pen.setLineDash([]);
}

const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";

/** A text that fits, its end kept where `end` is asked: the number of a queue says more than the topic's first letters. */
function fitting(pen, text, width, keepEnd = false) {
  if (pen.measureText(text).width <= width) return text;
  const letters = [...text];
  let [low, high] = [0, letters.length];
  const cut = (count) => (keepEnd ? `…${letters.slice(letters.length - count).join("")}` : `${letters.slice(0, count).join("")}…`);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pen.measureText(cut(middle)).width <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? "" : cut(low);
}
