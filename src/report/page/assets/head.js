// The head of a report: the verdict, the question, what was expected, the figures.

function headOf({ head }) {
  const broken = head.expectations.filter((each) => each.standing === "violated");
  const word = head.verdict.toLowerCase().replaceAll(" ", "-");
  return element(
    "header", {},
    element("h1", {}, element("span", { class: `verdict ${word}` }, head.verdict), " ", head.title),
    element("p", { class: "question" }, head.question),
    element("p", { class: "subject" }, [head.file, head.seeds, `environment ${head.environment}`, ...head.overrides.map((each) => `with ${each}`)].join(" · ")),
    expectations(head, broken),
    figures(head.figures),
  );
}

function expectations({ expectations: all }, broken) {
  if (all.length === 0) return element("p", {}, "The scenario expects nothing.");
  const count = (standing) => all.filter((each) => each.standing === standing).length;
  const open = count("needs many seeds");
  const title = `${count("held")} of ${all.length - open} expectations held${open ? `; ${open} more need many seeds` : ""}`;
  const row = (each) => element("tr", { class: each.standing.replaceAll(" ", "-") }, element("td", {}, each.standing), element("td", {}, element("code", {}, each.text)), element("td", {}, each.seen));
  return fold(title, { class: "expectations", open: broken.length > 0 }, element("table", {}, element("tbody", {}, all.map(row))));
}

function figures({ head, rows, zero }) {
  const titles = ["figure", ...head, "what it is"].map((name) => element("th", { scope: "col" }, name));
  const row = ([name, cells, words]) =>
    element("tr", {}, element("th", { scope: "row" }, name), cells.map((cell) => element("td", { class: "number" }, cell)), element("td", {}, words));
  return element(
    "section", { class: "figures", "aria-label": "Figures" },
    rows.length > 0 ? element("div", { class: "scrolls" }, element("table", {}, element("thead", {}, element("tr", {}, titles)), element("tbody", {}, rows.map(row)))) : null,
    zero ? element("p", { class: "note" }, `zero: ${zero}`) : null,
  );
}

/** What stands at the end: the scenario and the whole summary. */
function footOf({ head }) {
  return element(
    "footer", {},
    fold("The scenario", {}, element("pre", {}, head.scenario)),
    fold("The whole summary as text", {}, element("pre", {}, head.summary)),
  );
}
