// What a run is stepped through: steps of its timeline, changes of owners, and what was noticed.

/** What the steps are made of, by the words of the choice. */
const STEPPED = {
  "steps and changes of owners": (each) => !each.finding,
  "steps of the timeline": (each) => each.label !== undefined,
  "changes of owners": (each) => each.row !== undefined,
  "findings": (each) => each.finding !== undefined,
  "everything": () => true,
};

/** All that happens, in order; what happens within one millisecond is one event. */
function eventsOf(run, kind) {
  const all = run.steps.map(([at, label]) => ({ at, label }));
  for (const row of run.rows) {
    for (let stretch = 1; stretch < row.who.length; stretch += 1) {
      all.push({ at: row.starts[stretch], row, stretch, before: row.who[stretch - 1], after: row.who[stretch] });
    }
  }
  for (const finding of run.findings) {
    if (finding.severity > 0) all.push({ at: finding.from, finding });
  }
  const chosen = all.filter(STEPPED[kind]).sort((a, b) => a.at - b.at);
  const events = [];
  for (const each of chosen) {
    const last = events.at(-1);
    const event = last && each.at - last.at < 1_000 ? last : events[events.push({ at: each.at, steps: [], changes: [], findings: [] }) - 1];
    if (each.finding) event.findings.push(each.finding);
    else if (each.row) event.changes.push(each);
    else event.steps.push(each.label);
  }
  return events;
}
