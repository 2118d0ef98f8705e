// Colours that people with any kind of colour vision tell apart (Paul Tol's `light` and `vibrant` schemes), and patterns
// where there are more owners than colours.

const OWNERS = ["#77aadd", "#eedd88", "#44bb99", "#ffaabb", "#99ddff", "#bbaa44", "#bbcc33"];
const DARKER = ["#5a8fc4", "#c9b458", "#2f9a7c", "#d98a9c", "#6dbbe0", "#94862f", "#98a828"];
/** No pattern, strokes one way, strokes the other way, dots, strokes across. */
const PATTERNS = 5;

let shades = readShades();

function readShades() {
  const style = getComputedStyle(document.documentElement);
  const names = ["ink", "faint", "grid", "paper", "gap", "not-yet", "popped", "overlap", "overlap-hatch", "dead", "stall", "step", "mark", "chosen"];
  const lines = ["line-0", "line-1", "line-2", "line-3"];
  return Object.fromEntries([...names, ...lines].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** Colour and pattern of the n-th owner: seven colours, seven darker ones, then the same with a pattern. */
function ownerShade(number) {
  const colours = Math.floor(number / OWNERS.length) % 2 ? DARKER : OWNERS;
  return { fill: colours[number % OWNERS.length], pattern: Math.floor(number / (2 * OWNERS.length)) % PATTERNS };
}

const tiles = new Map();

/** A small tile of a pattern; the canvas repeats it. */
function tile(context, kind, colour) {
  const key = `${kind} ${colour}`;
  if (!tiles.has(key)) tiles.set(key, drawTile(kind, colour));
  return context.createPattern(tiles.get(key), "repeat");
}

function drawTile(kind, colour) {
  const made = document.createElement("canvas");
  made.width = made.height = 8;
  const pen = made.getContext("2d");
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = 1.5;
  const stroke = (x0, y0, x1, y1) => {
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    pen.stroke();
  };
  if (kind === 1) for (const at of [-8, 0, 8]) stroke(at, 8, at + 8, 0);
  if (kind === 2) for (const at of [-8, 0, 8]) stroke(at, 0, at + 8, 8);
  if (kind === 3) pen.fillRect(2, 2, 3, 3);
  if (kind === 4) stroke(0, 3, 8, 3);
  return made;
}
