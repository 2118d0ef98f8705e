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
    const title = element("div", { class: "chart-title" }, element("h3", {}, panel.title), element("span", { class: "legend" }, names.map((each) => each.item)));
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
    const most = ceiling(Math.max(1, ...parts.map((part) => part.most)));
    this.drawGrid(pen, box, most);
    // The most important line comes last, over the others.
    for (const part of parts.toReversed()) this.drawLine(pen, box, most, part, parts.indexOf(part));
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

  drawGrid(pen, box, most) {
    const { at } = ticks(this.view.from, this.view.until, (box.right - box.left) / 90);
    pen.fillStyle = shades.grid;
    for (const tick of at) pen.fillRect(Math.round(this.view.x(tick, box)), box.top, 1, box.bottom - box.top);
    pen.font = `11px ${FONT}`;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const share of [0, 0.5, 1]) {
      const y = Math.round(box.bottom - share * (box.bottom - box.top));
      pen.fillStyle = shades.grid;
      pen.fillRect(box.left, y, box.right - box.left, 1);
      pen.fillStyle = shades.faint;
      if (Number.isInteger(share * most)) pen.fillText(grouped(share * most), box.left - 8, y);
    }
    drawSteps(pen, this.view, this.run.steps, box, box.top, box.bottom);
  }

  /** Steps as one stroke; what lies within a column of pixels is drawn from its least to its most. */
  drawLine(pen, box, most, { line, first, last }, number) {
    if (last < 0) return;
    const y = (value) => box.bottom - (value / most) * (box.bottom - box.top);
    const x = (each) => Math.min(Math.max(this.view.x(line.at[each], box), box.left), box.right);
    pen.strokeStyle = shades[`line-${number % 4}`];
    pen.lineWidth = 1.75;
    pen.lineJoin = "round";
    pen.setLineDash(DASHES[number % 4]);
    pen.beginPath();
    pen.moveTo(x(first), y(line.value[first]));
    for (let each = first + 1; each <= last; each += 1) {
      pen.lineTo(x(each), y(line.value[each - 1]));
      pen.lineTo(x(each), y(line.value[each]));
    }
    pen.lineTo(box.right, y(line.value[last]));
    pen.stroke();
    pen.setLineDash([]);
  }

  /** The values of the moment that is pointed at, else of the cursor. */
  say() {
    const at = this.view.hover ?? this.view.cursor;
    for (const { panel, values } of this.charts) {
      panel.lines.forEach((line, number) => {
        const place = at === null ? -1 : lastNotAfter(line.at, at);
        values[number].textContent = place < 0 ? "" : grouped(line.value[place]);
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

/** The next round number. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 6, 8, 10].map((digit) => digit * power).find((round) => round >= value);
}
