// Keys: those that work wherever one is, and those of the timeline. `help.js` tells of them.

class Keys {
  constructor(stage) {
    this.stage = stage;
    this.listener = (event) => this.press(event);
    addEventListener("keydown", this.listener);
  }

  remove() {
    removeEventListener("keydown", this.listener);
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    // Who types, or is in the help, means the field and not the page.
    if (event.target.closest?.("input, select, textarea, dialog[open]")) return;
    const onTimeline = this.stage.timeline.scroller.contains(event.target);
    const act = this.everywhere(event)[event.key] ?? (onTimeline ? this.onTimeline()[event.key] : undefined);
    if (!act) return;
    event.preventDefault();
    act();
  }

  everywhere({ shiftKey }) {
    const { view, steps, table } = this.stage;
    return {
      ArrowRight: () => (shiftKey ? view.pan(0.2) : steps.step(1)),
      ArrowLeft: () => (shiftKey ? view.pan(-0.2) : steps.step(-1)),
      n: () => this.toFinding(1),
      p: () => this.toFinding(-1),
      t: () => table.reveal(view.finding),
      "/": () => table.search.focus(),
      "+": () => view.zoom(1.6),
      "=": () => view.zoom(1.6),
      "-": () => view.zoom(1 / 1.6),
      0: () => view.all(),
    };
  }

  onTimeline() {
    const { stage } = this;
    const { view, timeline, lanes } = stage;
    const page = Math.max(1, Math.floor(timeline.scroller.clientHeight / lanes.height) - 2);
    return {
      ArrowDown: () => stage.move(1),
      ArrowUp: () => stage.move(-1),
      PageDown: () => stage.move(page),
      PageUp: () => stage.move(-page),
      Home: () => view.show(0, view.until - view.from),
      End: () => view.show(view.end, view.end + view.until - view.from),
      Enter: () => stage.tellChosen(),
    };
  }

  /** From the finding that is chosen to the next of those that the table has; else from the cursor on. */
  toFinding(by) {
    const { view, table } = this.stage;
    const all = table.found().sort((a, b) => a.number - b.number);
    if (all.length === 0) return;
    const at = all.indexOf(view.finding);
    const after = all.findIndex((finding) => finding.from >= (view.cursor ?? 0));
    const from = by > 0 ? (after < 0 ? all.length : after) : (after < 0 ? all.length : after) - 1;
    const next = at >= 0 ? at + by : from;
    this.stage.focus(all[Math.min(Math.max(next, 0), all.length - 1)]);
  }
}
