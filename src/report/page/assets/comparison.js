// The page of a comparison: a strip for each figure that differs, with the difference of every seed, their mean and its
// interval.

const STRIP = { width: 260, height: 30, edge: 10 };

/** Dots, a whisker and a mean around the line of no difference. */
function strip(row) {
  const all = [...row.dots, row.low, row.high, 0];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const x = (value) => STRIP.edge + ((value - least) / (most - least || 1)) * (STRIP.width - 2 * STRIP.edge);
  const middle = STRIP.height / 2;
  const [mean, interval] = [row.cells[4], row.cells[5]];
  const dots = row.dots.map((dot, number) => drawn("circle", { class: "dot", cx: x(dot).toFixed(1), cy: middle - 7 + (number * 5) % 15, r: 1.6 }));
  return drawn(
    "svg", { class: "strip", viewBox: `0 0 ${STRIP.width} ${STRIP.height}`, width: STRIP.width, height: STRIP.height, role: "img" },
    drawn("title", {}, `${row.figure}: ${mean}, in 95 of 100 samples ${interval}; seeds from ${row.ends[0]} to ${row.ends[1]}`),
    drawn("line", { class: "zero", x1: x(0), x2: x(0), y1: 1, y2: STRIP.height - 1 }),
    ...dots,
    drawn("line", { class: "whisker", x1: x(row.low), x2: x(row.high), y1: middle, y2: middle }),
    ...[row.low, row.high].map((end) => drawn("line", { class: "whisker", x1: x(end), x2: x(end), y1: middle - 5, y2: middle + 5 })),
    drawn("circle", { class: `mean ${row.standing}`, cx: x(row.mean), cy: middle, r: 5 }),
  );
}

function rowOf(row) {
  const ends = element("div", { class: "ends" }, element("span", {}, row.ends[0]), element("span", {}, row.ends[1]));
  const cells = row.cells.map((cell) => element("td", { class: "number" }, cell));
  return element(
    "tr", { class: row.standing || "neither" },
    element("th", { scope: "row" }, row.figure), element("td", {}, strip(row), ends), cells, element("td", {}, row.words),
  );
}

function tableOf(rows, letter) {
  const heads = ["figure", "differences of the seeds", "A typical", "A worst", `${letter} typical`, `${letter} worst`, "mean difference", "in 95 of 100 samples", "seeds"];
  return element("div", { class: "scrolls" }, element("table", { class: "beside" }, element("thead", {}, element("tr", {}, heads.map((name, column) => element("th", { scope: "col", class: column === 1 ? "strips" : null }, name)))), element("tbody", {}, rows.map(rowOf))));
}

function besideOf({ letter, rows, same }) {
  const [told, alike] = [rows.filter((row) => row.told_apart), rows.filter((row) => !row.told_apart)];
  const { name } = data.variants.find((variant) => variant.letter === letter);
  return element(
    "section", { class: "figures" },
    element("h2", {}, `${letter} beside A: ${name}`),
    told.length > 0 ? tableOf(told, letter) : element("p", {}, "No figure differs that so many seeds tell apart."),
    alike.length > 0 ? fold(`${counted(alike.length, "figure")} cannot be told apart`, { class: "alike" }, tableOf(alike, letter)) : null,
    same > 0 ? element("p", { class: "note" }, `${counted(same, "figure")} ${same === 1 ? "is" : "are"} the same in every seed.`) : null,
  );
}

function showComparison() {
  const word = data.verdict === "VIOLATED" ? "violated" : "pass";
  const variant = ({ letter, name, file, sets }) =>
    element("li", {}, element("b", {}, `${letter} `), name, element("span", { class: "subject" }, ` ${file}${sets.length > 0 ? ` with ${sets.join(", ")}` : ""}`));
  const broken = data.broken.map((text) => element("p", { class: "broken" }, `violated: ${text}`));
  page.replaceChildren(
    element("header", {}, element("h1", {}, element("span", { class: `verdict ${word}` }, data.verdict), " ", data.title),
      element("p", { class: "subject" }, `seeds ${data.seeds}, the same arrivals and faults for each variant`),
      element("ul", { class: "variants" }, data.variants.map(variant)), broken),
    element("p", { class: "legend" }, "In a strip: a dot is the difference of one seed, the large one their mean, the whisker where the mean lies in 95 of 100 samples of the seeds, the upright line no difference. Each strip has a scale of its own."),
    ...data.beside.map(besideOf),
    element("footer", {}, element("h3", {}, "Again"), command(data.command), fold("The whole comparison as text", {}, element("pre", {}, data.summary))),
  );
}

showComparison();
