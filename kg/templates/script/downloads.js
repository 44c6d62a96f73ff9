// --- What is shown, as a file: picture, table, triples --------------------------------------------

function save(name, type, content) {
  const link = make("a", { download: name });
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say(word("saved", { name }));
}

const fileName = (ending) => {
  const title = fold(document.title)
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return `${title.slice(0, 60) || "graph"}.${ending}`;
};

// The foot of a picture: title, what is shown of it, and what the colours mean.
const FOOT = { line: 20, letter: 7.4, edge: 16, stroke: 22 };
const footColumns = (width) => Math.max(Math.floor((width - 2 * FOOT.edge) / FOOT.letter), 20);

function wrapped(text, columns) {
  const lines = [""];
  for (const piece of plain(text).split(" ")) {
    const last = lines[lines.length - 1];
    if (last && last.length + piece.length >= columns) lines.push(piece);
    else lines[lines.length - 1] = last ? `${last} ${piece}` : piece;
  }
  return lines.map((line) => shorten(line, columns));
}

const caption = (width) => {
  const columns = footColumns(width);
  return [
    ...wrapped(document.title, columns).slice(0, 1),
    ...wrapped(byId("summary").textContent, columns).slice(0, 4),
    ...wrapped(byId("counts").textContent, columns),
  ];
};

// What is drawn of the groups of relations, each with its place in the foot, line by line.
function footLegend(width) {
  const used = new Set(drawn.edges.map((edge) => edge.group));
  let [x, row] = [FOOT.edge, 0];
  return inOrder(used, page.groups).map((group) => {
    const text = groupLabel(group);
    const wide = FOOT.stroke + 8 + text.length * FOOT.letter + 14;
    if (x > FOOT.edge && x + wide > width) [x, row] = [FOOT.edge, row + 1];
    const place = { text, ink: groupColour(group), x, row };
    x += wide;
    return place;
  });
}

const footHeight = (lines, legend) =>
  FOOT.line * (lines.length + 1 + (legend.length ? legend[legend.length - 1].row + 1 : 0));

function savePng() {
  const layers = renderer.layers();
  const scale = layers[0].width / layers[0].clientWidth || 1;
  const [width, height] = [layers[0].width / scale, layers[0].height / scale];
  const [lines, legend] = [caption(width), footLegend(width)];
  const canvas = make("canvas");
  canvas.width = layers[0].width;
  canvas.height = Math.round((height + footHeight(lines, legend)) * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = colour("background");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  for (const layer of layers) pen.drawImage(layer, 0, 0);
  pen.scale(scale, scale);
  const face = getComputedStyle(document.body).fontFamily;
  lines.forEach((text, line) => {
    pen.fillStyle = colour(line ? "muted" : "text");
    pen.font = `${line ? "" : "600 "}13px ${face}`;
    pen.fillText(text, FOOT.edge, height + (line + 1) * FOOT.line);
  });
  for (const { text, ink, x, row } of legend) {
    const y = height + (lines.length + row + 1) * FOOT.line;
    pen.fillStyle = ink;
    pen.fillRect(x, y - 6, FOOT.stroke, 3);
    pen.fillStyle = colour("text");
    pen.fillText(text, x + FOOT.stroke + 6, y);
  }
  canvas.toBlob((blob) => save(fileName("png"), "image/png", blob), "image/png");
}

const svgText = (content, x, y, size, fill, anchor = "middle") =>
  shape(
    "text",
    {
      x,
      y,
      "font-size": size,
      fill,
      "text-anchor": anchor,
      "paint-order": "stroke",
      stroke: colour("background"),
      "stroke-width": 3,
    },
    content,
  );

// Where a line runs: its path, how it arrives at its end, and its middle.
function svgCourse(edge, a, b) {
  if (edge.from === edge.to) {
    return {
      path: `M${a.x} ${a.y - a.size}a18 18 0 1 1 ${a.size} ${a.size}`,
      head: "",
      middle: [a.x + a.size, a.y - a.size],
    };
  }
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const far = Math.hypot(dx, dy) || 1;
  const bend = edge.bend * far;
  const over = [(a.x + b.x) / 2 - (dy / far) * bend, (a.y + b.y) / 2 + (dx / far) * bend];
  const shortened = Math.max(far - b.size - 4, 1) / far;
  const end = [a.x + dx * shortened, a.y + dy * shortened];
  const angle = Math.atan2(end[1] - over[1], end[0] - over[0]);
  const tip = (turn) => `${end[0] - 9 * Math.cos(angle + turn)} ${end[1] - 9 * Math.sin(angle + turn)}`;
  return {
    path: `M${a.x} ${a.y}Q${over[0]} ${over[1]} ${end[0]} ${end[1]}`,
    head: edge.negated ? `M${tip(1.2)}L${tip(-1.2)}` : `M${end[0]} ${end[1]}L${tip(0.4)}L${tip(-0.4)}Z`,
    middle: [(a.x + b.x) / 4 + over[0] / 2, (a.y + b.y) / 4 + over[1] / 2],
  };
}

function svgLine(edge, a, b) {
  const { path, head, middle } = svgCourse(edge, a, b);
  const ink = { stroke: edge.colour, opacity: edge.faded ? 0.12 : 0.9 };
  const dashes = edge.dashed ? { "stroke-dasharray": "7 6" } : {};
  const ends = `${plain(label(edge.from))} → ${plain(label(edge.to))}`;
  const words = edge.label.split("\n").filter(Boolean);
  return shape(
    "g",
    {},
    shape("title", {}, `${ends}: ${edgeLabel(edge).replace(/\n/g, ", ")}`),
    shape("path", { d: path, fill: "none", "stroke-width": edge.width, ...ink, ...dashes }),
    ...(head ? [shape("path", { d: head, fill: edge.colour, ...ink })] : []),
    ...words.map((text, i) =>
      svgText(text, middle[0], middle[1] + 14 * i, 12, colour(text.startsWith("✕") ? "alarm" : "text")),
    ),
  );
}

function svgName(node) {
  const size = node.size / 7.5;
  const form = shape("path", {
    d: OUTLINES[node.outline],
    transform: `translate(${node.x - 9 * size} ${node.y - 9 * size}) scale(${size})`,
    fill: node.fill,
    stroke: node.border,
    "stroke-width": 2 / size,
    opacity: node.faded ? 0.25 : 1,
  });
  const below = node.y + node.size + node.letters;
  const ink = colour(node.faded ? "faint" : "text");
  return [form, svgText(node.label, node.x, below, node.letters, ink)];
}

function svgFoot(lines, legend, left, top) {
  const at = (row) => top + FOOT.line * (row + 1);
  return [
    ...lines.map((line, i) =>
      svgText(line, left + FOOT.edge, at(i), 13, colour(i ? "muted" : "text"), "start"),
    ),
    ...legend.flatMap(({ text, ink, x, row }) => {
      const y = at(lines.length + row);
      return [
        shape("rect", { x: left + x, y: y - 6, width: FOOT.stroke, height: 3, fill: ink }),
        svgText(text, left + x + FOOT.stroke + 6, y, 13, colour("text"), "start"),
      ];
    }),
  ];
}

function svgDocument() {
  const { nodes: names, edges: lines } = drawn;
  const places = new Map(names.map((node) => [node.id, node]));
  const pad = 90;
  const side = (axis, most) => names.reduce((found, node) => most(found, node[axis]), names[0][axis]);
  const [left, top] = [side("x", Math.min) - pad, side("y", Math.min) - pad];
  const [width, height] = [side("x", Math.max) + pad - left, side("y", Math.max) + pad - top];
  const [words, legend] = [caption(width), footLegend(width)];
  const whole = height + footHeight(words, legend);
  return shape(
    "svg",
    {
      xmlns: SVG,
      viewBox: `${left} ${top} ${width} ${whole}`,
      width,
      height: whole,
      "font-family": "system-ui, sans-serif",
      lang: state.language,
    },
    shape("title", {}, plain(document.title)),
    shape("rect", { x: left, y: top, width, height: whole, fill: colour("background") }),
    ...lines.map((edge) => svgLine(edge, places.get(edge.from), places.get(edge.to))),
    ...names.flatMap(svgName),
    ...svgFoot(words, legend, left, top + height),
  );
}

const saveSvg = () =>
  save(fileName("svg"), "image/svg+xml", new XMLSerializer().serializeToString(svgDocument()));

// A cell that begins like a formula gets an apostrophe, so that a spreadsheet does not run an article's words.
const cell = (value) => {
  const text = String(value ?? "").replace(/^[=+\-@\t\r]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};

function csvText() {
  const fields = {
    statement: (s) => iri("statement", s.id),
    subject: (s) => bare(s.subject),
    relation: (s) => s.relation,
    object: (s) => bare(s.object),
    negated: (s) => s.negated,
    modality: (s) => s.modality,
    attributed_to: (s) => (s.speaker === null ? "" : bare(s.speaker)),
    time: (s) => s.time,
    role: (s) => s.role,
    confidence: (s) => s.confidence,
    sentence: (s) => sentences[s.sentence].text,
    article: (s) => s.article,
    title: (s) => page.articles[s.article].title,
    date: (s) => page.articles[s.article].date,
    source: (s) => page.articles[s.article].source,
    subject_id: (s) => s.subject,
    object_id: (s) => s.object,
  };
  const rows = [Object.keys(fields), ...sorted().map((s) => Object.values(fields).map((field) => field(s)))];
  // The mark at the beginning tells spreadsheets that this is UTF-8.
  return "\ufeff" + rows.map((values) => values.map(cell).join(",") + "\r\n").join("");
}

// --- Turtle: the statements shown, in the terms of the ontology ------------------------------------

// As Python's `quote` writes it.
const escaped = (name) =>
  encodeURIComponent(name).replace(/[!'()*]/g, (sign) => "%" + sign.charCodeAt(0).toString(16).toUpperCase());
const iri = (kind, name) => `${page.base}${kind}/${escaped(name)}`;
const node = (kind, name) => `<${iri(kind, name)}>`;
const literal = (text, tag = "") => {
  const signs = { "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\" };
  const inside = text
    .replace(/[\n\r\t"\\]/g, (sign) => signs[sign])
    .replace(/[\0-\x1f\x7f]/g, (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));
  return `"${inside}"` + (/^[a-z]{2,8}(-[a-z0-9]{1,8})*$/.test(tag) ? `@${tag}` : "");
};
const dated = (text) => {
  const kind = { 4: "gYear", 7: "gYearMonth", 10: "date" }[
    /^\d{4}(-\d\d(-\d\d)?)?$/.test(text) ? text.length : 0
  ];
  return literal(text) + (kind && !Number.isNaN(Date.parse(text)) ? `^^xsd:${kind}` : "");
};
const described = (subject, pairs) =>
  `${subject} ${pairs.map(([predicate, object]) => `${predicate} ${object}`).join(" ;\n    ")} .\n\n`;

function entityTurtle(id) {
  const { type, label: first, labels, wikidata } = entity(id);
  const pairs = [
    ["a", `dkg:${type}`],
    ["rdfs:label", literal(first)],
  ];
  for (const [tag, text] of Object.entries(labels)) pairs.push(["skos:prefLabel", literal(text, tag)]);
  if (wikidata) pairs.push(["skos:exactMatch", `wd:${wikidata}`]);
  return described(node("entity", id), pairs);
}

function articleTurtle(id) {
  const { title, date, lang, source, dispute } = page.articles[id];
  const pairs = [
    ["a", "dkg:Article"],
    ["dcterms:identifier", literal(id)],
  ];
  if (title !== id) pairs.push(["dcterms:title", literal(title, lang)]);
  if (date) pairs.push(["dcterms:date", dated(date)]);
  if (lang) pairs.push(["dcterms:language", literal(lang)]);
  if (source && !webLink(source)) pairs.push(["dcterms:source", literal(source)]);
  if (dispute) pairs.push(["dkg:partOfDispute", node("dispute", dispute)]);
  return described(node("article", id), pairs);
}

function statementTurtle(s) {
  const { text, lang, index, start, span } = sentences[s.sentence];
  const [claim, place, words] = [node("statement", s.id), node("evidence", s.evidence), node("span", span)];
  const pairs = [
    ["a", "dkg:Statement"],
    ["dkg:subject", node("entity", s.subject)],
    ["dkg:relation", `dkg:${s.relation}`],
    ["dkg:object", node("entity", s.object)],
    ["dkg:negated", String(s.negated)],
    ["dkg:modality", `dkg:${s.modality}`],
  ];
  if (s.speaker !== null) pairs.push(["dkg:attributedTo", node("entity", s.speaker)]);
  if (s.time) pairs.push(["dkg:time", dated(s.time)]);
  if (s.role) pairs.push(["dkg:role", literal(s.role, lang)]);
  pairs.push(["dkg:evidence", place]);
  const evidence = [
    ["a", "dkg:Evidence"],
    ["oa:hasSource", node("article", s.article)],
    ["dcterms:language", literal(lang)],
    ["dkg:sentenceIndex", String(index)],
    [
      "dkg:confidence",
      Number.isInteger(s.confidence) ? `"${s.confidence}"^^xsd:decimal` : String(s.confidence),
    ],
    ["oa:hasSelector", words],
  ];
  const selector = [
    ["a", "oa:TextPositionSelector, oa:TextQuoteSelector"],
    ["oa:start", String(start)],
    ["oa:end", String(start + Array.from(text).length)],
    ["oa:exact", literal(text)],
  ];
  // Only what an article says in its own voice, and not that it is not so, is a triple of its own.
  const direct =
    voiceOf(s) === "own"
      ? described(node("entity", s.subject), [[`dkg:${s.relation}`, node("entity", s.object)]])
      : "";
  return described(claim, pairs) + described(place, evidence) + described(words, selector) + direct;
}

function turtleText() {
  const ids = new Set(shown.flatMap((s) => [s.subject, s.object, s.speaker]).filter((id) => id !== null));
  const head = Object.entries(page.prefixes).map(([prefix, full]) => `@prefix ${prefix}: <${full}> .\n`);
  return [
    ...head,
    "\n",
    ...[...ids].sort().map(entityTurtle),
    ...[...new Set(shown.map((s) => s.article))].sort().map(articleTurtle),
    ...shown.map(statementTurtle),
  ].join("");
}

const SAVES = {
  png: savePng,
  svg: saveSvg,
  csv: () => save(fileName("csv"), "text/csv;charset=utf-8", csvText()),
  ttl: () => save(fileName("ttl"), "text/turtle;charset=utf-8", turtleText()),
};
