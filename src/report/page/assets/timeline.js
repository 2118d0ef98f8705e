// The rows of the ownership timeline: a canvas as high as the screen allows, that draws what is scrolled to.

class Timeline {
  constructor(run, view, lanes) {
    Object.assign(this, { run, view, lanes });
    this.canvas = element("canvas", { class: "rows-canvas" });
    this.spacer = element("div", { class: "rows-spacer" }, this.canvas);
    const label = `Who owns which queue over time: ${counted(run.rows.length, "queue")}. Left and right step through events, up and down choose a row, Enter tells its story, plus and minus zoom, question mark says all keys.`;
    this.scroller = element("div", { class: "rows", tabindex: "0", role: "application", "aria-label": label, onscroll: () => view.changed() }, this.spacer);
    view.listen(() => this.draw());
  }

  /** As high as its lanes, and no higher than most of the window. */
  layOut() {
    const most = document.documentElement.classList.contains("printing") ? 2_400 : Math.max(220, Math.round(innerHeight * 0.62));
    this.scroller.style.height = `${Math.min(this.lanes.total + 2, most)}px`;
    this.spacer.style.height = `${this.lanes.total}px`;
  }

  draw() {
    const [width, height] = [this.scroller.clientWidth, this.scroller.clientHeight];
    if (width === 0) return;
    const pen = prepare(this.canvas, width, Math.min(height, this.lanes.total));
    const { lanes, view } = this;
    const box = (view.box = boxOf(width));
    const scrolled = this.scroller.scrollTop;
    this.drawTicks(pen, box, height);
    for (let number = Math.max(0, lanes.at(scrolled)); number < lanes.list.length; number += 1) {
      const top = lanes.tops[number] - scrolled;
      if (top > height) break;
      const lane = lanes.list[number];
      if (lane.head !== undefined) this.drawHead(pen, lane, box, width, top);
      else drawLane(pen, view, this.run, lane, box, top, lanes.height);
    }
    this.drawLabels(pen, box, scrolled, height);
    drawSteps(pen, view, this.run.steps, box, 0, height);
    this.drawChosen(pen, box, width, scrolled);
  }

  drawTicks(pen, box, height) {
    pen.fillStyle = shades.grid;
    const { at } = ticks(this.view.from, this.view.until, (box.right - box.left) / 90);
    for (const tick of at) pen.fillRect(Math.round(this.view.x(tick, box)), 0, 1, height);
  }

  drawHead(pen, lane, box, width, top) {
    pen.fillStyle = shades.paper;
    pen.fillRect(0, top, width, HEAD_HEIGHT);
    let left = 4;
    if (lane.consumer !== undefined) {
      pen.fillStyle = ownerShade(lane.consumer).fill;
      pen.fillRect(left, top + 5, 11, 11);
      left += 16;
    }
    pen.textBaseline = "middle";
    pen.textAlign = "left";
    pen.font = `600 12px ${FONT}`;
    pen.fillStyle = shades.ink;
    const name = fitting(pen, lane.head, width / 2);
    pen.fillText(name, left, top + HEAD_HEIGHT / 2 + 1);
    left += pen.measureText(name).width + 10;
    pen.font = `12px ${FONT}`;
    pen.fillStyle = shades.faint;
    pen.fillText(lane.said, left, top + HEAD_HEIGHT / 2 + 1);
  }

  /** A name beside each row, or beside every few where they are thin. */
  drawLabels(pen, box, scrolled, height) {
    const { lanes } = this;
    const every = Math.max(1, Math.ceil(13 / lanes.height));
    pen.font = `${lanes.height >= 13 ? 12 : 11}px ${FONT}`;
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    for (let number = Math.max(0, lanes.at(scrolled) - every); number < lanes.list.length; number += 1) {
      const lane = lanes.list[number];
      const top = lanes.tops[number] - scrolled;
      if (top > height) break;
      if (lane.head !== undefined || number === this.view.lane || lane.place % every !== 0) continue;
      pen.fillStyle = shades.ink;
      pen.fillText(fitting(pen, lane.label, box.left - 12, true), box.left - 8, top + lanes.height / 2);
    }
  }

  drawChosen(pen, box, width, scrolled) {
    const { view, lanes } = this;
    if (view.cursor !== null) {
      const x = Math.round(view.x(view.cursor, box));
      pen.fillStyle = shades.ink;
      if (x >= box.left && x <= box.right) pen.fillRect(x - 1, 0, 2, this.scroller.clientHeight);
    }
    const { finding } = view;
    const of = finding?.row ? lanes.of(finding.row) : -1;
    const lane = lanes.list[view.lane];
    if (lane !== undefined && lane.head === undefined) this.drawLane(pen, box, lane, scrolled);
    if (of >= 0) drawChosenFinding(pen, view, box, lanes.tops[of] - scrolled, lanes.height - 2);
  }

  /** The chosen row: a frame, and its name over those of others. */
  drawLane(pen, box, lane, scrolled) {
    const { view, lanes } = this;
    const top = lanes.tops[view.lane] - scrolled;
    pen.strokeStyle = shades.ink;
    pen.lineWidth = 1.5;
    pen.strokeRect(box.left - 1, top - 1, box.right - box.left + 2, lanes.height);
    pen.font = `600 12px ${FONT}`;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.fillStyle = shades.paper;
    pen.fillRect(0, top + lanes.height / 2 - 8, box.left - 3, 16);
    pen.fillStyle = shades.ink;
    pen.fillText(fitting(pen, lane.label, box.left - 12, true), box.left - 8, top + lanes.height / 2);
  }

  /** Chooses a lane and scrolls to it. */
  choose(number) {
    const lane = this.lanes.list[number];
    if (lane === undefined) return;
    this.view.lane = number;
    const [top, bottom] = [this.lanes.tops[number], this.lanes.tops[number] + this.lanes.height];
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop + HEAD_HEIGHT || bottom > scrollTop + clientHeight) this.scroller.scrollTop = top - clientHeight / 3;
    this.view.changed();
  }
}
