// One run, as its data say it: lengths become moments, numbers become texts.

const [GAP, NOT_YET, OVERLAP, POPPED] = [-1, -2, -3, -4];
const SEVERITIES = ["note", "warning", "violation", "failure"];

class Run {
  constructor(raw) {
    Object.assign(this, raw);
    this.severalGroups = raw.groups.length > 1;
    this.rows = raw.rows.map((row, number) => this.readRow(row, number));
    this.findings = [...this.readStalls(raw.stalls), ...this.readAnomalies(raw.anomalies)];
    this.findings.sort((a, b) => a.from - b.from || b.until - a.until);
    this.findings.forEach((finding, number) => {
      finding.number = number;
      if (finding.row) finding.row.findings.push(finding);
    });
    this.panels = raw.panels.map((panel) => this.readPanel(panel));
  }

  text(number) {
    return number < 0 ? "" : this.texts[number];
  }

  readRow(raw, number) {
    const count = raw.held.length / 2;
    const row = { ...raw, number, starts: new Float64Array(count + 1), who: new Int32Array(count), findings: [], shares: new Map() };
    let [at, overlaps] = [0, 0];
    for (let each = 0; each < count; each += 1) {
      row.starts[each] = at;
      row.who[each] = raw.held[2 * each + 1];
      if (row.who[each] === OVERLAP) row.shares.set(each, raw.shared[overlaps++]);
      at += raw.held[2 * each];
    }
    row.starts[count] = at;
    row.topic = this.text(raw.topic);
    row.queue = `${row.topic}/${this.brokers[raw.broker]}/${raw.id}`;
    row.name = this.severalGroups ? `${this.groups[raw.group]} ${row.queue}` : row.queue;
    row.dead = [];
    for (let each = 0; each < raw.dead.length; each += 3) {
      const [from, length, who] = raw.dead.slice(each, each + 3);
      row.dead.push({ from, until: from + length, who });
    }
    row.troubled = row.who.some((who) => who === GAP || who === OVERLAP);
    return row;
  }

  *records({ names, cells }) {
    for (let at = 0; at < cells.length; at += names.length) {
      yield Object.fromEntries(names.map((name, column) => [name, cells[at + column]]));
    }
  }

  *readStalls(columns) {
    for (const raw of this.records(columns)) {
      const row = this.rows[raw.row];
      if (row) row.troubled = true;
      yield {
        from: raw.from, until: raw.until, row, kind: "stall", what: data.words.whats.stall, story: this.stories[raw.story], severity: 1, isStall: true,
        group: this.groups[raw.group], queue: this.text(raw.queue), consumer: "", count: 1,
        cause: this.text(raw.cause), why: this.text(raw.why), trap: "", detail: this.text(raw.detail).replace(/[a-z]+(_[a-z]+)+(?= \d)/g, prose), remedy: this.text(raw.remedy),
        measured: this.windows.length === 0 || (raw.from < this.windows[0][2] && raw.until > this.windows[0][1]),
      };
    }
  }

  *readAnomalies(columns) {
    for (const raw of this.records(columns)) {
      const kind = this.text(raw.kind);
      yield {
        from: raw.from, until: raw.until, row: this.rows[raw.row], kind, what: data.words.whats[kind] ?? "", story: this.stories[raw.story], severity: raw.severity, isStall: false,
        group: this.groups[raw.group] ?? "", queue: this.text(raw.queue), consumer: this.consumers[raw.consumer] ?? "", count: raw.count,
        cause: this.text(raw.cause), why: "", trap: this.text(raw.trap), detail: this.text(raw.detail), remedy: "",
        measured: raw.measured === 1,
      };
    }
  }

  readPanel(raw) {
    const lines = raw.lines.map((line) => {
      const count = line.points.length / 2;
      const [at, value] = [new Float64Array(count), new Float64Array(count)];
      let [time, sum] = [0, 0];
      for (let each = 0; each < count; each += 1) {
        at[each] = time += line.points[2 * each];
        value[each] = sum += line.points[2 * each + 1];
      }
      return { name: line.name, at, value };
    });
    return { title: this.text(raw.title), unit: raw.unit, lines };
  }

  /** Of a finding whose story is not told another whose is: of its kind and cause, at the same time. */
  alike(finding) {
    const is = (other) =>
      other.story && other.kind === finding.kind && other.cause === finding.cause && other.why === finding.why &&
      other.from <= finding.until && other.until >= finding.from;
    return this.findings.find(is);
  }

  /** The stretch of a row that holds at a moment. */
  stretchAt(row, at) {
    return Math.min(Math.max(lastNotAfter(row.starts, at), 0), row.who.length - 1);
  }

  /** Who holds a stretch, in words. */
  holder(row, stretch) {
    const who = row.who[stretch];
    if (who === NOT_YET) return "nobody yet";
    if (who === POPPED) return "nobody: it is popped";
    if (who === GAP) return "nobody";
    if (who === OVERLAP) return listed(row.shares.get(stretch).map((each) => this.consumers[each]), 4);
    return this.consumers[who];
  }

  /** What was noticed on a row within a range. */
  findingsOf(row, from, until) {
    return row.findings.filter((each) => each.from <= until && each.until >= from);
  }

  /** The last step of the timeline before a moment. */
  stepBefore(at) {
    return this.steps.findLast(([when]) => when <= at);
  }
}

/** The last place in a sorted list whose value is not after this one; -1: there is none. */
function lastNotAfter(sorted, value) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Of several messages or queues it is told between which moments they were, and that is no length. */
function isSpread(finding) {
  return !finding.isStall && finding.count > 1 && finding.until > finding.from;
}

/** How long a finding lasted, in words. */
function lengthOf(finding) {
  if (finding.until === finding.from) return "";
  return `${isSpread(finding) ? `, ${grouped(finding.count)} within` : " for"} ${span(finding.until - finding.from)}`;
}

/** Why a finding came to be, in words. */
function causeOf(finding) {
  return finding.why ? `${prose(finding.cause)} (${prose(finding.why)})` : prose(finding.cause);
}
