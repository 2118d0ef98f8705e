// A figure over the values of two settings: a table whose cells are coloured by the median, light to dark.

function heatMapOf(panel, pointed) {
  const [down, across] = data.axes;
  const medians = panel.cells.filter(Boolean).map((cell) => cell.numbers[1]);
  const [least, most] = [Math.min(...medians), Math.max(...medians)];
  const head = element("tr", {}, element("th", { scope: "col", class: "corner" }, `${down.name} ↓  ${across.name} →`), across.values.map((value) => element("th", { scope: "col" }, value)));
  const rows = down.values.map((value, row) =>
    element("tr", {}, element("th", { scope: "row" }, value), across.values.map((_, column) => {
      const number = row * across.values.length + column;
      return heatCell(panel, number, [least, most], pointed);
    })));
  const ends = element("p", { class: "legend heat-ends" }, `${amountOf(panel, least)} `, element("i", { class: "heat-scale" }), ` ${amountOf(panel, most)}`, element("span", { class: "hint" }, "the medians of the seeds"));
  return element("div", {}, ends, element("div", { class: "scrolls" }, element("table", { class: "heat", "aria-label": `${panel.figure} by ${down.path} and ${across.path}` }, element("thead", {}, head), element("tbody", {}, rows))));
}

function heatCell(panel, number, [least, most], pointed) {
  const cell = panel.cells[number];
  if (!cell) return element("td", {}, "–");
  const share = (cell.numbers[1] - least) / (most - least || 1);
  const style = `--share: ${(share * 100).toFixed(1)}%`;
  return element("td", {}, element("button", { type: "button", class: `heat-cell ${share > 0.5 ? "dark" : "light"}`, style, ...pointed.of(panel, number) }, cell.said[1]));
}

/** Where the median is the least, and where the most. */
function endsOf(panel) {
  const cells = panel.cells.map((cell, number) => ({ cell, number })).filter(({ cell }) => cell);
  const by = (better) => cells.reduce((best, each) => (better(each.cell.numbers[1], best.cell.numbers[1]) ? each : best));
  const said = (word, { cell, number }) => element("li", {}, `${word}: `, element("b", {}, cell.said[1]), ` typically, at ${placeOf(number)}`);
  return element("ul", { class: "ends-said" }, said("least", by((a, b) => a < b)), said("most", by((a, b) => a > b)));
}
