// One run on the page: timeline, charts and table, and what joins them.

class Stage {
  constructor(raw) {
    this.run = new Run(raw);
    this.view = new View(this.run.end);
    this.lanes = new Lanes(this.run);
    this.timeline = new Timeline(this.run, this.view, this.lanes);
    this.axis = new Axis(this.run, this.view);
    this.charts = new Charts(this.run, this.view);
    this.plot = element("div", { class: "plot" }, element("div", { class: "axis" }, this.axis.canvas), this.timeline.scroller, this.charts.element);
    this.story = new Story(this);
    this.steps = new Steps(this);
    this.hover = new Hover(this);
    this.table = new Table(this);
    this.keys = new Keys(this);
    this.element = element(
      "section", { class: "stage", "aria-label": `Seed ${this.run.seed}` },
      element("h2", {}, "Who owns which queue"), this.tools(), this.steps.element, this.legend(), this.plot,
      this.note(), this.ownersAsTable(), this.table.element, element("p", {}, "This run again:"), command(this.run.replay),
    );
    this.resizing = new ResizeObserver(() => this.resized());
    this.resizing.observe(this.plot);
  }

  /** Leaves nothing behind where another run is shown. */
  remove() {
    this.resizing.disconnect();
    this.keys.remove();
    this.hover.tip.remove();
    this.story.element.remove();
    this.element.remove();
  }

  resized() {
    this.timeline.layOut();
    this.view.changed();
  }

  tools() {
    const { view } = this;
    const range = element("span", { class: "range" });
    view.listen(() => (range.textContent = `${moment(view.from)} to ${moment(view.until)} of ${span(view.end)}`));
    const by = choice("rows by", ["broker", "consumer"], () => this.rearrange(() => (this.lanes.by = by.value)), (value) => `by ${value}`);
    const troubled = element("input", { type: "checkbox", onchange: () => this.rearrange(() => (this.lanes.troubledOnly = troubled.checked)) });
    const search = element("input", { type: "search", placeholder: "queue or consumer", "aria-label": "Only these rows", oninput: () => this.rearrange(() => (this.lanes.search = search.value)) });
    this.by = by;
    return element(
      "div", { class: "tools" },
      by, element("label", {}, troubled, " with trouble only"), search,
      element("span", { class: "buttons" },
        button("−", { "aria-label": "See more time (minus)", title: "See more time (minus)" }, () => view.zoom(1 / 1.6)),
        button("+", { "aria-label": "See less time (plus)", title: "See less time (plus)" }, () => view.zoom(1.6)),
        button("All", { title: "See the whole run (0)" }, () => view.all()),
        button("Rows ±", { title: "Higher rows; again for the lowest" }, () => this.rearrange(() => this.higher())),
      ),
      range, help.button,
    );
  }

  higher() {
    const heights = [4, 7, 11, 17, 22, 30];
    this.lanes.height = heights[(heights.indexOf(this.lanes.height) + 1) % heights.length];
  }

  rearrange(change) {
    const chosen = this.lanes.list[this.view.lane]?.row;
    change();
    this.lanes.arrange();
    this.view.lane = chosen ? this.lanes.of(chosen) : -1;
    this.resized();
  }

  legend() {
    const used = new Set(this.run.rows.flatMap((row) => [...row.who.filter((who) => who < 0)]));
    const entries = [
      [used.has(GAP), "gap", "no live owner"],
      [used.has(OVERLAP), "overlap", "several live owners"],
      [used.has(NOT_YET), "not-yet", "not yet owned"],
      [used.has(POPPED), "popped", "popped: needs no owner"],
      [this.run.findings.some((each) => each.isStall && each.row), "stall", "stalled: messages wait"],
      [this.run.rows.some((row) => row.dead.length > 0), "dead", "held by a dead or cut-off client"],
      [this.run.findings.some((each) => each.severity >= 2 && each.row), "mark", "a violation"],
      [this.run.steps.length > 0, "step", "a step of the timeline"],
    ];
    const shown = entries.filter(([present]) => present);
    return element("p", { class: "legend" }, shown.map(([, name, words]) => element("span", { class: "entry" }, element("i", { class: `key ${name}` }), words)), element("span", { class: "entry hint" }, "Ctrl+wheel zooms, a drag moves, a click tells the story"));
  }

  note() {
    const left = this.run.rows_left_out;
    return left > 0 ? element("p", { class: "note" }, `${counted(left, "queue")} with the least trouble are left out here; ownership.csv has all.`) : null;
  }

  /** The timeline for who does not see it: made when it is opened. */
  ownersAsTable() {
    const made = fold("The timeline as a table", { ontoggle: () => made.open && made.childElementCount === 1 && made.append(this.ownersTable()) });
    return made;
  }

  ownersTable() {
    const most = 1_000;
    const cells = [];
    for (const row of this.run.rows) {
      for (let each = 0; each < row.who.length && cells.length < most; each += 1) {
        const [from, until] = [row.starts[each], row.starts[each + 1]];
        cells.push([row.name, moment(from), moment(until), span(until - from), this.run.holder(row, each)]);
      }
    }
    const head = ["queue", "from", "until", "length", "owner"].map((name) => element("th", { scope: "col" }, name));
    const body = cells.map((row) => element("tr", {}, row.map((cell) => element("td", {}, cell))));
    const note = cells.length === most ? element("p", { class: "note" }, `The first ${grouped(most)} stretches; ownership.csv has all.`) : null;
    return element("div", { class: "scrolls" }, note, element("table", {}, element("thead", {}, element("tr", {}, head)), element("tbody", {}, body)));
  }

  /** The finding that timeline and table show as the chosen one; `null`: none. */
  choose(finding) {
    this.view.finding = finding;
    this.table.mark(finding);
    this.view.changed();
  }

  /** Shows where a finding is, and tells of it. */
  focus(finding, scroll = false) {
    this.view.cursor = finding.from;
    this.view.focus(finding.from, finding.until);
    if (finding.row) this.timeline.choose(this.lanes.of(finding.row));
    this.choose(finding);
    this.story.tellFinding(finding);
    this.charts.say();
    if (scroll) this.plot.scrollIntoView({ block: "start" });
  }

  /** The cursor to a moment. */
  goTo(at) {
    this.view.cursor = at;
    this.view.reveal(at);
    this.charts.say();
    this.view.changed();
  }

  /** Chooses a row so many below. */
  move(by) {
    const { list } = this.lanes;
    const inside = (number) => Math.min(Math.max(number, 0), list.length - 1);
    let number = inside(this.view.lane + by);
    while (list[number]?.head !== undefined && number !== inside(number + Math.sign(by))) number = inside(number + Math.sign(by));
    if (list[number]?.row) this.timeline.choose(number);
  }

  tellChosen() {
    const lane = this.lanes.list[this.view.lane];
    if (lane?.row) this.story.tell(lane.row, this.view.cursor ?? (this.view.from + this.view.until) / 2);
  }
}
