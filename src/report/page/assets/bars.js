// One lane of the timeline: who holds the queue, when nobody or several do, where it stands still.

/** Draws a lane between two heights. */
function drawLane(pen, view, run, lane, box, top, height) {
  const bar = height >= 9 ? height - 2 : height - (height >= 5 ? 1 : 0);
  const { row, only } = lane;
  const first = run.stretchAt(row, view.from);
  const last = run.stretchAt(row, view.until);
  drawOwners(pen, view, row, only, box, [first, last], top, bar);
  drawTrouble(pen, view, row, only, box, [first, last], top, bar);
  for (const dead of row.dead) {
    if (dead.until < view.from || dead.from > view.until || (only !== null && dead.who !== only)) continue;
    const [left, right] = columns(view, box, dead.from, dead.until);
    pen.fillStyle = shades.dead;
    pen.fillRect(left, top + bar * 0.4, right - left, Math.max(1, bar * 0.25));
  }
  drawFindings(pen, view, row, only, box, top, bar);
  if (height >= 15) nameOwners(pen, view, run, row, only, box, [first, last], top, bar);
}

/** First and last column of a stretch: what is shorter than a pixel still shows as one, as trouble must not vanish. */
function columns(view, box, from, until) {
  const left = Math.max(box.left, Math.floor(view.x(from, box)));
  const right = Math.min(box.right, Math.ceil(view.x(until, box)));
  return [Math.min(left, box.right - 1), Math.max(right, left + 1)];
}

function drawOwners(pen, view, row, only, box, [first, last], top, bar) {
  let drawn = -1;
  for (let each = first; each <= last; each += 1) {
    const who = row.who[each];
    if (who < 0) continue;
    const [left, right] = columns(view, box, row.starts[each], row.starts[each + 1]);
    if (right <= drawn) continue;
    drawn = right;
    if (only !== null && who !== only) {
      pen.fillStyle = shades.grid;
      pen.fillRect(left, top + bar / 2, right - left, 1);
      continue;
    }
    const { fill, pattern } = ownerShade(who);
    pen.fillStyle = fill;
    pen.fillRect(left, top, right - left, bar);
    if (pattern > 0 && bar >= 6 && right - left >= 4) {
      pen.fillStyle = tile(pen, pattern, "rgb(0 0 0 / 35%)");
      pen.fillRect(left, top, right - left, bar);
    }
  }
}

function drawTrouble(pen, view, row, only, box, [first, last], top, bar) {
  for (let each = first; each <= last; each += 1) {
    const who = row.who[each];
    if (who >= 0 || (who === OVERLAP && only !== null && !row.shares.get(each).includes(only))) continue;
    if (only !== null && who !== OVERLAP) continue;
    const [left, right] = columns(view, box, row.starts[each], row.starts[each + 1]);
    pen.fillStyle = who === GAP ? shades.gap : who === OVERLAP ? shades.overlap : who === POPPED ? shades.popped : shades["not-yet"];
    pen.fillRect(left, top, right - left, bar);
    if ((who === GAP || who === OVERLAP) && bar >= 7 && right - left >= 4) {
      pen.fillStyle = tile(pen, who === GAP ? 1 : 2, who === GAP ? "rgb(255 255 255 / 55%)" : shades["overlap-hatch"]);
      pen.fillRect(left, top, right - left, bar);
    }
  }
}

function drawFindings(pen, view, row, only, box, top, bar) {
  if (only !== null) return;
  for (const finding of row.findings) {
    if (finding.until < view.from || finding.from > view.until) continue;
    const [left, right] = columns(view, box, finding.from, finding.until);
    if (finding.isStall) {
      const thick = Math.min(Math.max(Math.floor(bar / 3), 1), 6);
      pen.fillStyle = shades.stall;
      pen.fillRect(left, top + bar - thick, right - left, thick);
    } else if (finding.severity >= 2 && bar >= 6) {
      pen.fillStyle = shades.mark;
      pen.beginPath();
      pen.moveTo(left, top);
      pen.lineTo(left + 7, top);
      pen.lineTo(left, top + 7);
      pen.fill();
    }
  }
}

/** The finding that is told of, or chosen in the table. */
function drawChosenFinding(pen, view, box, top, bar) {
  const { from, until } = view.finding;
  if (until < view.from || from > view.until) return;
  const [left, right] = columns(view, box, from, until);
  const wide = Math.max(right - left, 5);
  pen.lineWidth = 4;
  pen.strokeStyle = shades.paper;
  pen.strokeRect(left - 1, top - 1, wide + 2, bar + 2);
  pen.lineWidth = 2;
  pen.strokeStyle = shades.chosen;
  pen.strokeRect(left - 1, top - 1, wide + 2, bar + 2);
}

function nameOwners(pen, view, run, row, only, box, [first, last], top, bar) {
  pen.font = `12px ${FONT}`;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  for (let each = first; each <= last; each += 1) {
    const who = row.who[each];
    if (who === NOT_YET || who === POPPED || (only !== null && who !== only && !(who === OVERLAP && row.shares.get(each).includes(only)))) continue;
    const [left, right] = columns(view, box, row.starts[each], row.starts[each + 1]);
    if (right - left < 22) continue;
    const name = who === GAP ? "no owner" : run.holder(row, each);
    const shown = who >= 0 ? fitting(pen, name, right - left - 10) : pen.measureText(name).width <= right - left - 14 ? name : "";
    if (!shown) continue;
    if (who < 0) {
      // Words on a hatched bar stand on a sheet of their own.
      pen.fillStyle = who === GAP ? shades.gap : shades.overlap;
      pen.fillRect(left + 3, top + bar / 2 - 7, pen.measureText(shown).width + 6, 14);
    }
    pen.fillStyle = who === GAP ? "#ffffff" : who === OVERLAP ? shades.paper : "#1a1a1a";
    pen.fillText(shown, left + (who < 0 ? 6 : 5), top + bar / 2 + 0.5);
  }
}
