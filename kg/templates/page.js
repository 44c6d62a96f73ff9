// Draws the graph, the evidence and the table. Text from articles is only ever set as textContent.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(byId("data-" + id).textContent);
  const page = read("page");
  const nodes = new Map(read("nodes").map((node) => [node.id, node]));
  const edges = read("edges");
  const statements = page.statements.map((statement, number) => ({ ...statement, number }));
  const languages = Object.keys(page.words);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const ROWS = 100;

  const preferred = (navigator.language || "").slice(0, 2);
  const state = {
    language: languages.includes(preferred) ? preferred : languages[0],
    groups: new Set(),
    types: new Set(),
    article: "",
    voice: "all",
    query: "",
    whole: !page.partial,
    selected: null,
    sort: { key: "", down: false },
    rows: ROWS,
  };
  let network = null;
  let drawnNodes = null;
  let drawnEdges = null;
  let shown = [];
  let bundles = [];

  // --- Words and labels ---------------------------------------------------------------------

  const fill = (text, values) =>
    text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
  const word = (key, values = {}) => fill(page.words[state.language][key], values);
  const counted = (key, n) => word(n === 1 ? `${key}_one` : key, { n: number(n) });
  const pick = (labels, fallback) =>
    labels[state.language] || Object.values(labels)[0] || fallback;
  const number = (value) => value.toLocaleString(state.language);
  const entity = (id) => nodes.get(id) || page.speakers[id];
  const label = (id) => entity(id).labels[state.language] || entity(id).label;
  const groupOf = (statement) => page.relations[statement.relation].group;
  const relationLabel = (name) => pick(page.relations[name].labels, name);
  const groupLabel = (name) => pick(page.groups[name] || {}, name);
  const typeLabel = (name) => pick(page.types[name] || {}, name);
  const modalityLabel = (name) => pick(page.modalities[name] || {}, name);
  const speaker = (statement) =>
    statement.speaker === null
      ? word("own_voice")
      : word("according_to", { name: label(statement.speaker) });
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const reported = (statement) => statement.speaker !== null || statement.modality !== "asserted";

  // --- Small pieces of document ---------------------------------------------------------------

  function make(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) {
      if (key === "class") element.className = value;
      else if (key === "text") element.textContent = value;
      else if (key === "on") element.addEventListener("click", value);
      else element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== null));
    return element;
  }

  const shade = () => (dark.matches ? 1 : 0);
  const groupColour = (group) =>
    (page.look.groups[group] || page.look.fallback_group.colour)[shade()];
  const form = (type) => page.look.types[type] || page.look.fallback_type;
  const level = (type) => page.look.levels[form(type).level];
  const ink = () => getComputedStyle(document.body);

  const OUTLINES = {
    square: "M3 3H15V15H3Z",
    diamond: "M9 1.5 16.5 9 9 16.5 1.5 9Z",
    triangle: "M9 2 16.5 15.5H1.5Z",
    triangleDown: "M9 16 16.5 2.5H1.5Z",
    hexagon: "M5 2.5H13L17 9 13 15.5H5L1 9Z",
    star: "M9 1l2.3 5.2 5.7.6-4.3 3.8 1.3 5.6L9 13.3 4 16.2l1.3-5.6L1 6.8l5.7-.6Z",
    dot: "M9 2.2a6.8 6.8 0 1 1 0 13.6 6.8 6.8 0 0 1 0-13.6Z",
  };

  function drawing(path, attributes, width = 18) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", `0 0 ${width} 18`);
    svg.setAttribute("width", width);
    svg.setAttribute("height", 18);
    svg.setAttribute("aria-hidden", "true");
    const outline = document.createElementNS(space, "path");
    outline.setAttribute("d", path);
    for (const [key, value] of Object.entries(attributes)) outline.setAttribute(key, value);
    svg.append(outline);
    return svg;
  }

  const glyph = (type) =>
    drawing(OUTLINES[form(type).shape], {
      fill: level(type).fill[shade()],
      stroke: level(type).border[shade()],
      "stroke-width": 1.6,
    });
  const stroke = (colour, dashes = "none") =>
    drawing("M1 9H27", { fill: "none", stroke: colour, "stroke-width": 3, "stroke-dasharray": dashes }, 28);
  const crossed = () =>
    drawing("M1 9H27M10 5l8 8M18 5l-8 8", { fill: "none", stroke: "currentColor", "stroke-width": 2 }, 28);

  function swatch(group) {
    const mark = make("span", { class: "swatch" });
    mark.style.backgroundColor = groupColour(group);
    return mark;
  }

  // --- What passes the filters ----------------------------------------------------------------

  const VOICES = {
    all: () => true,
    own: (statement) => !reported(statement),
    reported,
    negated: (statement) => statement.negated,
  };

  function namesMatching(query) {
    const wanted = fold(query.trim());
    const found = [];
    if (!wanted) return found;
    for (const node of nodes.values()) {
      const names = [node.label, ...Object.values(node.labels)].map(fold);
      if (names.some((name) => name.includes(wanted))) {
        const starts = names.some((name) => name.startsWith(wanted));
        found.push({ id: node.id, rank: [starts ? 0 : 1, -node.weight] });
      }
    }
    found.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]);
    return found.map((match) => match.id);
  }

  function passes(statement) {
    const types = state.types;
    return (
      (!state.groups.size || state.groups.has(groupOf(statement))) &&
      (!types.size ||
        types.has(nodes.get(statement.subject).type) ||
        types.has(nodes.get(statement.object).type)) &&
      (!state.article || statement.article === state.article) &&
      VOICES[state.voice](statement)
    );
  }

  const filtering = () =>
    state.groups.size || state.types.size || state.article || state.voice !== "all" || state.query.trim();

  function select() {
    const passing = new Set();
    let found = statements.filter(passes);
    if (state.query.trim()) {
      const matching = new Set(namesMatching(state.query));
      found = found.filter((s) => matching.has(s.subject) || matching.has(s.object));
    }
    found.forEach((statement) => passing.add(statement.number));
    shown = found;
    bundles = edges
      .map((edge) => ({ ...edge, statements: edge.statements.filter((n) => passing.has(n)) }))
      .filter((edge) => edge.statements.length);
  }

  // --- The graph --------------------------------------------------------------------------------

  const place = (node) => (state.whole ? node.whole : node.first);

  function shorten(text) {
    const columns = page.look.label.columns;
    const plain = Array.from(text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim());
    return plain.length > columns ? plain.slice(0, columns - 1).join("") + "…" : plain.join("");
  }

  function edgeLabel(edge) {
    const kinds = new Map();
    for (const n of edge.statements) {
      const { relation, negated } = statements[n];
      const text = (negated ? word("not") + " " : "") + relationLabel(relation);
      kinds.set(text, (kinds.get(text) || 0) + 1);
    }
    const lines = [...kinds].map(([text, count]) => (count > 1 ? `${text} ×${number(count)}` : text));
    return lines.length > 3 ? [...lines.slice(0, 3), "…"].join("\n") : lines.join("\n");
  }

  function focus() {
    if (!state.selected) return null;
    const { kind, id } = state.selected;
    const near = bundles.filter((edge) =>
      kind === "node" ? edge.from === id || edge.to === id : edge.id === id,
    );
    if (!near.length) return null;
    return {
      edges: new Set(near.map((edge) => edge.id)),
      nodes: new Set(near.flatMap((edge) => [edge.from, edge.to])),
    };
  }

  function edgeDrawings(near, colours) {
    const between = new Map();
    return bundles
      .filter((edge) => place(nodes.get(edge.from)) && place(nodes.get(edge.to)))
      .map((edge) => {
        const pair = [edge.from, edge.to].sort().join(" ");
        const before = between.get(pair) || { any: 0, [edge.from]: 0, [edge.to]: 0 };
        const rank = before[edge.from];
        before.any += 1;
        before[edge.from] += 1;
        between.set(pair, before);
        return { edge, pair, rank };
      })
      .map(({ edge, pair, rank }) => {
        const said = edge.statements.map((n) => statements[n]);
        const negated = said.filter((s) => s.negated).length;
        const alone = between.get(pair).any === 1;
        const faded = near && !near.edges.has(edge.id);
        const picked = state.selected && state.selected.id === edge.id;
        const colour = groupColour(edge.group);
        return {
          id: edge.id,
          from: edge.from,
          to: edge.to,
          width: Math.min(1.4 + 0.8 * Math.sqrt(said.length), 6) + (picked ? 1.5 : 0),
          dashes: said.every(reported) ? [7, 6] : false,
          arrows: {
            to: { enabled: true, type: negated === said.length ? "bar" : "arrow", scaleFactor: 0.65 },
          },
          color: { color: colour, hover: colour, highlight: colour, opacity: faded ? 0.12 : 0.9 },
          smooth:
            alone || edge.from === edge.to
              ? false
              : { enabled: true, type: "curvedCW", roundness: 0.14 + 0.16 * rank },
          selfReference: { size: 22, angle: Math.PI / 4 },
          // vis-network keeps the label before when the new one is empty; a blank is not empty.
          label: picked ? edgeLabel(edge) : negated && !faded ? "✕" : " ",
          font: {
            align: "horizontal",
            size: picked ? 14 : 18,
            face: colours.face,
            color: picked ? colours.text : colours.alarm,
            strokeWidth: picked ? 0 : 3,
            strokeColor: colours.background,
            background: picked ? colours.raised : "transparent",
            vadjust: 0,
          },
        };
      });
  }

  function nodeDrawings(near, visible, colours) {
    return [...nodes.values()]
      .filter((node) => place(node) && visible.has(node.id))
      .map((node) => {
        const faded = near && !near.nodes.has(node.id);
        const picked = state.selected && state.selected.id === node.id;
        const fillColour = level(node.type).fill[shade()];
        const border = level(node.type).border[shade()];
        const colour = { background: fillColour, border: picked ? colours.accent : border };
        const [x, y] = place(node);
        return {
          id: node.id,
          x,
          y,
          label: shorten(label(node.id)),
          shape: form(node.type).shape,
          size: node.size,
          borderWidth: picked ? 4 : 2,
          opacity: faded ? 0.25 : 1,
          color: { ...colour, hover: { ...colour, border: colours.accent }, highlight: colour },
          font: {
            face: colours.face,
            size: node.letters,
            color: faded ? colours.faint : colours.text,
            strokeWidth: 4,
            strokeColor: colours.background,
            vadjust: -2,
          },
        };
      });
  }

  function draw() {
    const style = ink();
    const value = (name) => style.getPropertyValue(name).trim();
    const colours = {
      face: style.fontFamily,
      text: value("--text"),
      faint: value("--faint"),
      alarm: value("--alarm"),
      accent: value("--accent"),
      raised: value("--raised"),
      background: value("--background"),
    };
    const near = focus();
    const newEdges = edgeDrawings(near, colours);
    const visible = new Set(newEdges.flatMap((edge) => [edge.from, edge.to]));
    if (!filtering()) nodes.forEach((node) => visible.add(node.id));
    const newNodes = nodeDrawings(near, visible, colours);
    replace(drawnNodes, newNodes);
    replace(drawnEdges, newEdges);
    byId("graph").setAttribute(
      "aria-label",
      word("graph_help", { nodes: number(newNodes.length), edges: number(newEdges.length) }),
    );
  }

  function replace(set, items) {
    const kept = new Set(items.map((item) => item.id));
    set.remove(set.getIds().filter((id) => !kept.has(id)));
    set.update(items);
  }

  function start() {
    drawnNodes = new vis.DataSet();
    drawnEdges = new vis.DataSet();
    network = new vis.Network(byId("graph"), { nodes: drawnNodes, edges: drawnEdges }, read("options"));
    // For whoever looks at the page from outside: the drawing itself.
    byId("graph").network = network;
    network.on("click", ({ nodes: [node], edges: [edge] }) => {
      if (node) choose("node", node);
      else if (edge) choose("edge", edge);
      else choose(null);
    });
    network.on("hoverEdge", ({ edge }) => hover("edge", edge));
    network.on("hoverNode", ({ node }) => hover("node", node));
    network.on("blurEdge", unhover);
    network.on("blurNode", unhover);
    network.on("dragging", unhover);
    const step = (factor) => () =>
      network.moveTo({ scale: network.getScale() * factor, animation: { duration: 150 } });
    byId("zoom-in").addEventListener("click", step(1.35));
    byId("zoom-out").addEventListener("click", step(1 / 1.35));
    byId("fit").addEventListener("click", () => network.fit({ animation: { duration: 200 } }));
  }

  // All that is drawn; only of a whole that could not be read so, its heaviest name and what lies
  // around it, without leaving a part of the canvas empty.
  function settle() {
    network.fit();
    const least = 0.42;
    if (!page.partial || !state.whole || network.getScale() >= least || drawnNodes.length < 2) return;
    const ids = drawnNodes.getIds();
    const boxes = ids.map((id) => network.getBoundingBox(id));
    const limits = (low, high) => [
      boxes.reduce((found, box) => Math.min(found, box[low]), Infinity),
      boxes.reduce((found, box) => Math.max(found, box[high]), -Infinity),
    ];
    const within = (value, [low, high], span) =>
      high - low <= span ? (low + high) / 2 : Math.min(Math.max(value, low + span / 2), high - span / 2);
    const heaviest = ids.reduce((a, b) => (nodes.get(b).weight > nodes.get(a).weight ? b : a));
    const { x, y } = network.getPosition(heaviest);
    const { clientWidth, clientHeight } = byId("graph");
    const position = {
      x: within(x, limits("left", "right"), clientWidth / least),
      y: within(y, limits("top", "bottom"), clientHeight / least),
    };
    network.moveTo({ position, scale: least });
  }

  function hover(kind, id) {
    byId("graph").classList.add("over");
    if (kind === "edge" && !(state.selected && state.selected.id === id)) {
      const edge = bundles.find((bundle) => bundle.id === id);
      const tip = byId("tip");
      tip.textContent = edgeLabel(edge);
      const [a, b] = [edge.from, edge.to].map((end) => network.canvasToDOM(network.getPosition(end)));
      tip.style.left = `${(a.x + b.x) / 2}px`;
      tip.style.top = `${(a.y + b.y) / 2}px`;
      tip.hidden = false;
    }
    if (!state.selected) showPanel({ kind, id });
  }

  function unhover() {
    byId("graph").classList.remove("over");
    byId("tip").hidden = true;
  }

  function choose(kind, id, statement = null) {
    state.selected = kind ? { kind, id, statement } : null;
    byId("tip").hidden = true;
    if (kind === "node" && nodes.has(id) && !place(nodes.get(id))) {
      state.whole = true;
      render();
      settle();
    }
    draw();
    showPanel(state.selected);
  }

  // --- The evidence -------------------------------------------------------------------------------

  // Marks are code points; a JavaScript string counts UTF-16 units, so the text is cut as a list of letters.
  function marked(statement) {
    const { text, lang } = page.sentences[statement.sentence];
    const letters = Array.from(text);
    const spans = Object.entries(statement.marks).filter(([, mark]) => mark);
    const cuts = new Set([0, letters.length]);
    spans.forEach(([, [from, to]]) => cuts.add(from).add(to));
    const borders = [...cuts].sort((a, b) => a - b);
    const quote = make("blockquote", { lang });
    for (let i = 0; i + 1 < borders.length; i += 1) {
      const piece = letters.slice(borders[i], borders[i + 1]).join("");
      const roles = spans
        .filter(([, [from, to]]) => from <= borders[i] && borders[i + 1] <= to)
        .map(([role]) => role);
      if (!roles.length) quote.append(piece);
      else {
        const mark = make("mark", { class: roles.join(" "), text: piece });
        mark.title = roles.map((role) => word("role_" + role)).join(", ");
        if (roles.includes("trigger")) mark.style.borderColor = groupColour(groupOf(statement));
        quote.append(mark);
      }
    }
    return quote;
  }

  const nameButton = (id) =>
    nodes.has(id)
      ? make("button", { type: "button", class: "name", on: () => choose("node", id), text: label(id) })
      : make("strong", { text: label(id) });

  const negation = (statement) =>
    statement.negated ? make("strong", { class: "negated", text: word("not") }) : null;

  function articleLine(statement) {
    const { title, date, source } = page.articles[statement.article];
    const line = make("p", { class: "article" });
    let link = null;
    try {
      link = new URL(source);
    } catch {
      link = null;
    }
    if (link && (link.protocol === "https:" || link.protocol === "http:")) {
      line.append(make("a", { href: link.href, target: "_blank", rel: "noopener noreferrer", text: title }));
    } else {
      line.append(make("cite", { text: title }));
      if (source) line.append(make("span", { text: source }));
    }
    if (date) line.append(make("time", { datetime: date, text: date }));
    return line;
  }

  function card(statement) {
    const outside = Object.entries(statement.marks)
      .filter(([, mark]) => !mark)
      .map(([role]) => `${word("role_" + role)} “${statement.words[role]}”`);
    const facts = make("p", { class: "facts" });
    facts.append(make("span", { class: "voice", text: speaker(statement) }));
    if (statement.modality !== "asserted")
      facts.append(make("span", { class: "badge", text: modalityLabel(statement.modality) }));
    if (statement.time) facts.append(make("span", { text: `${word("time")}: ${statement.time}` }));
    facts.append(
      make("span", { text: `${word("confidence")}: ${statement.confidence.toLocaleString(state.language, { style: "percent" })}` }),
    );
    const element = make(
      "article",
      { class: "card" },
      make(
        "h3",
        {},
        nameButton(statement.subject),
        " ",
        negation(statement),
        statement.negated ? " " : "",
        make("span", { class: "relation", text: relationLabel(statement.relation) }),
        " ",
        nameButton(statement.object),
      ),
      marked(statement),
      outside.length ? make("p", { class: "outside", text: word("elsewhere", { words: outside.join(", ") }) }) : null,
      facts,
      articleLine(statement),
    );
    element.style.borderColor = groupColour(groupOf(statement));
    element.classList.toggle("reported", reported(statement));
    return element;
  }

  function showPanel(selected) {
    const panel = byId("panel");
    panel.replaceChildren();
    panel.scrollTop = 0;
    if (!selected) {
      panel.append(make("h2", { text: word("panel") }), make("p", { class: "hint", text: word("panel_hint") }));
      const counts = new Map();
      shown.forEach((s) => new Set([s.subject, s.object]).forEach((id) => counts.set(id, (counts.get(id) || 0) + 1)));
      const most = [...counts].sort((a, b) => b[1] - a[1] || label(a[0]).localeCompare(label(b[0]))).slice(0, 10);
      panel.append(
        make("h4", { text: word("most_named") }),
        make(
          "ol",
          { class: "most" },
          ...most.map(([id, count]) =>
            make("li", {}, glyph(nodes.get(id).type), nameButton(id), make("span", { class: "counts", text: number(count) })),
          ),
        ),
      );
      return;
    }
    const head = make("div", { class: "panel-head" });
    panel.append(head);
    if (selected.kind === "node") {
      const node = nodes.get(selected.id);
      const others = Object.entries(node.labels).filter(([, text]) => text !== label(node.id));
      head.append(make("h2", {}, glyph(node.type), " ", label(node.id)));
      panel.append(
        make("p", { class: "kind" }, make("span", { text: typeLabel(node.type) }), ...others.map(([code, text]) => make("span", { lang: code, text }))),
      );
      const own = shown.filter((s) => s.subject === node.id || s.object === node.id);
      const said = shown.filter((s) => s.speaker === node.id && s.subject !== node.id && s.object !== node.id);
      list(panel, word("statements_of"), own);
      list(panel, word("said_by", { name: label(node.id) }), said);
    } else {
      const edge = bundles.find((bundle) => bundle.id === selected.id);
      if (!edge) {
        head.append(make("h2", { text: word("panel") }));
        panel.append(make("p", { class: "hint", text: word("none") }));
      } else {
        const said = edge.statements.map((n) => statements[n]);
        head.append(make("h2", {}, nameButton(edge.from), " → ", nameButton(edge.to)));
        const negated = said.filter((s) => s.negated).length;
        panel.append(
          make(
            "p",
            { class: "kind" },
            make("span", {}, swatch(edge.group), groupLabel(edge.group)),
            make("span", { text: counted("count_statements", said.length) }),
            negated && negated < said.length
              ? make("span", { text: word("partly_negated", { n: number(negated), total: number(said.length) }) })
              : null,
          ),
        );
        said.sort((a, b) => (b.number === selected.statement) - (a.number === selected.statement) || a.number - b.number);
        list(panel, "", said);
      }
    }
    head.append(
      make("button", { type: "button", class: "close", "aria-label": word("close"), on: () => choose(null), text: "×" }),
    );
  }

  function list(panel, heading, found, limit = 40) {
    if (!found.length) return;
    if (heading) panel.append(make("h4", { text: `${heading} · ${number(found.length)}` }));
    found.slice(0, limit).forEach((statement) => panel.append(card(statement)));
    if (found.length > limit) {
      const rest = make("button", { type: "button", class: "more", text: word("more_rows", { n: number(found.length - limit) }) });
      rest.addEventListener("click", () => rest.replaceWith(...found.slice(limit).map(card)));
      panel.append(rest);
    }
  }

  // --- The table ------------------------------------------------------------------------------------

  const COLUMNS = {
    subject: (s) => label(s.subject),
    relation: (s) => relationLabel(s.relation),
    object: (s) => label(s.object),
    sentence: null,
    speaker: (s) => (s.speaker === null ? "" : label(s.speaker)),
    modality: (s) => modalityLabel(s.modality),
    time: (s) => s.time || "",
    article: (s) => page.articles[s.article].date + page.articles[s.article].title,
    confidence: (s) => s.confidence,
  };

  const CELLS = {
    subject: (s) => [label(s.subject)],
    relation: (s) => [
      make(
        "button",
        { type: "button", class: "open", title: word("show_in_graph"), on: () => openStatement(s) },
        swatch(groupOf(s)),
        negation(s),
        s.negated ? " " : "",
        relationLabel(s.relation),
      ),
    ],
    object: (s) => [label(s.object)],
    sentence: (s) => [marked(s)],
    speaker: (s) => [s.speaker === null ? "–" : label(s.speaker)],
    modality: (s) => [modalityLabel(s.modality)],
    time: (s) => [s.time || "–"],
    article: (s) => [
      page.articles[s.article].title,
      make("small", { text: page.articles[s.article].date }),
    ],
    confidence: (s) => [s.confidence.toLocaleString(state.language, { style: "percent" })],
  };

  function openStatement(statement) {
    const edge = bundles.find((bundle) => bundle.statements.includes(statement.number));
    if (!place(nodes.get(edge.from)) || !place(nodes.get(edge.to))) {
      state.whole = true;
      render();
    }
    choose("edge", edge.id, statement.number);
    byId("panel").scrollIntoView({ block: "nearest" });
    byId("panel").focus({ preventScroll: true });
  }

  function sorted() {
    const key = COLUMNS[state.sort.key];
    if (!key) return shown;
    const compare = new Intl.Collator(state.language, { numeric: true }).compare;
    const sign = state.sort.down ? -1 : 1;
    return [...shown].sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      // What has no value comes last, whichever way the rest is sorted.
      if ((x === "") !== (y === "")) return x === "" ? 1 : -1;
      return sign * (typeof x === "number" ? x - y : compare(x, y)) || a.number - b.number;
    });
  }

  function showTable() {
    const heads = Object.keys(COLUMNS).map((key) => {
      const head = make("th", { scope: "col", role: "columnheader", class: key });
      if (!COLUMNS[key]) head.textContent = word(key);
      else {
        const active = state.sort.key === key;
        head.setAttribute("aria-sort", active ? (state.sort.down ? "descending" : "ascending") : "none");
        head.append(
          make("button", {
            type: "button",
            title: word("sort_by", { column: word(key) }),
            on: () => sortBy(key),
            text: word(key) + (active ? (state.sort.down ? " ↓" : " ↑") : ""),
          }),
        );
      }
      return head;
    });
    const focused = document.activeElement && document.activeElement.closest("th");
    const rank = focused ? [...byId("heads").children].indexOf(focused) : -1;
    byId("heads").replaceChildren(...heads);
    if (rank >= 0) heads[rank].querySelector("button").focus({ preventScroll: true });
    const rows = sorted();
    byId("rows").replaceChildren(
      ...rows.slice(0, state.rows).map((statement) => {
        const row = make("tr", { role: "row" });
        for (const key of Object.keys(COLUMNS)) {
          const value = COLUMNS[key] ? COLUMNS[key](statement) : statement;
          row.append(
            make(
              "td",
              { role: "cell", class: value === "" ? key + " empty-cell" : key, "data-label": word(key) },
              ...CELLS[key](statement),
            ),
          );
        }
        return row;
      }),
    );
    byId("table-count").textContent =
      shown.length === statements.length
        ? number(shown.length)
        : word("shown_rows", { shown: number(shown.length), total: number(statements.length) });
    byId("none").hidden = shown.length > 0;
    byId("table").hidden = shown.length === 0;
    const rest = rows.length - state.rows;
    byId("more").hidden = rest <= 0;
    byId("more").textContent = word("more_rows", { n: number(Math.min(rest, ROWS)) });
  }

  function sortBy(key) {
    state.sort = { key, down: state.sort.key === key && !state.sort.down };
    showTable();
  }

  // --- Filters, legend, words -------------------------------------------------------------------------

  function chips(box, names, chosen, labelOf, markOf) {
    byId(box).replaceChildren(
      ...names.map((name) =>
        make(
          "button",
          {
            type: "button",
            class: "chip",
            "data-name": name,
            "aria-pressed": String(chosen.has(name)),
            on: () => {
              if (!chosen.delete(name)) chosen.add(name);
              change();
              const again = [...byId(box).children].find((chip) => chip.dataset.name === name);
              again.focus();
            },
          },
          markOf(name),
          labelOf(name),
        ),
      ),
    );
    byId(box).classList.toggle("choosing", chosen.size > 0);
  }

  function options(box, pairs, chosen) {
    byId(box).replaceChildren(
      ...pairs.map(([value, text]) => {
        const option = make("option", { value, text });
        option.selected = value === chosen;
        return option;
      }),
    );
  }

  function showFilters() {
    const usedGroups = new Set(statements.map(groupOf));
    const usedTypes = new Set([...nodes.values()].map((node) => node.type));
    const inOrder = (used, known) => [
      ...Object.keys(known).filter((name) => used.has(name)),
      ...[...used].filter((name) => !(name in known)).sort(),
    ];
    chips("groups", inOrder(usedGroups, page.groups), state.groups, groupLabel, (name) => stroke(groupColour(name)));
    chips("types", inOrder(usedTypes, page.types), state.types, typeLabel, glyph);
    byId("groups").setAttribute("aria-label", word("relations"));
    byId("types").setAttribute("aria-label", word("types"));
    byId("lines").replaceChildren(
      make("li", {}, stroke("currentColor"), word("line_solid")),
      make("li", {}, stroke("currentColor", "6 4"), word("line_dashed")),
      make("li", { class: "negated-line" }, crossed(), word("line_negated")),
    );
    const articles = Object.entries(page.articles)
      .map(([id, { title, date }]) => [id, date ? `${date} · ${title}` : title])
      .sort((a, b) => a[1].localeCompare(b[1], state.language));
    options("article", [["", word("all_articles")], ...articles], state.article);
    options("voice", Object.keys(VOICES).map((voice) => [voice, word("voice_" + voice)]), state.voice);
    byId("reset").hidden = !filtering();
    byId("search").placeholder = word("search_hint");
    byId("search").setAttribute("aria-label", word("search"));
    for (const [id, key] of [["zoom-in", "zoom_in"], ["zoom-out", "zoom_out"], ["fit", "fit"]]) {
      byId(id).setAttribute("aria-label", word(key));
      byId(id).title = word(key);
    }
  }

  function showMatches() {
    const found = namesMatching(state.query).slice(0, 8);
    const box = byId("matches");
    box.replaceChildren(
      ...found.map((id, rank) =>
        make(
          "li",
          { role: "option", id: `match-${rank}`, "aria-selected": "false", "data-id": id },
          glyph(nodes.get(id).type),
          label(id),
          make("small", { text: typeLabel(nodes.get(id).type) }),
        ),
      ),
    );
    if (state.query.trim() && !found.length) box.append(make("li", { class: "no-match", text: word("no_match") }));
    const open = Boolean(state.query.trim()) && document.activeElement === byId("search");
    box.hidden = !open;
    byId("search").setAttribute("aria-expanded", String(open));
    byId("search").removeAttribute("aria-activedescendant");
  }

  function closeMatches() {
    byId("matches").hidden = true;
    byId("search").setAttribute("aria-expanded", "false");
  }

  function take(id) {
    state.query = byId("search").value = "";
    closeMatches();
    change();
    choose("node", id);
    const node = drawnNodes.get(id);
    if (node) network.moveTo({ position: { x: node.x, y: node.y }, scale: Math.max(network.getScale(), 0.7) });
  }

  function searchKey(event) {
    const items = [...byId("matches").querySelectorAll("[data-id]")];
    const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (event.key === "Enter" && items.length) take((items[at] || items[0]).dataset.id);
    else if (event.key === "Escape") closeMatches();
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && items.length) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = (at + step + items.length + (at < 0 && step < 0 ? 1 : 0)) % items.length;
      items.forEach((item, rank) => item.setAttribute("aria-selected", String(rank === next)));
      byId("search").setAttribute("aria-activedescendant", items[next].id);
    }
  }

  function showWords() {
    document.documentElement.lang = state.language;
    for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
    byId("tagline").textContent = word("tagline");
    byId("counts").textContent = [
      counted("count_statements", statements.length),
      counted("count_nodes", nodes.size),
      counted("count_articles", Object.keys(page.articles).length),
    ].join(" · ");
    byId("languages").setAttribute("aria-label", word("language_switch"));
    byId("languages").replaceChildren(
      ...languages.map((language) =>
        make("button", {
          type: "button",
          lang: language,
          "data-language": language,
          "aria-pressed": String(language === state.language),
          title: page.words[language].language,
          on: () => {
            state.language = language;
            render();
            byId("languages").querySelector(`[data-language="${language}"]`).focus();
          },
          text: language.toUpperCase(),
        }),
      ),
    );
    const first = [...nodes.values()].filter((node) => node.first).length;
    byId("part").hidden = !page.partial;
    byId("part-text").textContent = state.whole ? "" : word("part", { n: number(first), total: number(nodes.size) });
    byId("part-button").textContent = state.whole ? word("show_part") : word("show_all", { total: number(nodes.size) });
  }

  function change() {
    state.rows = ROWS;
    select();
    if (state.selected && state.selected.kind === "edge" && !bundles.some((edge) => edge.id === state.selected.id))
      state.selected = null;
    showFilters();
    draw();
    showPanel(state.selected);
    showTable();
  }

  function render() {
    showWords();
    if (statements.length) change();
  }

  // --- Beginning -----------------------------------------------------------------------------------------

  byId("empty").hidden = statements.length > 0;
  byId("full").hidden = statements.length === 0;
  document.querySelector(".jump").hidden = statements.length === 0;
  if (!statements.length) {
    byId("counts").hidden = true;
    showWords();
    return;
  }
  if (innerWidth < 760) byId("filters").open = false;
  start();
  render();
  settle();
  byId("article").addEventListener("change", (event) => {
    state.article = event.target.value;
    change();
  });
  byId("voice").addEventListener("change", (event) => {
    state.voice = event.target.value;
    change();
  });
  byId("search").addEventListener("input", (event) => {
    state.query = event.target.value;
    change();
    showMatches();
  });
  byId("search").addEventListener("keydown", searchKey);
  byId("search").addEventListener("focus", showMatches);
  byId("search").addEventListener("blur", closeMatches);
  byId("matches").addEventListener("mousedown", (event) => {
    const item = event.target.closest("[data-id]");
    event.preventDefault();
    if (item) take(item.dataset.id);
  });
  byId("reset").addEventListener("click", () => {
    state.groups.clear();
    state.types.clear();
    Object.assign(state, { article: "", voice: "all", query: "" });
    byId("search").value = "";
    change();
    byId("search").focus();
    closeMatches();
  });
  byId("more").addEventListener("click", () => {
    state.rows += ROWS;
    showTable();
  });
  byId("part-button").addEventListener("click", () => {
    state.whole = !state.whole;
    state.selected = null;
    render();
    settle();
  });
  dark.addEventListener("change", render);
})();
