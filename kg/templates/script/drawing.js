// --- What is drawn, whoever draws it: names and lines with their forms ----------------------------

// A selection of both directions goes by its ends: one name, and those that stand towards it.
function selects({ kind, id }, { from, to, id: edge }) {
  if (kind === "node") return from === id || to === id;
  if (kind === "edge") return edge === id;
  const [hub, ...rest] = id.split(" ");
  return (from === hub && rest.includes(to)) || (to === hub && rest.includes(from));
}

// What stays bright while something is selected: its lines and their ends; null where nothing is.
function focus(places) {
  if (!state.selected) return null;
  const near = bundles.filter((edge) => selects(state.selected, edge));
  const visible = near.filter((edge) => places.has(edge.from) && places.has(edge.to));
  if (!visible.length) return null;
  return {
    edges: new Set(near.map((edge) => edge.id)),
    nodes: new Set(near.flatMap((edge) => [edge.from, edge.to])),
  };
}

function edgeLabel(edge) {
  const kinds = new Map();
  for (const n of edge.statements) {
    const text = verb(statements[n]);
    kinds.set(text, (kinds.get(text) || 0) + 1);
  }
  const lines = [...kinds].sort((a, b) => b[1] - a[1]);
  const texts = lines.map(([text, count]) => (count > 1 ? `${text} ×${number(count)}` : text));
  return texts.length > 3 ? [...texts.slice(0, 3), "…"].join("\n") : texts.join("\n");
}

const picks = (edge) => Boolean(state.selected && state.selected.kind !== "node" && selects(state.selected, edge));

// Whether a line says in words what is done. Between two names the labels of several lines would lie
// on one another, so a selected pair does not.
function speaks(edge, near, few) {
  const { kind } = state.selected || {};
  if (picks(edge) && kind === "edge") return true;
  if (!near) return few;
  return kind === "node" && near.edges.has(edge.id) && near.edges.size <= page.look.view.few_lines;
}

function drawnLine(edge, near, { few, counted: countable }) {
  const said = edge.statements.map((n) => statements[n]);
  const negated = said.filter((s) => s.negated).length;
  const faded = Boolean(near && !near.edges.has(edge.id));
  const named = speaks(edge, near, few);
  const count = said.length > 1 && !faded && countable ? number(said.length) : "";
  return {
    ...edge,
    said: said.length,
    colour: groupColour(edge.group),
    width: Math.min(1.2 + 0.8 * Math.sqrt(said.length), 6) + (picks(edge) ? 1.5 : 0),
    dashed: said.every(reported),
    negated: negated === said.length,
    faded,
    picked: picks(edge),
    label: named ? edgeLabel(edge) : [negated && !faded ? "✕" : "", count].filter(Boolean).join(" "),
    named,
  };
}

// Lines between the same two names are bent apart, each by its rank among those of its direction,
// and further where they have labels.
function bent(lines, few) {
  const step = few ? 0.28 : 0.14;
  const ranks = new Map();
  const ranked = lines.map((edge) => {
    const way = `${edge.from} ${edge.to}`;
    const rank = ranks.get(way) || 0;
    ranks.set(way, rank + 1);
    return [edge, rank];
  });
  const both = ({ from, to }) => ranks.get(`${from} ${to}`) + (ranks.get(`${to} ${from}`) || 0);
  return ranked.map(([edge, rank]) => {
    const straight = edge.from === edge.to || both(edge) === 1;
    return { ...edge, bend: straight ? 0 : 0.12 + step * rank };
  });
}

function drawnName(id, [x, y], share, near, longest) {
  const { label: letters, node: sizes } = page.look;
  const { kind, id: chosen = "" } = state.selected || {};
  return {
    id,
    x,
    y,
    ...painted(entity(id).type),
    size: between(sizes, share),
    letters: between(letters, share),
    label: shorten(label(id), longest),
    faded: Boolean(near && !near.nodes.has(id)),
    picked: chosen === id || (kind === "pair" && chosen.split(" ").includes(id)),
  };
}

function drawing() {
  const { places, weights, total, key } = placed();
  const near = focus(places);
  const most = heaviest(weights);
  const longest = columns();
  const lines = bundles.filter((edge) => places.has(edge.from) && places.has(edge.to));
  const room = { few: lines.length <= fewLines(), counted: lines.length <= page.look.view.counted_lines };
  return {
    nodes: [...places].map(([id, at]) =>
      drawnName(id, at, Math.sqrt((weights.get(id) || 1) / most), near, longest),
    ),
    edges: bent(
      lines.map((edge) => drawnLine(edge, near, room)),
      room.few,
    ),
    total,
    key,
    focused: Boolean(near),
  };
}

// The renderer that the number of lines asks for; both are made when first needed.
const renderers = {};
let renderer = null;
let drawn = { nodes: [], edges: [], total: 0, key: null };

function canWebgl() {
  if (!("Sigma" in globalThis)) return false;
  if (renderers.possible === undefined) {
    renderers.possible = Boolean(document.createElement("canvas").getContext("webgl2"));
  }
  return renderers.possible;
}

function draw() {
  const before = drawn.key;
  drawn = drawing();
  const kind = drawn.edges.length > page.look.view.most_lines && canWebgl() ? "webgl" : "canvas";
  const changed = !renderer || renderer.kind !== kind;
  if (changed) {
    if (renderer) renderer.hide();
    renderers[kind] ||= kind === "webgl" ? webglRenderer() : canvasRenderer();
    renderer = renderers[kind];
    byId("graph").dataset.renderer = kind;
  }
  renderer.show(drawn);
  if (changed || before !== drawn.key) renderer.fit();
  byId("graph").setAttribute(
    "aria-label",
    word("graph_help", {
      nodes: counted("count_nodes", drawn.nodes.length),
      edges: counted("count_edges", drawn.edges.length),
    }),
  );
  showPart();
  keepTipOff();
}

// How much is folded away, and the way to it.
function showPart() {
  const { nodes: names, edges: lines, total } = drawn;
  const said = lines.reduce((sum, edge) => sum + edge.said, 0);
  const rest = total - names.length;
  const levels = [
    ["", rest <= 0 && state.show !== "" && total > page.look.view.few_names, word("show_first")],
    [
      "more",
      rest > 0 && state.show === "" && total > page.look.view.more,
      word("show_more", { n: number(page.look.view.more) }),
    ],
    ["all", rest > 0, word("show_all", { total: number(total) })],
  ];
  if (state.show === "more") levels[0][1] = true;
  byId("part-text").textContent =
    rest > 0
      ? word("part", {
          n: number(names.length),
          total: number(total),
          said: number(said),
          all: number(shown.length),
        })
      : word("all_drawn", { names: counted("count_nodes", total) });
  byId("part-buttons").replaceChildren(
    ...levels
      .filter(([, wanted]) => wanted)
      .map(([show, , text]) =>
        button({
          class: "link",
          "data-show": show,
          text,
          on: () => {
            state.show = show;
            change();
            byId("graph").focus({ preventScroll: true });
          },
        }),
      ),
  );
}

// --- The mouse over the drawing -------------------------------------------------------------------

function hover(kind, id, { x, y }) {
  if (kind === "edge" ? !bundles.some((bundle) => bundle.id === id) : !entity(id)) return;
  byId("graph").classList.add("over");
  const tip = byId("tip");
  if (kind === "edge") {
    const edge = bundles.find((bundle) => bundle.id === id);
    tip.replaceChildren(
      make("strong", { text: `${label(edge.from)} → ${label(edge.to)}` }),
      make("span", { text: edgeLabel(edge) }),
      make("small", { text: counted("count_statements", edge.statements.length) }),
    );
  } else {
    const said = shown.filter((s) => s.subject === id || s.object === id).length;
    tip.replaceChildren(
      make("strong", { text: label(id) }),
      make("small", { text: `${typeLabel(entity(id).type)} · ${counted("count_statements", said)}` }),
      entity(id).unnamed ? make("small", { text: titlesOf(id)[0] }) : "",
    );
  }
  tip.hidden = false;
  const { clientWidth } = byId("graph");
  tip.style.left = `${Math.min(Math.max(x, 110), clientWidth - 110)}px`;
  tip.style.top = `${y}px`;
  tip.classList.toggle("below", y < 90);
}

function keepTipOff() {
  byId("graph").classList.remove("over");
  byId("tip").hidden = true;
}

// --- The keyboard on the drawing ------------------------------------------------------------------

// The name that lies nearest in a direction, sideways counting double; the heaviest to begin with.
function neighbour(dx, dy) {
  const here = drawn.nodes.find((node) => state.selected && node.id === state.selected.id);
  if (!here) return drawn.nodes.reduce((a, b) => (b.size > a.size ? b : a), drawn.nodes[0]);
  let [best, least] = [null, Infinity];
  for (const node of drawn.nodes) {
    const [x, y] = [node.x - here.x, node.y - here.y];
    const ahead = x * dx + y * dy;
    if (node === here || ahead <= 0) continue;
    const cost = ahead + 2 * Math.abs(x * dy - y * dx);
    if (cost < least) [best, least] = [node, cost];
  }
  return best;
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
function graphKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = ARROWS[event.key];
  if (arrow) {
    const next = neighbour(...arrow);
    if (next) {
      choose("node", next.id);
      renderer.centre(next.id);
    }
  } else if (event.key === "+" || event.key === "=") renderer.zoom(1.35);
  else if (event.key === "-") renderer.zoom(1 / 1.35);
  else if (event.key === "0") renderer.fit();
  else if (event.key === "Enter" && state.selected) byId("panel").focus();
  else return;
  event.preventDefault();
}
