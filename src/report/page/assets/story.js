// The story of a moment of a queue: what was seen, what the causes mean, and the command that tells it step by step.

class Story {
  constructor(stage) {
    this.stage = stage;
    this.body = element("div", { class: "story-body" });
    const close = button("Close", { class: "close", "aria-label": "Close the story" }, () => this.close());
    this.element = element("aside", { class: "story", hidden: true, "aria-label": "The story of a queue", "aria-live": "polite" }, close, this.body);
    document.body.append(this.element);
  }

  close() {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.stage.timeline.scroller.focus({ preventScroll: true });
  }

  /** Tells of a queue at a moment. */
  tell(row, at) {
    const { run } = this.stage;
    const found = run.findingsOf(row, at, at);
    const [head, ...lines] = told(run, row, at);
    this.show(head.textContent, [
      ...lines.filter((line) => !/^(stalled|noticed)/.test(line.textContent)),
      ...(found.length > 0 ? found.map((finding) => this.finding(finding)) : [element("p", { class: "note" }, "Nothing was noticed of it at that moment.")]),
      this.before(row, at),
      this.ask(row.queue, at),
    ]);
  }

  /** Tells of a finding that may be of no queue. */
  tellFinding(finding) {
    const where = [finding.queue, finding.consumer, finding.group].filter(Boolean).join(", ");
    const until = finding.until > finding.from ? ` to ${moment(finding.until)}` : "";
    const parts = [element("div", {}, `${moment(finding.from)}${until}`), this.finding(finding)];
    if (finding.row) parts.push(this.before(finding.row, finding.from), this.ask(finding.queue, finding.from));
    this.show(`${prose(finding.kind)}${where ? `: ${where}` : ""}`, parts);
  }

  show(title, parts) {
    this.body.replaceChildren(element("h2", {}, title), ...parts.filter(Boolean));
    this.element.hidden = false;
    this.element.scrollTop = 0;
  }

  finding(finding) {
    const { words } = data;
    const cause = words.causes[finding.why || finding.cause];
    const kind = finding.isStall ? null : words.kinds[finding.kind];
    const length = lengthOf(finding);
    const trap = finding.trap ? ` [trap ${finding.trap}]` : "";
    const zoom = button("Zoom to it", {}, () => this.stage.focus(finding));
    const explained = cause && fold("What that means", { open: true }, explanation(cause));
    return element(
      "section", { class: "finding" },
      element("h3", {}, `${prose(finding.kind)}${length}: ${causeOf(finding)}${trap}`),
      finding.detail ? element("p", {}, finding.detail) : null,
      finding.remedy ? element("p", { class: "remedy" }, finding.remedy) : null,
      explained,
      kind && fold(`What “${prose(finding.kind)}” means`, {}, explanation(kind)),
      element("p", {}, zoom),
    );
  }

  /** The last changes of the queue's owner before a moment. */
  before(row, at) {
    const { run } = this.stage;
    const last = run.stretchAt(row, at);
    const items = [];
    for (let each = Math.max(1, last - 4); each <= last; each += 1) {
      items.push(element("li", {}, `${moment(row.starts[each])}: ${run.holder(row, each - 1)} → ${run.holder(row, each)}`));
    }
    if (items.length === 0) return null;
    return element("section", {}, element("h3", {}, "Changes of the owner until then"), element("ul", {}, items));
  }

  ask(queue, at) {
    const plain = /^[A-Za-z0-9\-_./:=@%+,]+$/.test(queue);
    const quoted = plain ? queue : `'${queue.replaceAll("'", "'\\''")}'`;
    const text = `${this.stage.run.explain} --queue ${quoted} --at ${moment(at)}`;
    return element("section", {}, element("h3", {}, "Step by step"), command(text));
  }
}

const EXPLAINED = ["means", "comes about", "is seen as", "advice"];

function explanation(parts) {
  const rows = parts.map((part, number) => part && [element("dt", {}, EXPLAINED[number]), element("dd", {}, part)]);
  return element("dl", {}, rows.filter(Boolean).flat());
}
