// Step by step through a run: from event to event, with a line that says what happens and the cursor where it does.

class Steps {
  constructor(stage) {
    this.stage = stage;
    this.kind = choice("what is stepped through", Object.keys(STEPPED), () => this.refill());
    this.said = element("span", { class: "said", role: "status", "aria-live": "polite" });
    const back = button("◀", { "aria-label": "The event before (left arrow)", title: "The event before (left arrow)" }, () => this.step(-1));
    const on = button("▶", { "aria-label": "The next event (right arrow)", title: "The next event (right arrow)" }, () => this.step(1));
    this.element = element("div", { class: "steps" }, back, on, this.kind, this.said);
    this.refill();
  }

  /** Other events are stepped through; the cursor stays. */
  refill() {
    this.events = eventsOf(this.stage.run, this.kind.value);
    this.place = -1;
    this.said.textContent = `${counted(this.events.length, "event")}: step through them with ◀ ▶, or with the arrow keys`;
  }

  step(by) {
    if (this.events.length === 0) return;
    const { view, timeline, lanes } = this.stage;
    // From where the cursor is, should it have been put elsewhere since.
    const at = view.cursor;
    if (at !== null && this.events[this.place]?.at !== at) {
      const before = this.events.findLastIndex((event) => event.at <= at);
      this.place = by > 0 ? before : before + (this.events[before]?.at === at ? 0 : 1);
    }
    this.place = Math.min(Math.max(this.place + by, 0), this.events.length - 1);
    const event = this.events[this.place];
    view.cursor = event.at;
    view.reveal(event.at);
    this.said.textContent = `${this.place + 1}/${this.events.length}  ${moment(event.at)}  ${this.say(event)}`;
    const row = event.changes[0]?.row ?? event.findings.find((finding) => finding.row)?.row;
    const lane = row ? lanes.of(row) : -1;
    if (lane >= 0) timeline.choose(lane);
    this.stage.choose(event.findings[0] ?? null);
    this.stage.charts.say();
    view.changed();
  }

  say(event) {
    const parts = event.steps.map((label) => `step: ${label}`);
    const alike = new Map();
    for (const change of event.changes) {
      const { row, stretch } = change;
      const key = JSON.stringify([change.before, change.after, row.shares.get(stretch - 1), row.shares.get(stretch)]);
      if (!alike.has(key)) alike.set(key, []);
      alike.get(key).push(change);
    }
    for (const changes of alike.values()) parts.push(this.change(changes));
    const noticed = Map.groupBy(event.findings, (finding) => `${prose(finding.kind)}: ${causeOf(finding)}`);
    for (const [words, findings] of noticed) parts.push(this.noticed(words, findings));
    return parts.join("; ");
  }

  /** Findings of one kind and cause that begin together. */
  noticed(words, findings) {
    const queues = [...new Set(findings.map((finding) => finding.queue || finding.consumer || finding.group).filter(Boolean))];
    const longest = Math.max(...findings.map((finding) => (isSpread(finding) ? 0 : finding.until - finding.from)));
    const length = longest > 0 ? `, for ${findings.length > 1 ? "up to " : ""}${span(longest)}` : "";
    return `${findings[0].until > findings[0].from ? "begins" : "noticed"}: ${words}${length}${queues.length > 0 ? ` (${listed(queues, 4)})` : ""}`;
  }

  /** Changes from one owner to another, of one queue or of several. */
  change(changes) {
    const { run } = this.stage;
    const { row, stretch, before, after } = changes[0];
    const queues = listed(changes.map((change) => change.row.name), 4);
    const was = run.holder(row, stretch - 1);
    const now = run.holder(row, stretch);
    if (after === GAP) {
      const hole = row.findings.find((each) => each.kind === "unowned" && Math.abs(each.from - row.starts[stretch]) < 1_000);
      return `${queues}: nobody any more (was ${was})${hole ? `, for ${span(hole.until - hole.from)}: ${prose(hole.cause)}` : ""}`;
    }
    if (after === POPPED) return `${queues}: popped from now on (was ${was})`;
    if (before === POPPED && after >= 0) return `${now} takes ${queues}, which had been popped`;
    if (after === OVERLAP) return `${queues}: ${now} both own it (was ${was})`;
    if (before === OVERLAP) return `${queues}: ${now} alone (was ${was})`;
    if (before === GAP) return `${now} takes ${queues}, which nobody had for ${span(row.starts[stretch] - row.starts[stretch - 1])}`;
    return before === NOT_YET ? `${now} takes ${queues}, the first to have it` : `${now} takes ${queues} from ${was}`;
  }
}
