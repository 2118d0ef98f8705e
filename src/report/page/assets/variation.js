// The page of a variation: of each figure a curve or a heat map, its knee, its table, and the commands of what is chosen.

/** A value in the unit of its figure. */
function amountOf({ unit }, value) {
  if (unit === "us") return span(value);
  return unit === "millionths" ? (value / 1_000_000).toFixed(3) : grouped(value);
}

/** The values that make a point: `pullBatchSize 8 and count 3`. */
function placeOf(number) {
  return data.points[number].at.map((at, axis) => `${data.axes[axis].name} ${data.axes[axis].values[at]}`).join(" and ");
}

const QUANTILES = ["of ten seeds one is not above (p10)", "median (p50)", "of ten seeds nine are not above (p90)", "highest"];

/** What is pointed at is told beside the pointer; what is chosen keeps its commands below the picture. */
class Pointed {
  constructor() {
    this.tip = element("div", { class: "tip", role: "tooltip", hidden: true });
    document.body.append(this.tip);
    this.details = new Map();
    addEventListener("keydown", (event) => event.key === "Escape" && this.leave());
  }

  /** The attributes of the mark of a point. */
  of(panel, number) {
    const cell = panel.cells[number];
    const said = `${placeOf(number)}: ${panel.figure} ${cell.said[1]} typically, ${cell.said[0]} to ${cell.said[2]}`;
    return {
      tabindex: number === 0 ? "0" : "-1", role: "button", "aria-label": said, "data-number": number,
      onpointermove: (event) => this.show(panel, number, event.clientX, event.clientY),
      onpointerleave: () => this.leave(),
      onfocus: (event) => this.beside(panel, number, event.currentTarget),
      onblur: () => this.leave(),
      onclick: () => this.choose(panel, number),
      onkeydown: (event) => this.key(event, panel, number),
    };
  }

  beside(panel, number, mark) {
    // One tab stop a picture: the arrow keys go from value to value.
    for (const other of mark.closest(".varied").querySelectorAll("[data-number]")) other.setAttribute("tabindex", other === mark ? "0" : "-1");
    // A mark that is clicked has the pointer, and the tip stands there.
    if (!mark.matches(":focus-visible")) return;
    const around = mark.getBoundingClientRect();
    this.show(panel, number, around.left + around.width / 2, around.top + around.height / 2);
  }

  show(panel, number, x, y) {
    this.tip.replaceChildren(element("div", { class: "tip-head" }, placeOf(number)), valuesOf(panel.cells[number], panel));
    this.tip.hidden = false;
    const { offsetWidth, offsetHeight } = this.tip;
    const left = x + 16 + offsetWidth > innerWidth ? Math.max(4, x - 12 - offsetWidth) : x + 16;
    const top = y + 18 + offsetHeight > innerHeight ? Math.max(4, y - 12 - offsetHeight) : y + 18;
    this.tip.style.transform = `translate(${left}px, ${top}px)`;
  }

  leave() {
    this.tip.hidden = true;
  }

  /** The commands of a point stand below its picture from now on. */
  choose(panel, number) {
    const cell = panel.cells[number];
    const first = number > 0 ? [element("h4", {}, `The first value beside it, ${placeOf(0)}`), command(data.points[0].command)] : [];
    this.details.get(panel).replaceChildren(
      element("h3", {}, `${panel.figure} at ${placeOf(number)}`), valuesOf(cell, panel),
      element("h4", {}, `Its worst seed, ${cell.worst_seed}: ${cell.worst}`), command(cell.replay),
      element("h4", {}, "All its seeds"), command(data.points[number].command), ...first,
    );
  }

  key(event, panel, number) {
    const across = data.axes.at(-1).values.length;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: data.axes.length > 1 ? across : 0, ArrowUp: data.axes.length > 1 ? -across : 0 };
    if (event.key === "Enter" || event.key === " ") this.choose(panel, number);
    else if (steps[event.key]) this.move(event.currentTarget, number + steps[event.key]);
    else return;
    event.preventDefault();
  }

  move(mark, number) {
    mark.closest(".varied").querySelector(`[data-number="${number}"]`)?.focus();
  }

  detailOf(panel) {
    const detail = element("div", { class: "detail", "aria-live": "polite" }, element("p", { class: "hint" }, "Point at a value to read it; click it, or press Enter on it, for the commands that play it."));
    this.details.set(panel, detail);
    return detail;
  }
}

/** All values of a point as a small table. */
function valuesOf(cell, { less_is_worse: lessIsWorse }) {
  const row = (name, ...said) => element("tr", {}, element("th", { scope: "row" }, name), element("td", { class: "number" }, said));
  return element(
    "table", { class: "values" },
    element("tbody", {},
      QUANTILES.map((name, number) => row(name, cell.said[number])),
      lessIsWorse ? row("worst (less is worse)", cell.worst) : null,
      cell.beside ? [row("mean difference to the first", cell.beside[0]), row("in 95 of 100 samples", cell.beside[1]), row("the seeds", cell.standing)] : null),
  );
}

/** One axis: a row a value. */
function tableOfCurve(panel) {
  const [axis] = data.axes;
  const heads = [axis.name, "p10", "p50", "p90", "max", `beside ${axis.values[0]}`, "in 95 of 100 samples", ""];
  const row = (cell, number) => cell && element(
    "tr", { class: number === panel.knee ? "at-knee" : null },
    element("th", { scope: "row" }, axis.values[number]), cell.said.map((said) => element("td", { class: "number" }, said)),
    (cell.beside ?? ["", ""]).map((said) => element("td", { class: "number" }, said)),
    element("td", {}, cell.standing === "told apart" || (data.few_seeds && cell.standing !== "the same") ? "" : cell.standing, number === panel.knee ? " knee" : ""),
  );
  return element("div", { class: "scrolls figures" }, element("table", {}, element("thead", {}, element("tr", {}, heads.map((name) => element("th", { scope: "col" }, name)))), element("tbody", {}, panel.cells.map(row))));
}

function panelOf(panel, pointed) {
  const isCurve = data.axes.length === 1;
  const legend = element("p", { class: "legend" }, element("span", { class: "entry" }, element("i", { class: "key line-0" }), "median"), element("span", { class: "entry" }, element("i", { class: "key band" }), "p10 to p90"), panel.knee === null ? null : element("span", { class: "entry" }, element("i", { class: "key knee" }), "knee"));
  return element(
    "section", { class: "varied", "aria-label": panel.figure },
    element("h2", {}, panel.figure, element("span", { class: "meaning" }, panel.meaning ? ` ${panel.meaning}` : "", panel.less_is_worse ? "; less is worse" : "")),
    isCurve ? [panel.knee_said ? element("p", { class: "knee-said" }, element("b", {}, "knee "), panel.knee_said) : null, legend, curveOf(panel, pointed), tableOfCurve(panel)] : [endsOf(panel), heatMapOf(panel, pointed)],
    pointed.detailOf(panel),
  );
}

function showVariation() {
  const pointed = new Pointed();
  const axes = data.axes.map((axis) => `${counted(axis.values.length, "value")} of ${axis.path}`).join(" by ");
  const same = data.constant.map(([figure, value]) => element("li", {}, `${figure} is ${value} in every seed at every point`));
  const nothing = data.panels.length === 0 && same.length === 0;
  page.replaceChildren(
    element("header", {}, element("h1", {}, element("span", { class: "verdict neutral" }, "VARIED"), " ", data.title),
      element("p", { class: "subject" }, `${data.file} · ${axes} · ${counted(data.seed_count, "seed")} each (${data.seeds}), the same arrivals and faults at every point`),
      data.panels.length > 1 ? element("nav", { class: "tools", "aria-label": "Figures" }, data.panels.map((panel, number) => element("a", { href: `#figure-${number}` }, panel.figure))) : null),
    ...data.panels.map((panel, number) => {
      const section = panelOf(panel, pointed);
      section.id = `figure-${number}`;
      return section;
    }),
    same.length > 0 ? element("section", {}, element("h2", {}, "The same everywhere"), element("ul", {}, same)) : "",
    data.by_chance.length > 0 ? element("p", { class: "note" }, `These differ too, and so many seeds do not tell it from chance: ${data.by_chance.join(", ")}.`) : "",
    nothing ? element("p", {}, "None of the main figures differs; `--figure` asks for another.") : "",
    element("footer", {}, element("h3", {}, "Again"), command(data.command), fold("The whole grid as text", {}, element("pre", {}, data.summary))),
  );
}

showVariation();
