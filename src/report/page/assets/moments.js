// Moments and lengths of time as people read them. All are microseconds of simulated time.

const SECOND = 1_000_000;

function trimmed(number, digits) {
  return String(Number(number.toFixed(digits)));
}

/** A length: `4.21s`, `15.2s`, `2m5s`, `1h3m`. */
function span(us) {
  if (us === 0) return "0s";
  if (us < 1_000) return `${Math.max(1, Math.round(us))}us`;
  if (us < 999_500) return `${Math.round(us / 1_000)}ms`;
  if (us < 10 * SECOND) return `${trimmed(us / SECOND, 2)}s`;
  if (us < 120 * SECOND) return inParts(Math.round(us / 100_000) / 10);
  if (us < 3_600 * SECOND) return inParts(Math.round(us / SECOND));
  return inParts(Math.round(us / SECOND / 60) * 60);
}

function inParts(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  const rest = trimmed(seconds % 60, 1);
  const text = (hours ? `${hours}h` : "") + (minutes ? `${minutes}m` : "");
  return rest === "0" && text ? text : `${text}${rest}s`;
}

/** A moment to the millisecond, as the commands take it. */
function moment(us) {
  return `${(Math.floor(us / 1_000) / 1_000).toFixed(3)}s`;
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500].map((ms) => ms * 1_000)
  .concat([1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400].map((s) => s * SECOND));

/** Round moments in a range, about so many. */
function ticks(from, until, most) {
  const step = STEPS.find((step) => (until - from) / step <= most) ?? STEPS.at(-1);
  const found = [];
  for (let at = Math.ceil(from / step) * step; at <= until; at += step) found.push(at);
  return { step, at: found };
}

/** The label of a tick: as exact as its neighbours need. */
function tickLabel(us, step) {
  if (step >= SECOND) return inParts(Math.round(us / SECOND));
  const whole = Math.floor(us / SECOND);
  const digits = step >= 100_000 ? 1 : step >= 10_000 ? 2 : 3;
  const minutes = Math.floor(whole / 60);
  return `${minutes ? `${minutes}m` : ""}${(us / SECOND - minutes * 60).toFixed(digits)}s`;
}
