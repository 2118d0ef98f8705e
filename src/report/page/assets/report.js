// The page of a report.

const stages = [];

function show() {
  page.replaceChildren(headOf(data));
  for (const raw of data.runs.slice(0, 1)) {
    const stage = new Stage(raw);
    stages.push(stage);
    page.append(stage.element);
  }
  page.append(footOf(data));
}

/** Draws all anew: in other colours, or on paper. */
function redraw() {
  shades = readShades();
  for (const stage of stages) {
    stage.timeline.layOut();
    stage.view.draw();
  }
}

function print(isPrinting) {
  document.documentElement.classList.toggle("printing", isPrinting);
  redraw();
}

show();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
addEventListener("beforeprint", () => print(true));
addEventListener("afterprint", () => print(false));
