// How the main figures are spread over many seeds: a histogram each, with the typical, one of a hundred and the worst.

const SPREAD = { width: 394, height: 120, bins: 32 };
const MARKS = ["line-0", "line-1", "line-3"];

function spreadsOf(spreads, show) {
  const constant = spreads.filter((each) => each.values[0] === each.values.at(-1));
  const varied = spreads.filter((each) => !constant.includes(each));
  if (spreads.length === 0) return null;
  const same = constant.map((each) => `${each.name} ${each.marks[0][1]}`).join(", ");
  return element(
    "section", { class: "spreads", "aria-label": "Figures over the seeds" },
    element("h2", {}, "Over the seeds"),
    same ? element("p", { class: "note" }, `the same in every seed: ${same}`) : null,
    element("div", { class: "spread-grid" }, varied.map((each) => spreadOf(each, show))),
  );
}

function spreadOf(spread, show) {
  const said = spread.marks.map(([word, text]) => `${word} ${text}`).join(", ");
  const canvas = element("canvas", { role: "img", "aria-label": `${spread.name}: ${said}` });
  const note = element("span", { class: "note" }, said);
  const legend = element("p", { class: "legend" }, spread.marks.map(([word, text], number) => {
    const colour = spread.marks.length === 2 && number === 1 ? 2 : number;
    return element("span", { class: "entry" }, element("i", { class: `key ${MARKS[colour]}` }), `${word} `, element("b", {}, text));
  }));
  const embedded = data.runs.find((run) => run.seed === spread.worst_seed);
  const worst = embedded
    ? button(`Timeline of seed ${spread.worst_seed}, the worst`, {}, () => show(embedded))
    : fold(`Seed ${spread.worst_seed} is the worst`, {}, command(spread.replay));
  const figure = element("figure", { class: "spread" }, element("h3", {}, `${spread.name}: ${spread.title}`), canvas, legend, worst);
  redraws.push(() => drawSpread(canvas, spread));
  canvas.addEventListener("pointermove", (event) => {
    const bin = binsOf(spread)[binAt(event.offsetX)];
    canvas.title = bin && bin.count > 0 ? `${counted(Math.round(bin.count * scaleOf(spread)), "seed")} with ${amount(spread, bin.from)} to ${amount(spread, bin.until)}` : note.textContent;
  });
  return figure;
}

/** How many seeds a value stands for. */
function scaleOf(spread) {
  return spread.seeds / spread.values.length;
}

function amount(spread, value) {
  if (spread.unit === "us") return span(value);
  return spread.unit === "millionths" ? (value / 1_000_000).toFixed(3) : grouped(value);
}

/** Bins of whole units: a count of 0 stands apart from a count of 1. */
function binsOf(spread) {
  // From zero on, unless all lies so far above it that nothing could be told apart.
  const [first, last] = [spread.values[0], spread.values.at(-1)];
  const least = first > last / 2 ? first : 0;
  const width = Math.max(1, Math.ceil((spread.values.at(-1) - least + 1) / SPREAD.bins));
  const bins = Array.from({ length: SPREAD.bins }, (_, number) => ({ from: least + number * width, until: least + (number + 1) * width - (spread.unit === "us" ? 0 : 1), count: 0 }));
  for (const value of spread.values) bins[Math.floor((value - least) / width)].count += 1;
  while (bins.length > 1 && bins.at(-1).count === 0) bins.pop();
  return bins;
}

function binAt(x) {
  return Math.floor((x - 40) / ((SPREAD.width - 50) / SPREAD.bins));
}

function drawSpread(canvas, spread) {
  const pen = prepare(canvas, SPREAD.width, SPREAD.height);
  const [left, top, bottom] = [40, 6, SPREAD.height - 20];
  const bins = binsOf(spread);
  const tallest = Math.max(...bins.map((bin) => bin.count));
  const wide = (SPREAD.width - 50) / SPREAD.bins;
  pen.font = `11px ${FONT}`;
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  pen.fillStyle = shades.faint;
  pen.fillText(grouped(tallest * scaleOf(spread)), left - 6, top + 5);
  pen.fillText("0", left - 6, bottom);
  pen.fillStyle = shades.grid;
  pen.fillRect(left, bottom, SPREAD.width - 50, 1);
  bins.forEach((bin, number) => {
    const high = (bin.count / tallest) * (bottom - top);
    pen.fillStyle = shades.dead;
    if (bin.count > 0) pen.fillRect(left + number * wide + 0.5, bottom - Math.max(high, 1.5), wide - 1, Math.max(high, 1.5));
  });
  spread.marks.forEach(([, , value], number) => {
    const bin = bins.findIndex((each) => value < each.from + (bins[0].until - bins[0].from + (spread.unit === "us" ? 0 : 1)));
    const colour = spread.marks.length === 2 && number === 1 ? 2 : number;
    pen.fillStyle = shades[MARKS[colour]];
    if (bin >= 0) pen.fillRect(left + (bin + 0.5) * wide - 1, top, 2, bottom - top);
  });
  pen.fillStyle = shades.faint;
  pen.textAlign = "left";
  pen.fillText(amount(spread, bins[0].from), left, SPREAD.height - 8);
  pen.textAlign = "right";
  pen.fillText(amount(spread, bins.at(-1).until), left + bins.length * wide, SPREAD.height - 8);
}
