// What a page is made of: its data, and elements whose texts are texts, whatever stands in them.

const data = JSON.parse(document.getElementById("data").textContent);
const page = document.getElementById("page");

/** An element; `on...` are listeners, other attributes are set where they are neither false nor null. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child != null && child !== ""));
  return made;
}

function button(text, attributes, onclick) {
  return element("button", { type: "button", ...attributes, onclick }, text);
}

/** A part that opens and closes. */
function fold(summary, attributes, ...children) {
  return element("details", attributes, element("summary", {}, summary), ...children);
}

/** A stable word as prose. */
function prose(word) {
  return word.replaceAll("_", " ");
}

function grouped(number) {
  return Math.round(number).toLocaleString("en-US");
}

function counted(number, noun) {
  return `${grouped(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** `a`, `a and b`, `a, b and 3 more`. */
function listed(names, most = 3) {
  const shown = names.slice(0, names.length > most ? most - 1 : most);
  const rest = names.length - shown.length;
  if (rest > 0) shown.push(`${grouped(rest)} more`);
  const last = shown.pop();
  return shown.length === 0 ? (last ?? "") : `${shown.join(", ")} and ${last}`;
}

/** A command with a button that copies it. */
function command(text) {
  const copy = button("Copy", { class: "copy" }, async () => {
    try {
      await navigator.clipboard.writeText(text);
      copy.textContent = "Copied";
    } catch {
      // A page that is opened as a file may not have the clipboard: the text is selected for the reader's own keys.
      const range = document.createRange();
      range.selectNodeContents(shown);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      copy.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => (copy.textContent = "Copy"), 2000);
  });
  const shown = element("code", {}, text);
  return element("div", { class: "command" }, shown, copy);
}
