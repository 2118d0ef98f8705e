// Drawings of a page that are elements: each part has a title, and style and paper change their colours by themselves.

const SVG = "http://www.w3.org/2000/svg";

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child != null && child !== ""));
  return made;
}

/** A text at a place. */
function words(x, y, text, attributes = {}) {
  return drawn("text", { x, y, ...attributes }, text);
}
