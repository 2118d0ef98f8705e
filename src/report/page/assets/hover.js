// The pointer on the timeline: what it points at is told; a drag moves, a wheel with Ctrl zooms, a click tells the story.

class Hover {
  constructor(stage) {
    const { timeline, view } = stage;
    Object.assign(this, { stage, timeline, view, drag: null });
    this.tip = element("div", { class: "tip", role: "tooltip", hidden: true });
    this.line = element("div", { class: "hover-line", "aria-hidden": "true", hidden: true });
    document.body.append(this.tip);
    stage.plot.append(this.line);
    const { scroller } = timeline;
    scroller.addEventListener("pointermove", (event) => this.move(event));
    scroller.addEventListener("pointerdown", (event) => this.press(event));
    scroller.addEventListener("pointerup", (event) => this.release(event));
    scroller.addEventListener("pointerleave", () => this.leave());
    scroller.addEventListener("dblclick", (event) => view.zoom(event.shiftKey ? 0.5 : 2, this.place(event).at));
    stage.plot.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    stage.charts.element.addEventListener("pointermove", (event) => this.follow(event.clientX));
    stage.charts.element.addEventListener("pointerleave", () => this.leave());
  }

  /** What is under the pointer. */
  place(event) {
    const { scroller, lanes } = this.timeline;
    const around = scroller.getBoundingClientRect();
    const number = lanes.at(event.clientY - around.top + scroller.scrollTop);
    return { number, lane: lanes.list[number], at: this.view.time(event.clientX - around.left) };
  }

  follow(clientX) {
    const around = this.stage.plot.getBoundingClientRect();
    const { box } = this.view;
    const x = clientX - around.left;
    this.line.hidden = x < box.left || x > box.right;
    this.line.style.transform = `translateX(${Math.round(x)}px)`;
    this.view.hover = this.line.hidden ? null : this.view.time(x);
    this.stage.charts.say();
  }

  move(event) {
    if (this.drag) {
      const { box } = this.view;
      const moved = ((event.clientX - this.drag.x) / (box.right - box.left)) * (this.drag.until - this.drag.from);
      this.drag.moved ||= Math.abs(event.clientX - this.drag.x) > 4;
      if (this.drag.moved) {
        this.tip.hidden = true;
        this.view.show(this.drag.from - moved, this.drag.until - moved);
        return;
      }
    }
    this.follow(event.clientX);
    const { lane, at } = this.place(event);
    if (!lane?.row || this.view.hover === null) {
      this.tip.hidden = true;
      return;
    }
    this.tip.replaceChildren(...told(this.stage.run, lane.row, at));
    this.tip.hidden = false;
    this.putTip(event.clientX, event.clientY);
  }

  /** Beside the pointer, on the side where there is room. */
  putTip(x, y) {
    const { offsetWidth, offsetHeight } = this.tip;
    const left = x + 16 + offsetWidth > innerWidth ? Math.max(4, x - 12 - offsetWidth) : x + 16;
    const top = y + 18 + offsetHeight > innerHeight ? Math.max(4, y - 12 - offsetHeight) : y + 18;
    this.tip.style.transform = `translate(${left}px, ${top}px)`;
  }

  press(event) {
    if (event.button !== 0) return;
    this.drag = { x: event.clientX, from: this.view.from, until: this.view.until, moved: false };
    // The pointer may leave the timeline while it drags; one that was made by a script cannot be held.
    try {
      this.timeline.scroller.setPointerCapture(event.pointerId);
    } catch {}
  }

  release(event) {
    const { drag } = this;
    this.drag = null;
    if (!drag || drag.moved) return;
    const { number, lane, at } = this.place(event);
    if (!lane?.row) return;
    this.tip.hidden = true;
    this.view.cursor = at;
    this.timeline.choose(number);
    this.stage.story.tell(lane.row, at);
  }

  leave() {
    [this.drag, this.view.hover] = [null, null];
    this.tip.hidden = this.line.hidden = true;
    this.stage.charts.say();
  }

  wheel(event) {
    const { box } = this.view;
    const x = event.clientX - this.stage.plot.getBoundingClientRect().left;
    if (event.ctrlKey || event.metaKey) this.view.zoom(Math.exp(-event.deltaY / 300), this.view.time(x));
    else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.view.pan((event.deltaX || event.deltaY) / (box.right - box.left));
    else return;
    event.preventDefault();
    this.tip.hidden = true;
  }
}

/** What a row shows at a moment: who, since when, and why where that was seen. */
function told(run, row, at) {
  const stretch = run.stretchAt(row, at);
  const [from, until, who] = [row.starts[stretch], row.starts[stretch + 1], row.who[stretch]];
  const line = (name, ...said) => element("div", {}, element("span", { class: "name" }, name), ...said);
  const lines = [element("div", { class: "tip-head" }, `${row.name} at ${moment(at)}`)];
  lines.push(line(who === OVERLAP ? "owners" : "owner", element("b", {}, run.holder(row, stretch))));
  lines.push(line("since", `${moment(from)}, until ${moment(until)} (${span(until - from)})`));
  const step = who === NOT_YET ? undefined : run.stepBefore(from);
  if (step && from > 0) lines.push(line("step", `${span(from - step[0])} after ${step[1]}, the last one before`));
  const before = stretch > 0 && who >= 0 ? row.who[stretch - 1] : NOT_YET;
  if (before !== NOT_YET) {
    lines.push(line("before", `${run.holder(row, stretch - 1)} for ${span(from - row.starts[stretch - 1])}`));
  }
  for (const dead of row.dead.filter((each) => each.from <= at && each.until > at)) {
    lines.push(line("also", `${run.consumers[dead.who]}, dead or cut off, still has it in its table`));
  }
  for (const finding of run.findingsOf(row, at, at).slice(0, 3)) {
    const length = lengthOf(finding);
    lines.push(line(finding.isStall ? "stalled" : "noticed", `${prose(finding.kind)}${length}: ${causeOf(finding)}`));
  }
  return lines;
}
