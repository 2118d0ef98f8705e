// What the page can do, by key and by mouse: opened with `?`.

const KEYS = [
  ["→ ←", "the next event and the one before, in the whole run: the cursor goes there, and a line says what happens"],
  ["n p", "the next finding and the one before, with its story"],
  ["t", "the finding that is chosen, in the table"],
  ["/", "search the table"],
  ["+ − 0", "see less time, more, or the whole run"],
  ["Shift + → ←", "move along the time"],
  ["Escape", "close the story; what opened it has the keys again"],
  ["?", "this help"],
];
const ON_THE_TIMELINE = [
  ["↓ ↑, Page ↓ ↑", "choose a row"],
  ["Enter", "the story of the chosen row at the cursor"],
  ["Home End", "the beginning and the end of the run"],
];
const IN_THE_TABLE = [
  ["↓ ↑", "from row to row, when one is focused"],
  ["Enter", "shows the finding on the timeline and tells its story"],
];
const WITH_THE_MOUSE = [
  ["point", "says who owns a queue, since when and why; the charts say their values of that moment"],
  ["click", "on the timeline or on a row of the table: the story, with the chain of causes"],
  ["drag, Ctrl + wheel, double click", "moves along the time, or zooms"],
];

class Help {
  constructor() {
    const part = (title, rows) => [element("h3", {}, title), element("table", {}, element("tbody", {}, rows.map(([keys, words]) => element("tr", {}, element("th", { scope: "row" }, element("kbd", {}, keys)), element("td", {}, words)))))];
    const close = button("Close", { class: "close", autofocus: true }, () => this.element.close());
    this.element = element(
      "dialog", { class: "help", "aria-label": "Help" }, close,
      element("h2", {}, "Help"),
      element("p", {}, "Step mode: choose beside ◀ ▶ what is stepped through (steps of the timeline, changes of owners, findings, or all of it), then go from one to the next with the arrow keys."),
      part("Keys, wherever you are", KEYS), part("On the timeline", ON_THE_TIMELINE), part("In the table of findings", IN_THE_TABLE), part("With the mouse", WITH_THE_MOUSE),
      element("p", { class: "note" }, "A finding is a stall or an anomaly. The worst of a run have their story on this page, marked ◆ in the table; for others the command is there that tells it."),
    );
    document.body.append(this.element);
    this.button = button("? Help", { title: "Keys, and what can be clicked (?)" }, () => this.toggle());
  }

  toggle() {
    if (this.element.open) this.element.close();
    else this.element.showModal();
  }
}
