// The axis of time above the rows, with the steps of the timeline and the measured window.

const STEP_LANE = 16;
const MOST_LANES = 4;

class Axis {
  constructor(run, view) {
    Object.assign(this, { run, view });
    this.canvas = element("canvas", { class: "axis-canvas", "aria-hidden": "true" });
    view.listen(() => this.draw());
  }

  draw() {
    const width = this.canvas.parentElement.clientWidth;
    if (width === 0) return;
    const { box } = this.view;
    const measure = this.canvas.getContext("2d");
    measure.font = `12px ${FONT}`;
    const { labels, lanes } = this.labels(measure, box);
    const height = lanes * STEP_LANE + 22;
    const pen = prepare(this.canvas, width, height);
    pen.textBaseline = "middle";
    this.drawWindow(pen, box, height);
    this.drawTicks(pen, box, height);
    pen.font = `12px ${FONT}`;
    pen.fillStyle = shades.step;
    for (const [at] of this.run.steps) {
      const x = this.view.x(at, box);
      if (x >= box.left && x <= box.right) pen.fillRect(Math.round(x), height - 7, 1, 7);
    }
    for (const { x, lane } of labels) pen.fillRect(Math.round(x), lane * STEP_LANE + 3, 1, height - lane * STEP_LANE - 3);
    for (const label of labels) {
      // A sheet below the words: the lines of steps above go through here.
      const width = pen.measureText(label.text).width;
      pen.fillStyle = shades.paper;
      pen.fillRect(label.toLeft ? label.x - 6 - width : label.x + 2, label.lane * STEP_LANE + 1, width + 4, STEP_LANE - 2);
      pen.textAlign = label.toLeft ? "right" : "left";
      pen.fillStyle = shades.ink;
      pen.fillText(label.text, label.x + (label.toLeft ? -4 : 4), label.lane * STEP_LANE + STEP_LANE / 2);
    }
  }

  drawWindow(pen, box, height) {
    const [window] = this.run.windows;
    if (!window) return;
    const left = Math.max(box.left, this.view.x(window[1], box));
    const right = Math.min(box.right, this.view.x(window[2], box));
    if (right <= left) return;
    pen.fillStyle = shades.step;
    pen.fillRect(left, height - 3, right - left, 3);
  }

  drawTicks(pen, box, height) {
    const { step, at } = ticks(this.view.from, this.view.until, (box.right - box.left) / 90);
    pen.font = `11px ${FONT}`;
    pen.textAlign = "center";
    for (const tick of at) {
      const x = this.view.x(tick, box);
      pen.fillStyle = shades.faint;
      pen.fillRect(Math.round(x), height - 6, 1, 6);
      pen.fillText(tickLabel(tick, step), x, height - 13);
    }
  }

  /** Labels in lanes, so that none covers another. */
  labels(pen, box) {
    const ends = [];
    const labels = [];
    for (const { x, label, more } of stepsTogether(this.view, this.run.steps, box)) {
      const text = fitting(pen, more ? `${label} and ${more} more` : label, 260);
      const width = pen.measureText(text).width + 12;
      const toLeft = x + width > box.right + 10 && x - width > 0;
      const [from, until] = toLeft ? [x - width, x] : [x, x + width];
      let lane = ends.findIndex((end) => end <= from);
      if (lane < 0 && ends.length < MOST_LANES) lane = ends.push(0) - 1;
      if (lane < 0) continue;
      ends[lane] = until;
      labels.push({ x, text, lane, toLeft });
    }
    return { labels, lanes: ends.length };
  }
}
