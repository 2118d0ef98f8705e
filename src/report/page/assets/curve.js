// A figure over the values of one setting: the band of most seeds, the median, and the knee. Each value is a column that is
// pointed at, or reached with the keys.

const CURVE = { width: 860, height: 300, left: 78, right: 20, top: 26, bottom: 46 };

/** Where the values stand: as far apart as their numbers, where none would stand in another. */
function placesOf({ values, numbers }) {
  const [from, room] = [CURVE.left + 14, CURVE.width - CURVE.left - CURVE.right - 28];
  const evenly = values.map((_, number) => from + (room * number) / Math.max(1, values.length - 1));
  if (!numbers) return evenly;
  const [first, last] = [numbers[0], numbers.at(-1)];
  const places = numbers.map((number) => from + ((number - first) / (last - first || 1)) * room);
  return places.some((x, number) => number > 0 && x - places[number - 1] < 22) ? evenly : places;
}

/** About four round marks from zero to what holds the most. */
function scaleOf(most, unit) {
  const steps = unit === "us" ? STEPS : [1, 2, 5].flatMap((digit) => Array.from({ length: 15 }, (_, power) => digit * 10 ** power)).sort((a, b) => a - b);
  const step = steps.find((each) => most / each <= 5) ?? steps.at(-1) * Math.ceil(most / steps.at(-1) / 5);
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, number) => number * step);
}

function curveOf(panel, pointed) {
  const axis = data.axes[0];
  const places = placesOf(axis);
  const stops = panel.cells.map((cell, number) => ({ cell, x: places[number], number })).filter(({ cell }) => cell);
  const marks = scaleOf(Math.max(...stops.map(({ cell }) => cell.numbers[2]), 1), panel.unit);
  const bottom = CURVE.height - CURVE.bottom;
  const y = (value) => bottom - (value / marks.at(-1)) * (bottom - CURVE.top);
  const line = (which) => stops.map(({ cell, x }) => `${x.toFixed(1)},${y(cell.numbers[which]).toFixed(1)}`);
  const columns = stops.map((stop, at) => column(panel, stop, [stops[at - 1], stops[at + 1]], pointed));
  return drawn(
    "svg", { class: "curve", viewBox: `0 0 ${CURVE.width} ${CURVE.height}`, role: "group", "aria-label": `${panel.figure} over ${axis.path}` },
    marks.map((mark) => [
      drawn("line", { class: "grid", x1: CURVE.left, x2: CURVE.width - CURVE.right, y1: y(mark), y2: y(mark) }),
      words(CURVE.left - 8, y(mark) + 4, amountOf(panel, mark), { class: "faint", "text-anchor": "end" }),
    ]).flat(),
    drawn("polygon", { class: "band", points: [...line(0), ...line(2).reverse()].join(" ") }),
    panel.knee === null ? null : kneeAt(places[panel.knee]),
    drawn("polyline", { class: "median", points: line(1).join(" ") }),
    stops.map(({ cell, x }) => drawn("circle", { class: "point", cx: x, cy: y(cell.numbers[1]), r: 4 })),
    labelsBelow(stops, axis, bottom),
    words((CURVE.left + CURVE.width - CURVE.right) / 2, CURVE.height - 6, axis.path, { "text-anchor": "middle" }),
    columns,
  );
}

function kneeAt(x) {
  const atEdge = x > CURVE.width - 80;
  return [
    drawn("line", { class: "knee", x1: x, x2: x, y1: CURVE.top - 12, y2: CURVE.height - CURVE.bottom }),
    words(x + (atEdge ? -6 : 6), CURVE.top - 4, "knee", { class: "knee-word", "text-anchor": atEdge ? "end" : "start" }),
  ];
}

/** The values below the axis, those left out that would run into another. */
function labelsBelow(stops, { values }, bottom) {
  let free = -Infinity;
  return stops.flatMap(({ x, number }) => {
    const half = values[number].length * 3.6;
    const fits = x - half > free;
    if (fits) free = x + half + 6;
    return [
      drawn("line", { class: "axis-line", x1: x, x2: x, y1: bottom, y2: bottom + 5 }),
      fits ? words(x, bottom + 19, values[number], { class: "faint", "text-anchor": "middle" }) : null,
    ];
  });
}

/** The column of one value: half of the way to its neighbours. */
function column(panel, { x, number }, [before, after], pointed) {
  const from = before ? (before.x + x) / 2 : CURVE.left;
  const until = after ? (after.x + x) / 2 : CURVE.width - CURVE.right;
  return drawn("rect", {
    class: "column", x: from, width: Math.max(until - from, 1), y: CURVE.top, height: CURVE.height - CURVE.bottom - CURVE.top, rx: 3,
    ...pointed.of(panel, number),
  });
}
