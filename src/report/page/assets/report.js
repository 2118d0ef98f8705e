// The page of a report.

/** What draws itself anew in other colours. */
const redraws = [];
let stage = null;
const help = new Help();

function show() {
  const place = element("div", { class: "place" });
  const chosen = (raw) => {
    stage?.remove();
    stage = new Stage(raw);
    place.replaceChildren(worstSeeds(raw, chosen), stage.element);
  };
  const toTimeline = (raw) => {
    chosen(raw);
    place.scrollIntoView({ behavior: "auto" });
  };
  page.replaceChildren(headOf(data), spreadsOf(data.spreads, toTimeline) ?? "", place, footOf(data));
  if (data.runs.length === 1 && !data.runs[0].why) chosen(data.runs[0]);
  else place.replaceChildren(worstSeeds(null, chosen));
  redraw();
}

/** The seeds that are here whole, each behind a click. */
function worstSeeds(shown, choose) {
  const many = data.runs.filter((run) => run.why);
  if (data.spreads.length === 0 && many.length === 0) return "";
  if (many.length === 0) {
    return element("p", { class: "note" }, "No seed is here whole: the sweep was interrupted, or the rows of such a run take too much memory. `--seed N --out DIR` shows one.");
  }
  const one = (run) => button(`seed ${run.seed}: ${run.why}`, { "aria-pressed": String(run === shown) }, () => choose(run));
  return element("section", { class: "worst" }, element("h2", {}, "Timelines of the worst seeds"), element("div", { class: "tools" }, many.map(one)));
}

/** Draws all anew: in other colours, or on paper. */
function redraw() {
  shades = readShades();
  for (const draw of redraws) draw();
  if (!stage) return;
  stage.timeline.layOut();
  stage.view.draw();
}

function print(isPrinting) {
  document.documentElement.classList.toggle("printing", isPrinting);
  redraw();
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
addEventListener("keydown", (event) => {
  if (event.target.closest?.("input, select, textarea")) return;
  if (event.key === "?") help.toggle();
  if (event.key === "Escape" && !help.element.open) stage?.story.close();
});
addEventListener("beforeprint", () => print(true));
addEventListener("afterprint", () => print(false));
show();
