// Step by step through a run: from event to event (a step of the timeline, changes of owners), with a line that says it.

class Steps {
  constructor(stage) {
    this.stage = stage;
    this.events = eventsOf(stage.run);
    this.place = -1;
    this.said = element("span", { class: "said", role: "status", "aria-live": "polite" }, `${counted(this.events.length, "event")}: step through them with ◀ ▶, or with the arrow keys on the timeline`);
    const back = button("◀", { "aria-label": "The event before (left arrow)", title: "The event before (left arrow)" }, () => this.step(-1));
    const on = button("▶", { "aria-label": "The next event (right arrow)", title: "The next event (right arrow)" }, () => this.step(1));
    this.element = element("div", { class: "steps" }, back, on, this.said);
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
    const lane = event.changes.length > 0 ? lanes.of(event.changes[0].row) : -1;
    if (lane >= 0) timeline.choose(lane);
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
    return parts.join("; ");
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
    if (after === OVERLAP) return `${queues}: ${now} both own it (was ${was})`;
    if (before === OVERLAP) return `${queues}: ${now} alone (was ${was})`;
    if (before === GAP) return `${now} takes ${queues}, which nobody had for ${span(row.starts[stretch] - row.starts[stretch - 1])}`;
    return before === NOT_YET ? `${now} takes ${queues}, the first to have it` : `${now} takes ${queues} from ${was}`;
  }
}

/** All that happens, in order; what happens within one millisecond is one event. */
function eventsOf(run) {
  const all = run.steps.map(([at, label]) => ({ at, label, row: null }));
  for (const row of run.rows) {
    for (let stretch = 1; stretch < row.who.length; stretch += 1) {
      all.push({ at: row.starts[stretch], row, stretch, before: row.who[stretch - 1], after: row.who[stretch] });
    }
  }
  all.sort((a, b) => a.at - b.at);
  const events = [];
  for (const each of all) {
    const last = events.at(-1);
    const event = last && each.at - last.at < 1_000 ? last : events[events.push({ at: each.at, steps: [], changes: [] }) - 1];
    if (each.row) event.changes.push(each);
    else event.steps.push(each.label);
  }
  return events;
}
