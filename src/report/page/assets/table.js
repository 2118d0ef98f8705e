// Stalls and anomalies as a table that filters and sorts; a click shows where it was on the timeline.

const MOST_ROWS = 200;
const COLUMNS = [
  ["from", (each) => each.from, (each) => moment(each.from), "number"],
  ["length", (each) => (isSpread(each) ? 0 : each.until - each.from), (each) => (isSpread(each) ? "within " : "") + (each.until > each.from ? span(each.until - each.from) : ""), "number"],
  ["severity", (each) => each.severity, (each) => SEVERITIES[each.severity], ""],
  ["what", (each) => each.kind, (each) => prose(each.kind), ""],
  ["queue", (each) => each.queue, (each) => each.queue, ""],
  ["consumer", (each) => each.consumer, (each) => each.consumer, ""],
  ["cause", (each) => each.cause, (each) => causeOf(each), ""],
  ["trap", (each) => each.trap, (each) => each.trap, ""],
  ["detail", (each) => each.detail, (each) => each.detail, "detail"],
];

class Table {
  constructor(stage) {
    this.stage = stage;
    // The longest first, of the window that counts: what comes with every start is not what one looks for.
    this.sort = { column: 1, down: true };
    const { findings } = stage.run;
    const kinds = [...new Set(findings.map((each) => each.kind))].sort();
    const refill = () => this.fill();
    this.search = element("input", { type: "search", placeholder: "queue, consumer, cause …", "aria-label": "Search the table", oninput: refill });
    this.kind = choice("kind", ["every kind", ...kinds], refill, prose);
    this.severity = choice("severity", ["any severity", ...SEVERITIES], refill, (value) => (value === "any severity" ? value : `at least ${value}`));
    this.severity.value = findings.some((each) => each.severity > 0) ? "warning" : "any severity";
    const isMeasured = findings.some((each) => each.measured && each.severity > 0);
    this.measured = element("input", { type: "checkbox", onchange: refill, checked: isMeasured && stage.run.windows.length > 1 });
    this.body = element("tbody");
    this.count = element("span", { class: "count", role: "status" });
    this.heads = COLUMNS.map(([name], column) => element("th", { scope: "col" }, button(name, {}, () => this.sortBy(column))));
    const left = stage.run.stalls.left_out + stage.run.anomalies.left_out;
    const note = left > 0 ? element("p", { class: "note" }, `The worst are here; ${counted(left, "more")} stand in stalls.csv and anomalies.csv.`) : null;
    this.element = element(
      "section", { class: "findings", "aria-label": "Stalls and anomalies" },
      element("h2", {}, "Stalls and anomalies"),
      element("div", { class: "filters" }, this.search, this.kind, this.severity, element("label", {}, this.measured, " measured window only"), this.count),
      note,
      element("div", { class: "scrolls" }, element("table", {}, element("thead", {}, element("tr", {}, this.heads)), this.body)),
    );
    this.fill();
  }

  sortBy(column) {
    this.sort = { column, down: this.sort.column === column && !this.sort.down };
    this.fill();
  }

  found() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const least = SEVERITIES.indexOf(this.severity.value);
    const [, value] = COLUMNS[this.sort.column];
    const fits = (each) =>
      each.severity >= least && (this.kind.selectedIndex === 0 || each.kind === this.kind.value) && (!this.measured.checked || each.measured) &&
      words.every((word) => `${each.queue} ${each.consumer} ${each.group} ${prose(each.kind)} ${each.cause} ${causeOf(each)} ${each.trap} ${each.detail}`.toLowerCase().includes(word));
    const found = this.stage.run.findings.filter(fits);
    const order = this.sort.down ? -1 : 1;
    return found.sort((a, b) => order * (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0));
  }

  fill() {
    const found = this.found();
    const shown = found.slice(0, MOST_ROWS);
    this.count.textContent = shown.length < found.length ? `the first ${shown.length} of ${grouped(found.length)}` : `${grouped(found.length)} of ${grouped(this.stage.run.findings.length)}`;
    this.heads.forEach((head, column) => head.setAttribute("aria-sort", this.sort.column !== column ? "none" : this.sort.down ? "descending" : "ascending"));
    this.body.replaceChildren(...shown.map((each) => this.row(each)));
  }

  row(each) {
    const go = () => this.stage.focus(each, true);
    const cells = COLUMNS.map(([, , text, kind], column) => {
      const said = text(each);
      return element("td", { class: kind || (said.length <= 30 ? "number" : "") }, column === 0 ? button(said, { class: "link" }, go) : said);
    });
    return element("tr", { class: `severity-${SEVERITIES[each.severity]}`, onclick: (event) => event.target.tagName !== "BUTTON" && go() }, cells);
  }
}

function choice(label, values, onchange, say = (value) => value) {
  return element("select", { "aria-label": label, onchange }, values.map((value) => element("option", { value }, say(value))));
}
