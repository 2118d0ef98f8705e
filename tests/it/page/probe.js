// A reader of the page: points, clicks and types as a person does, and writes down what is then to be seen.

(async () => {
const seen = {};
const frame = () => new Promise((done) => setTimeout(() => requestAnimationFrame(() => setTimeout(done, 0)), 20));
const find = (selector) => document.querySelector(selector);
const text = (selector) => find(selector)?.textContent ?? "(nothing)";
const visible = (selector) => find(selector) !== null && !find(selector).hidden;

/** A place on the rows: a share of their width, and so many pixels below their top. */
function place(share, down) {
  const around = find(".rows").getBoundingClientRect();
  const [left, right] = [around.left + (around.width < 700 ? 104 : 190), around.right - 14];
  return { clientX: left + share * (right - left), clientY: around.top + down, bubbles: true, button: 0, pointerId: 1 };
}

async function point(share, down) {
  find(".rows").dispatchEvent(new PointerEvent("pointermove", place(share, down)));
  await frame();
  return visible(".tip") ? text(".tip") : "";
}

async function click(share, down) {
  const rows = find(".rows");
  rows.dispatchEvent(new PointerEvent("pointerdown", place(share, down)));
  rows.dispatchEvent(new PointerEvent("pointerup", place(share, down)));
  await frame();
  return visible(".story") ? text(".story") : "";
}

async function press(key, times = 1, more = {}) {
  for (let each = 0; each < times; each += 1) {
    find(".rows").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
    await frame();
  }
}

async function change(input, value) {
  if (input.type === "checkbox") input.checked = value;
  else input.value = value;
  input.dispatchEvent(new Event(input.tagName === "SELECT" || input.type === "checkbox" ? "change" : "input", { bubbles: true }));
  await frame();
}

/** How many colours a canvas shows: one that draws nothing shows one at most. */
function colours(selector) {
  const canvas = find(selector);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4 * 7) found.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
  return found.size;
}

async function look() {
  await frame();
  await frame();
  seen.title = document.title;
  seen.verdict = text(".verdict");
  seen.headings = [...document.querySelectorAll("h2, h3")].map((each) => each.textContent).join(" | ");
  if (!find(".rows")) {
    seen.worst = text(".worst");
    (find(".worst button") ?? find(".spread button"))?.click();
    await frame();
    await frame();
  }
  if (!find(".rows")) return;
  seen.rows = colours(".rows-canvas");
  seen.axis = colours(".axis-canvas");
  seen.charts = colours(".chart > canvas");
  seen.hover = await point(0.6, 35);
  seen.values = text(".chart-title");
  seen.hoverOnHead = await point(0.6, 8);
  seen.range = text(".range");
  find(".rows").dispatchEvent(new PointerEvent("pointerleave"));
  seen.tipAfterwards = visible(".tip");
  seen.click = await click(0.6, 35);
  seen.command = text(".story .again .command code");
  await press("Escape");
  seen.storyAfterwards = visible(".story");
  await press("ArrowRight");
  seen.firstStep = text(".said");
  await press("ArrowRight", 2);
  seen.thirdStep = text(".said");
  await press("ArrowLeft");
  seen.secondStep = text(".said");
  await press("+", 3);
  seen.closer = text(".range");
  await press("ArrowRight", 1, { shiftKey: true });
  seen.moved = text(".range");
  await press("0");
  seen.whole = text(".range");
  await press("ArrowDown", 2);
  await press("Enter");
  seen.chosen = text(".story h2");
  await press("Escape");
  await change(find(".tools select"), "consumer");
  seen.byConsumer = await point(0.6, 35);
  seen.rowsByConsumer = colours(".rows-canvas");
  await change(find(".tools select"), "broker");
  await change(find(".filters select[aria-label=severity]"), "any severity");
  await change(find(".filters input[type=checkbox]"), false);
  seen.allFindings = text(".count");
  await change(find(".filters input[type=search]"), "expiry");
  seen.found = text(".findings tbody");
  seen.count = text(".count");
  await press("+", 6);
  seen.before = text(".range");
  find(".findings tbody tr")?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  await frame();
  seen.shown = text(".range");
  seen.told = text(".story");
  await press("Escape");
  seen.elements = document.querySelectorAll("*").length;
  const asTable = [...document.querySelectorAll("details")].find((each) => each.textContent.includes("timeline as a table"));
  asTable.open = true;
  await frame();
  seen.asTable = asTable.textContent.slice(0, 400);
  asTable.open = false;
  find(".rows").dispatchEvent(new WheelEvent("wheel", { ...place(0.5, 30), deltaY: -300, ctrlKey: true, cancelable: true }));
  await frame();
  seen.wheel = text(".range");
  seen.scenario = [...document.querySelectorAll("footer pre")].map((each) => each.textContent).join("\n").slice(0, 200);
}

await look();
seen.wide = document.documentElement.scrollWidth - innerWidth;
return seen;
})()
