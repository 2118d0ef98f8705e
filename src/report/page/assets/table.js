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
  ["story", (each) => (each.story ? 1 : 0), (each) => (each.story ? "◆" : ""), "told"],
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
    this.body = element("tbody", { onkeydown: (event) => this.key(event) });
    this.lines = new Map();
    this.count = element("span", { class: "count", role: "status" });
    this.heads = COLUMNS.map(([name], column) => element("th", { scope: "col" }, button(name, {}, () => this.sortBy(column))));
    const left = stage.run.stalls.left_out + stage.run.anomalies.left_out;
    const note = left > 0 ? element("p", { class: "note" }, `The worst are here; ${counted(left, "more")} stand in stalls.csv and anomalies.csv.`) : null;
    this.element = element(
      "section", { class: "findings", "aria-label": "Stalls and anomalies" },
      element("h2", {}, "Stalls and anomalies"),
      element("div", { class: "filters" }, this.search, this.kind, this.severity, element("label", {}, this.measured, " measured window only"), this.count),
      note, this.told(),
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

  /** `first` is shown even where it would stand too far below. */
  fill(first = null) {
    const found = this.found();
    const shown = found.slice(0, MOST_ROWS);
    if (first && !shown.includes(first)) shown.splice(0, 1, first);
    this.count.textContent = shown.length < found.length ? `the first ${shown.length} of ${grouped(found.length)}` : `${grouped(found.length)} of ${grouped(this.stage.run.findings.length)}`;
    this.heads.forEach((head, column) => head.setAttribute("aria-sort", this.sort.column !== column ? "none" : this.sort.down ? "descending" : "ascending"));
    this.lines = new Map(shown.map((each) => [each, this.row(each)]));
    this.body.replaceChildren(...this.lines.values());
    this.mark(this.stage.view.finding);
  }

  /** How many of the findings have their story here. */
  told() {
    const { stories, explainable } = this.stage.run;
    if (explainable === 0) return null;
    const others = explainable > stories.length ? `; of ${stories.length > 0 ? "the others" : "all"} the command tells it` : "";
    const which = stories.length < explainable ? `the worst ${grouped(stories.length)}` : "all";
    return element("p", { class: "note stories-told" }, `Why, step by step: of ${counted(explainable, "finding")} ${stories.length > 0 ? `${which} have their story here (◆)` : "none has its story here, as the run is too long"}${others}.`);
  }

  /** The row of a finding is seen as the chosen one. */
  mark(finding) {
    for (const [each, line] of this.lines) {
      if (each === finding) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    }
  }

  /** Shows a finding in the table, whatever the filters leave out, and gives its row the keys. */
  reveal(finding) {
    if (!finding) return this.body.querySelector("button")?.focus();
    if (!this.lines.has(finding)) {
      [this.search.value, this.kind.selectedIndex, this.severity.selectedIndex, this.measured.checked] = ["", 0, 0, false];
      this.fill(finding);
    }
    const line = this.lines.get(finding);
    line?.scrollIntoView({ block: "start" });
    line?.querySelector("button").focus({ preventScroll: true });
    return undefined;
  }

  /** Up and down from row to row. */
  key(event) {
    const line = event.target.closest("tr");
    const next = { ArrowDown: line?.nextElementSibling, ArrowUp: line?.previousElementSibling }[event.key];
    if (!next) return;
    event.preventDefault();
    next.querySelector("button").focus();
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
