// Charts below the timeline, with its columns of time: a value holds until the next.

const CHART_HEIGHT = 110;
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

class Charts {
  constructor(run, view) {
    Object.assign(this, { run, view });
    this.charts = run.panels.map((panel) => this.chart(panel));
    this.element = element("div", { class: "charts" }, this.charts.map((chart) => chart.element));
    view.listen(() => this.draw());
  }

  chart(panel) {
    const canvas = element("canvas", { role: "img", "aria-label": `${panel.title}: ${panel.lines.map((line) => line.name).join(", ")} over time` });
    const values = panel.lines.map(() => element("b", {}));
    const names = panel.lines.map((line, number) => {
      const swatch = element("canvas", { class: "swatch", "aria-hidden": "true" });
      return { item: element("span", { class: "entry" }, swatch, `${line.name} `, values[number]), swatch, number };
    });
    const title = element("div", { class: "chart-title" }, element("h3", {}, panel.title, panel.unit === "us" ? element("span", { class: "hint" }, " (each line is ten times the one below)") : null), element("span", { class: "legend" }, names.map((each) => each.item)));
    return { panel, canvas, values, names, element: element("figure", { class: "chart" }, title, canvas) };
  }

  draw() {
    const width = this.element.clientWidth;
    if (width === 0) return;
    for (const chart of this.charts) this.drawChart(chart, width);
    this.say();
  }

  drawChart({ panel, canvas, names }, width) {
    const pen = prepare(canvas, width, CHART_HEIGHT);
    const box = { ...this.view.box, top: 6, bottom: CHART_HEIGHT - 8 };
    const parts = panel.lines.map((line) => this.visible(line));
    const scale = scaleFor(panel.unit, ceiling(Math.max(1, ...parts.map((part) => part.most)), panel.unit));
    this.drawGrid(pen, box, scale);
    // The most important line comes last, over the others.
    for (const part of parts.toReversed()) this.drawLine(pen, box, scale, part, parts.indexOf(part));
    for (const { swatch, number } of names) drawSwatch(swatch, number);
  }

  /** The points that are seen, from the one before the left edge on. */
  visible(line) {
    const first = Math.max(0, lastNotAfter(line.at, this.view.from));
    const last = lastNotAfter(line.at, this.view.until);
    let most = 0;
    for (let each = first; each <= last; each += 1) most = Math.max(most, line.value[each]);
    return { line, first, last, most };
  }

  drawGrid(pen, box, { share, marks, say }) {
    const { at } = ticks(this.view.from, this.view.until, (box.right - box.left) / 90);
    pen.fillStyle = shades.grid;
    for (const tick of at) pen.fillRect(Math.round(this.view.x(tick, box)), box.top, 1, box.bottom - box.top);
    pen.font = `11px ${FONT}`;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const mark of marks) {
      const y = Math.round(box.bottom - share(mark) * (box.bottom - box.top));
      pen.fillStyle = shades.grid;
      pen.fillRect(box.left, y, box.right - box.left, 1);
      pen.fillStyle = shades.faint;
      pen.fillText(say(mark), box.left - 8, y);
    }
    drawSteps(pen, this.view, this.run.steps, box, box.top, box.bottom);
  }

  /** Steps as one stroke; what lies within a column of pixels is drawn from its least to its most. */
  drawLine(pen, box, { share }, { line, first, last }, number) {
    if (last < 0) return;
    const y = (value) => box.bottom - share(value) * (box.bottom - box.top);
    const x = (each) => Math.min(Math.max(this.view.x(line.at[each], box), box.left), box.right);
    pen.strokeStyle = shades[`line-${number % 4}`];
    pen.lineWidth = 1.75;
    pen.lineJoin = "round";
    pen.setLineDash(DASHES[number % 4]);
    pen.beginPath();
    let isDown = false;
    for (let each = first; each <= last; each += 1) {
      const value = line.value[each];
      // Below zero there is no value: the line ends, and begins where the next one is.
      if (value >= 0) {
        pen[isDown ? "lineTo" : "moveTo"](x(each), y(value));
        pen.lineTo(each < last ? x(each + 1) : box.right, y(value));
      }
      isDown = value >= 0;
    }
    pen.stroke();
    pen.setLineDash([]);
  }

  /** The values of the moment that is pointed at, else of the cursor. */
  say() {
    const at = this.view.hover ?? this.view.cursor;
    for (const { panel, values } of this.charts) {
      panel.lines.forEach((line, number) => {
        const place = at === null ? -1 : lastNotAfter(line.at, at);
        values[number].textContent = place < 0 ? "" : valueOf(line.value[place], panel.unit);
      });
    }
  }
}

function drawSwatch(canvas, number) {
  const pen = prepare(canvas, 26, 10);
  pen.strokeStyle = shades[`line-${number % 4}`];
  pen.lineWidth = 2.5;
  pen.setLineDash(DASHES[number % 4]);
  pen.beginPath();
  pen.moveTo(0, 5);
  pen.lineTo(26, 5);
  pen.stroke();
}

function valueOf(value, unit) {
  if (value < 0) return "none";
  return unit === "us" ? span(value) : grouped(value);
}

/** Where a value stands between bottom and top, and which values are marked: of lengths of time each ten times the one below. */
function scaleFor(unit, most) {
  if (unit !== "us") {
    const marks = [0, most / 2, most].filter(Number.isInteger);
    return { share: (value) => value / most, marks, say: grouped };
  }
  const share = (value) => Math.log(Math.max(value, 1_000) / 1_000) / Math.log(most / 1_000);
  const marks = [1_000];
  while (marks.at(-1) * 10 <= most) marks.push(marks.at(-1) * 10);
  return { share, marks, say: (mark) => (mark === 1_000 ? "≤ 1ms" : span(mark)) };
}

/** The next round number, or length of time. */
function ceiling(value, unit) {
  if (unit === "us") return STEPS.find((step) => step >= Math.max(value, 10_000)) ?? value;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 6, 8, 10].map((digit) => digit * power).find((round) => round >= value);
}
