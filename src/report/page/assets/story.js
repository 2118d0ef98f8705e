// The story of a moment of a queue or of a finding: what was seen, why it came about, what the causes mean, and commands.

/** So many findings of one moment are told. */
const MOST_TOLD = 6;

class Story {
  constructor(stage) {
    this.stage = stage;
    this.opener = null;
    this.body = element("div", { class: "story-body" });
    const close = button("Close", { class: "close", "aria-label": "Close the story (Escape)" }, () => this.close());
    this.element = element("aside", { class: "story", hidden: true, tabindex: "-1", "aria-label": "The story of a queue", "aria-live": "polite" }, close, this.body);
    document.body.append(this.element);
  }

  /** Who opened it has the keys again. */
  close() {
    if (this.element.hidden) return;
    this.element.hidden = true;
    const back = this.opener?.isConnected && this.opener !== document.body ? this.opener : this.stage.timeline.scroller;
    back.focus({ preventScroll: back === this.stage.timeline.scroller });
    this.stage.choose(null);
  }

  /** Tells of a queue at a moment: of what was noticed there the worst first. */
  tell(row, at) {
    const { run } = this.stage;
    const found = run.findingsOf(row, at, at);
    const rank = (each) => (each.story ? 8 : 0) + (each.isStall ? 4 : 0) + each.severity;
    found.sort((a, b) => rank(b) - rank(a) || b.until - b.from - (a.until - a.from));
    const [head, ...lines] = told(run, row, at);
    const more = found.length > MOST_TOLD ? element("p", { class: "note" }, `${counted(found.length - MOST_TOLD, "finding")} more of that moment stand in the table.`) : null;
    this.stage.choose(found[0] ?? null);
    this.show(head.textContent, [
      ...lines.filter((line) => !/^(stalled|noticed)/.test(line.textContent)),
      ...found.slice(0, MOST_TOLD).map((finding, number) => this.finding(finding, number === 0)),
      more,
      ...(found.length > 0 ? [] : [element("p", { class: "note" }, "Nothing was noticed of it at that moment.")]),
      this.before(row, at),
      found.length > 0 ? null : element("section", {}, element("h3", {}, "What `explain` says of this moment"), command(`${run.explain} --queue ${quoted(row.queue)} --at ${moment(at)}`)),
    ]);
  }

  /** Tells of a finding that may be of no queue. */
  tellFinding(finding) {
    const where = [finding.queue, finding.consumer, finding.group].filter(Boolean).join(", ");
    const until = finding.until > finding.from ? ` to ${moment(finding.until)}` : "";
    const parts = [element("div", {}, `${moment(finding.from)}${until}`), this.finding(finding, true)];
    if (finding.row) parts.push(this.before(finding.row, finding.from));
    this.show(`${prose(finding.kind)}${where ? `: ${where}` : ""}`, parts);
  }

  show(title, parts) {
    if (this.element.hidden) this.opener = document.activeElement;
    this.body.replaceChildren(element("h2", {}, title), ...parts.filter(Boolean));
    this.element.hidden = false;
    this.element.scrollTop = 0;
  }

  finding(finding, isFirst) {
    const { words } = data;
    const cause = words.causes[finding.why || finding.cause];
    const kind = finding.isStall ? null : words.kinds[finding.kind];
    const trap = finding.trap ? ` [trap ${finding.trap}]` : "";
    const zoom = button("Zoom to it", {}, () => this.stage.focus(finding));
    const inTable = button("Show in the table", {}, () => this.stage.table.reveal(finding));
    const head = `${prose(finding.kind)}${lengthOf(finding)}: ${causeOf(finding)}${trap}`;
    return element(
      "section", { class: "finding" },
      element("h3", {}, head),
      finding.detail ? element("p", {}, finding.detail) : null,
      finding.remedy ? element("p", { class: "remedy" }, finding.remedy) : null,
      element("p", { class: "buttons" }, zoom, inTable),
      this.why(finding, isFirst),
      cause && fold(`What “${prose(finding.why || finding.cause)}” means`, { open: isFirst && !finding.story }, explanation(cause)),
      kind && fold(`What “${prose(finding.kind)}” means`, {}, explanation(kind)),
    );
  }

  /** The chain of its causes where it is told here, else what else there is, and the command. */
  why(finding, isFirst) {
    const { run } = this.stage;
    const again = element("section", { class: "again" }, element("h3", {}, finding.what ? "The same by command" : "The log around it"), command(commandOf(run, finding)));
    if (finding.story) {
      const chain = explainedOf(finding.story, (at) => this.stage.goTo(at));
      return isFirst ? [chain, again] : fold("Why, step by step", {}, chain, again);
    }
    if (!finding.what) return again;
    const alike = run.alike(finding);
    const other = alike && button(`The story of ${alike.queue}, alike: the same cause at the same time`, {}, () => this.stage.focus(alike));
    const note = element("p", { class: "note" }, run.stories.length > 0 ? `Its own story is not on this page: of ${grouped(run.explainable)} findings those of the worst ${run.stories.length} are.` : "No story is on this page: the run is too long for that.", " The command tells it.");
    return [note, other && element("p", {}, other), again];
  }

  /** The last changes of the queue's owner before a moment. */
  before(row, at) {
    const { run } = this.stage;
    const last = run.stretchAt(row, at);
    const items = [];
    for (let each = Math.max(1, last - 4); each <= last; each += 1) {
      const go = button(moment(row.starts[each]), { class: "link number", title: "Put the cursor here" }, () => this.stage.goTo(row.starts[each]));
      items.push(element("li", {}, go, ` ${run.holder(row, each - 1)} → ${run.holder(row, each)}`));
    }
    if (items.length === 0) return null;
    return fold("Changes of the owner until then", { open: true }, element("ul", {}, items));
  }
}

const EXPLAINED = ["means", "comes about", "is seen as", "advice"];

function explanation(parts) {
  const rows = parts.map((part, number) => part && [element("dt", {}, EXPLAINED[number]), element("dd", {}, part)]);
  return element("dl", {}, rows.filter(Boolean).flat());
}
