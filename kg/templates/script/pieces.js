// --- Small pieces of document; text is only ever set as textContent ------------------------------

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null) continue;
    if (key === "class") element.className = value;
    else if (key === "text") element.textContent = value;
    else if (key === "on") element.addEventListener("click", value);
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const button = (properties, ...children) => make("button", { type: "button", ...properties }, ...children);

const SVG = "http://www.w3.org/2000/svg";
function shape(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const small = matchMedia("(max-width: 900px)");
const shade = () => (dark.matches ? 1 : 0);
const colour = (name) =>
  getComputedStyle(document.body)
    .getPropertyValue("--" + name)
    .trim();
const groupColour = (group) => (page.look.groups[group] || page.look.fallback_group.colour)[shade()];
const form = (type) => page.look.types[type] || page.look.fallback_type;

// How a kind of thing is drawn: its outline, and fill and border in the colour of its family.
const paints = new Map();
function painted(type) {
  const key = `${type} ${shade()}`;
  if (!paints.has(key)) paints.set(key, paint(type));
  return paints.get(key);
}
function paint(type) {
  const { shape: outline, family, level } = form(type);
  const full = page.look.families[family][shade()];
  const ground = page.look.page.background[shade()];
  const fills = [ground, mixed(ground, full, 0.35), full];
  return { outline, fill: fills[level], border: full };
}

// The colour at a share of the way from one to the other.
const mixtures = new Map();
function mixed(from, to, share) {
  const key = from + to + share;
  if (!mixtures.has(key)) mixtures.set(key, mixture(from, to, share));
  return mixtures.get(key);
}
function mixture(from, to, share) {
  const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const [a, b] = [parts(from), parts(to)];
  const hex = a.map((value, i) =>
    Math.round(value + (b[i] - value) * share)
      .toString(16)
      .padStart(2, "0"),
  );
  return "#" + hex.join("");
}

// Outlines in a square of 18 units.
const OUTLINES = {
  square: "M3 3H15V15H3Z",
  diamond: "M9 1.5 16.5 9 9 16.5 1.5 9Z",
  triangle: "M9 2 16.5 15.5H1.5Z",
  triangleDown: "M9 16 16.5 2.5H1.5Z",
  hexagon: "M5 2.5H13L17 9 13 15.5H5L1 9Z",
  star: "M9 1l2.3 5.2 5.7.6-4.3 3.8 1.3 5.6L9 13.3 4 16.2l1.3-5.6L1 6.8l5.7-.6Z",
  dot: "M9 2.2a6.8 6.8 0 1 1 0 13.6 6.8 6.8 0 0 1 0-13.6Z",
};

const icon = (width, path, attributes) =>
  shape(
    "svg",
    { viewBox: `0 0 ${width} 18`, width, height: 18, "aria-hidden": "true", focusable: "false" },
    shape("path", { d: path, ...attributes }),
  );
function glyph(type) {
  const { outline, fill: inside, border } = painted(type);
  return icon(18, OUTLINES[outline], { fill: inside, stroke: border, "stroke-width": 1.6 });
}
const LINES = {
  own: ["M1 9H27", "none"],
  reported: ["M1 9H27", "6 4"],
  negated: ["M1 9H27M10 5l8 8M18 5l-8 8", "none"],
};
const stroke = (ink, voice = "own") =>
  icon(28, LINES[voice][0], {
    fill: "none",
    stroke: ink,
    "stroke-width": 3,
    "stroke-dasharray": LINES[voice][1],
  });

function swatch(group) {
  const mark = make("span", { class: "swatch" });
  mark.style.backgroundColor = groupColour(group);
  return mark;
}

function say(text) {
  byId("status").textContent = text;
}
