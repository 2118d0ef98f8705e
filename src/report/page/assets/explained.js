// Why a finding came about, step by step: its chain, where the time went, what would shorten it, and the commands.

/** The command about a finding. */
function commandOf(run, finding) {
  const { what, queue, from, until } = finding;
  const isOfMessages = ["duplicate", "skipped", "lost"].includes(what);
  // What has a length is found at a moment within it, a message at the second of its hand-out.
  const within = (Math.floor(from / 1_000) + 1) * 1_000;
  const finer = `${((from + 1) / SECOND).toFixed(6)}s`;
  const at = !what || isOfMessages ? moment(from) : within <= until ? moment(within) : finer;
  if (!what) return `${run.replay} --until ${at}`;
  return `${run.explain} --what ${what} --queue ${quoted(queue)} --at ${at}`;
}

/** A word as a POSIX shell reads it back. */
function quoted(word) {
  return /^[A-Za-z0-9\-_./:=@%+,]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A moment of a chain, `1m02.123456s`, in microseconds. */
function microsOf(text) {
  const [, minutes, seconds] = text.match(/^(?:(\d+)m)?([\d.]+)s$/) ?? [];
  return seconds === undefined ? null : Math.round((Number(minutes ?? 0) * 60 + Number(seconds)) * SECOND);
}

/** The story that `explain` tells. `go` moves to a moment. */
function explainedOf(story, go) {
  const said = (name, text) => text && element("p", { class: "aside" }, element("span", { class: "name" }, `${name} `), text);
  return element(
    "section", { class: "explained" },
    element("h3", {}, "Step by step"),
    element("p", { class: "aside" }, `${story.size}: ${story.place}, from ${story.from} to ${story.until}`),
    said("below", story.below), said("before", story.before),
    element("ol", { class: "chain" }, story.lines.map((line) => chainLine(line, go))),
    spentOf(story.spent),
    said("uncommitted", story.uncommitted),
    element("h3", {}, "What would shorten it"),
    story.shorter.length > 0 ? story.shorter.map(([text, tried]) => [element("p", {}, text), command(tried)]).flat() : element("p", {}, story.why_nothing),
  );
}

function chainLine(line, go) {
  const at = microsOf(line.at);
  const when = at === null ? line.at : button(line.at, { class: "link number", title: "Put the cursor here" }, () => go(at));
  return element("li", {}, when, " ", element("b", {}, line.actor), ` ${line.text}`, line.waited ? element("div", { class: "waited" }, line.waited) : null);
}

function spentOf(spent) {
  if (spent.length === 0) return null;
  const bar = (share) => element("i", { class: "share", style: `width: ${Math.max(0.5, Number.parseFloat(share) || 0).toFixed(1)}%` });
  const row = ({ name, ms, share, governed }) =>
    element("tr", { class: name === "sum" ? "sum" : null }, element("th", { scope: "row" }, name, governed ? element("div", { class: "note" }, governed) : null, name === "sum" ? null : bar(share)), element("td", { class: "number" }, ms), element("td", { class: "number" }, share));
  const head = ["where the time went", "ms", "share"].map((name) => element("th", { scope: "col" }, name));
  return element("table", { class: "spent" }, element("thead", {}, element("tr", {}, head)), element("tbody", {}, spent.map(row)));
}
