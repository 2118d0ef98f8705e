// Which rows are shown and in which order: lanes below each other, with a head for each broker or consumer.

const HEAD_HEIGHT = 20;

class Lanes {
  constructor(run) {
    this.run = run;
    this.by = "broker";
    this.troubledOnly = false;
    this.search = "";
    this.height = Lanes.heightFor(run.rows.length);
    this.arrange();
  }

  static heightFor(rows) {
    return rows <= 8 ? 30 : rows <= 24 ? 22 : rows <= 60 ? 17 : rows <= 150 ? 11 : 7;
  }

  arrange() {
    const word = this.search.trim().toLowerCase();
    const fits = (row) => (!this.troubledOnly || row.troubled) && (!word || this.matches(row, word));
    const rows = this.run.rows.filter(fits);
    this.shown = rows.length;
    this.list = this.by === "broker" ? this.byBroker(rows) : this.byConsumer(rows);
    this.place();
  }

  matches(row, word) {
    if (row.name.toLowerCase().includes(word)) return true;
    return row.who.some((who) => who >= 0 && this.run.consumers[who].toLowerCase() === word);
  }

  byBroker(rows) {
    const groups = new Map();
    for (const row of rows) {
      if (!groups.has(row.broker)) groups.set(row.broker, []);
      groups.get(row.broker).push(row);
    }
    const brokers = [...groups.keys()].sort((a, b) => a - b);
    return brokers.flatMap((broker) => {
      const own = groups.get(broker);
      const head = { head: this.run.brokers[broker], said: counted(own.length, "queue") };
      return [head, ...own.map((row) => ({ row, only: null, label: this.label(row, false) }))];
    });
  }

  byConsumer(rows) {
    const owned = new Map();
    const own = (who, row) => {
      if (!owned.has(who)) owned.set(who, new Set());
      owned.get(who).add(row);
    };
    for (const row of rows) {
      row.who.forEach((who) => who >= 0 && own(who, row));
      for (const shared of row.shares.values()) shared.forEach((who) => own(who, row));
      row.dead.forEach((dead) => own(dead.who, row));
    }
    const nobody = rows.filter((row) => !row.who.some((who) => who >= 0) && row.shares.size === 0 && row.dead.length === 0);
    const lanes = [...owned.keys()].sort((a, b) => a - b).flatMap((who) => {
      const queues = [...owned.get(who)];
      const head = { head: this.run.consumers[who], said: `${counted(queues.length, "queue")} in all`, consumer: who };
      return [head, ...queues.map((row) => ({ row, only: who, label: this.label(row, true) }))];
    });
    if (nobody.length === 0) return lanes;
    return [...lanes, { head: "nobody", said: counted(nobody.length, "queue") }, ...nobody.map((row) => ({ row, only: null, label: this.label(row, true) }))];
  }

  label(row, withBroker) {
    const queue = withBroker ? row.queue : `${row.topic}/${row.id}`;
    return this.run.severalGroups ? `${this.run.groups[row.group]} ${queue}` : queue;
  }

  place() {
    let [at, place] = [0, 0];
    this.tops = new Float64Array(this.list.length + 1);
    this.list.forEach((lane, number) => {
      this.tops[number] = at;
      // Counted from its head: a name that stands beside every few rows does not jump while one scrolls.
      lane.place = place = lane.head === undefined ? place + 1 : -1;
      at += lane.head === undefined ? this.height : HEAD_HEIGHT;
    });
    this.tops[this.list.length] = at;
    this.total = at;
  }

  /** The number of the lane at a height; -1: none. */
  at(y) {
    const number = lastNotAfter(this.tops, y);
    return number >= 0 && number < this.list.length ? number : -1;
  }

  /** The lane that shows a row, of a consumer first where it is asked for. */
  of(row, consumer = null) {
    const exact = this.list.findIndex((lane) => lane.row === row && lane.only === consumer);
    return exact >= 0 ? exact : this.list.findIndex((lane) => lane.row === row);
  }
}
