// --- Which names are drawn, and where they lie ----------------------------------------------------

const LARGEST_ARRANGED = 300;
// Square pixels of canvas, and more where a label takes much of its width.
const ROOM_OF_A_NAME = 9000;
const ROOM_ON_A_TELEPHONE = 14000;
const TELEPHONE = 500;

function weightsIn(found) {
  const weights = new Map();
  for (const s of found) {
    for (const id of new Set([s.subject, s.object])) weights.set(id, (weights.get(id) || 0) + 1);
  }
  return weights;
}

// How many names can be read at once: what look.toml says, and less where the canvas is cramped.
function roomy() {
  const { clientWidth, clientHeight } = byId("graph");
  const room = clientWidth < TELEPHONE ? ROOM_ON_A_TELEPHONE : ROOM_OF_A_NAME;
  const fits = Math.round((clientWidth * clientHeight) / room);
  const { first, crowded } = page.look.view;
  return fits >= first ? { first, crowded } : { first: Math.max(fits, 10), crowded: Math.max(fits, 14) };
}

const fewLines = () => Math.round(page.look.view.few_lines / (cramped() ? 3 : 1));
const cramped = () => roomy().first < page.look.view.first;
const columns = () => (cramped() ? page.look.label.narrow : page.look.label.columns);

// The most important names that touch one another; kg/page.py takes the first view by this rule.
function important(weights, lines, { crowded, first }) {
  const { things, few_names: few } = page.look.view;
  const rank = (id) => weights.get(id) * (acts(id) ? 1 : things);
  let kept = [...weights.keys()];
  if (kept.length > few) kept = kept.filter((id) => weights.get(id) > 1 || entity(id).type !== "Concept");
  if (kept.length > crowded)
    kept = kept.sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1)).slice(0, first);
  const top = new Set(kept.length ? kept : weights.keys());
  const linked = new Set();
  for (const { from, to } of lines) {
    if (from !== to && top.has(from) && top.has(to)) linked.add(from).add(to);
  }
  return linked.size ? linked : top;
}

// The names to draw with their places: those computed beforehand where the page is as at the
// beginning or the names are many; else the names are arranged anew, the same view always alike.
let arranged = { key: null };
function placed() {
  const weights = weightsIn(shown);
  const { first, crowded } = roomy();
  const more = page.look.view.more;
  const asBuilt = !filtering();
  let names = new Set(weights.keys());
  let known = null;
  if (state.show === "" && asBuilt && page.partial && !cramped()) {
    names = new Set([...nodes.values()].filter((one) => one.first).map((one) => one.id));
    known = "first";
  } else if (state.show === "" && !(asBuilt && !page.partial && !cramped())) {
    names = important(weights, bundles, { crowded, first });
  } else if (state.show === "more" && weights.size > more) {
    names = important(weights, bundles, { crowded: more, first: more });
  } else if (asBuilt || names.size > LARGEST_ARRANGED) {
    known = "whole";
  }
  const { clientWidth, clientHeight } = byId("graph");
  const wide = Math.round((8 * clientWidth) / Math.max(clientHeight, 1)) / 8;
  if (state.around && !nodes.has(state.around)) names.delete(state.around);
  const key =
    known || [wide, state.language, ...[...names].map((id) => `${id} ${weights.get(id)}`)].join("\n");
  if (arranged.key !== key) {
    const places = known
      ? new Map([...names].map((id) => [id, nodes.get(id)[known]]))
      : arrange([...names].sort(), bundles, weights, wide);
    arranged = { key, places };
  }
  return { places: arranged.places, weights, total: weights.size, key };
}

function heaviest(weights) {
  let most = 1;
  for (const weight of weights.values()) most = Math.max(most, weight);
  return most;
}

const between = ({ smallest, largest }, share) => smallest + (largest - smallest) * share;

// Half width and half height of a name with its label beneath.
function box(id, share) {
  const { label: letters, node } = page.look;
  const size = between(node, share);
  const height = between(letters, share);
  const long = Math.min(Array.from(label(id)).length, columns());
  return [Math.max(size, (long * letters.width * height) / 2) + 6, size + height / 2 + 10];
}

// Places by stress majorization (Gansner, Koren, North 2004): names that touch come to lie a line's
// length apart, others as far as the lines between them; then boxes are pushed apart.
function arrange(names, lines, weights, wide) {
  const n = names.length;
  const rank = new Map(names.map((id, i) => [id, i]));
  const near = names.map(() => new Set());
  for (const { from, to } of lines) {
    if (from !== to && rank.has(from) && rank.has(to)) {
      near[rank.get(from)].add(rank.get(to));
      near[rank.get(to)].add(rank.get(from));
    }
  }
  // Between few names the lines have their labels.
  const reach = lines.length <= fewLines() ? page.look.view.labelled_line : 70;
  const away = near.map(() => new Float64Array(n).fill(Infinity));
  near.forEach((others, i) => {
    away[i][i] = 0;
    for (const j of others) away[i][j] = reach + 20 * Math.sqrt(Math.max(others.size, near[j].size));
  });
  for (let k = 0; k < n; k += 1)
    for (let i = 0; i < n; i += 1)
      for (let j = 0; j < n; j += 1) {
        const through = away[i][k] + away[k][j];
        if (through < away[i][j]) away[i][j] = through;
      }
  let longest = 100;
  for (const row of away) for (const d of row) if (d < Infinity && d > longest) longest = d;
  const heavy = names.map((_, i) => i).sort((a, b) => near[b].size - near[a].size || a - b);
  const points = [];
  // The beginning: a spiral with the best connected in the middle.
  heavy.forEach((i, k) => {
    const angle = k * Math.PI * (3 - Math.sqrt(5));
    points[i] = [60 * Math.sqrt(k) * Math.cos(angle), 60 * Math.sqrt(k) * Math.sin(angle)];
  });
  for (let round = 0; round < 120; round += 1) {
    for (const i of heavy) {
      let [x, y, all] = [0, 0, 0];
      for (let j = 0; j < n; j += 1) {
        if (j === i) continue;
        const apart = away[i][j] < Infinity;
        const d = apart ? away[i][j] : longest * 0.9;
        const pull = (apart ? 1 : 0.3) / (d * d);
        const [dx, dy] = [points[i][0] - points[j][0], points[i][1] - points[j][1]];
        const now = Math.hypot(dx, dy) || 1e-6;
        x += pull * (points[j][0] + (d * dx) / now);
        y += pull * (points[j][1] + (d * dy) / now);
        all += pull;
      }
      if (all) points[i] = [x / all, y / all];
    }
  }
  const most = heaviest(weights);
  const boxes = names.map((id) => box(id, Math.sqrt(weights.get(id) / most)));
  const turned = across(points, wide);
  pushedApart(turned, boxes);
  return new Map(names.map((id, i) => [id, turned[i].map(Math.round)]));
}

// Turned so that the long side of the points lies along the long side of the canvas.
function across(points, wide) {
  let [xx, xy, yy] = [0, 0, 0];
  const n = points.length || 1;
  const cx = points.reduce((sum, [x]) => sum + x, 0) / n;
  const cy = points.reduce((sum, [, y]) => sum + y, 0) / n;
  for (const [x, y] of points) {
    xx += (x - cx) ** 2;
    yy += (y - cy) ** 2;
    xy += (x - cx) * (y - cy);
  }
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy) + (wide < 1 ? Math.PI / 2 : 0);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const turned = points.map(([x, y]) => [(x - cx) * c + (y - cy) * s, (y - cy) * c - (x - cx) * s]);
  // Stretched towards the form of the canvas, as far as the drawing bears it.
  const [across, down] = [0, 1].map((axis) => {
    const values = turned.map((point) => point[axis]);
    return Math.max(Math.max(...values) - Math.min(...values), 1);
  });
  const stretch = Math.min(Math.max(Math.sqrt((wide * down) / across), 0.7), 1.4);
  return turned.map(([x, y]) => [x * stretch, y / stretch]);
}

function pushedApart(points, boxes) {
  const n = points.length;
  for (let round = 0; round < 300; round += 1) {
    let hits = 0;
    for (let i = 0; i < n; i += 1)
      for (let j = i + 1; j < n; j += 1) {
        const dx = points[i][0] - points[j][0] + (i - j) * 1e-3;
        const dy = points[i][1] - points[j][1] + (i - j) * 2e-3;
        const wide = boxes[i][0] + boxes[j][0];
        const high = boxes[i][1] + boxes[j][1];
        const [over, under] = [wide - Math.abs(dx), high - Math.abs(dy)];
        if (over <= 0 || under <= 0) continue;
        hits += 1;
        const axis = over / wide < under / high ? 0 : 1;
        const push = (axis ? under * Math.sign(dy) : over * Math.sign(dx)) * 0.5;
        points[i][axis] += push;
        points[j][axis] -= push;
      }
    if (!hits) break;
  }
}
