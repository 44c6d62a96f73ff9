// --- Which names are drawn, and where they lie ----------------------------------------------------

const LARGEST_ARRANGED = 300;
// Square pixels of canvas, and more where a label takes much of its width.
const ROOM_OF_A_NAME = 9000;
const ROOM_ON_A_TELEPHONE = 14000;
const TELEPHONE = 500;

// How often each name is said of or acted upon; kept for each selection.
const counts = new WeakMap();
function weightsIn(found) {
  if (counts.has(found)) return counts.get(found);
  const weights = new Map();
  const add = (id) => weights.set(id, (weights.get(id) || 0) + 1);
  for (const s of found) {
    add(s.subject);
    if (s.object !== s.subject) add(s.object);
  }
  counts.set(found, weights);
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

// The most important names, with whom they touch; kg/page.py takes the first view by this rule.
function important(weights, lines, { crowded, first }) {
  const { things, few_names: few, brought } = page.look.view;
  const rank = (id) => weights.get(id) * (acts(id) ? 1 : things);
  const before = (a, b) => rank(b) - rank(a) || (a < b ? -1 : 1);
  let kept = [...weights.keys()];
  if (kept.length > few) kept = kept.filter((id) => weights.get(id) > 1 || entity(id).type !== "Concept");
  const near = new Map(kept.map((id) => [id, new Set()]));
  for (const { from, to } of lines) {
    if (from === to || !near.has(from) || !near.has(to)) continue;
    near.get(from).add(to);
    near.get(to).add(from);
  }
  const linked = kept.filter((id) => near.get(id).size).sort(before);
  const shown = new Set(kept.length > crowded ? [] : linked);
  for (const id of kept.length > crowded ? linked : []) {
    const room = Math.max(first, 2) - shown.size;
    if (shown.has(id) || room < 1) continue;
    if ([...near.get(id)].some((other) => shown.has(other))) shown.add(id);
    else if (room > 1) {
      // One that touches none of these brings its own.
      const own = [...near.get(id)].sort(before).slice(0, Math.min(brought, room - 1));
      for (const one of [id, ...own]) shown.add(one);
    }
  }
  if (shown.size) return shown;
  return new Set(kept.length ? kept : weights.keys());
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

const GUTTER = 40;
// How much wider than a tight square the shelves are tried.
const LOOSER = [0.85, 1, 1.15, 1.3, 1.5];

// Places of names: what hangs together is laid out for itself, then put side by side on shelves.
function arrange(names, lines, weights, wide) {
  const near = new Map(names.map((id) => [id, new Set()]));
  for (const { from, to } of lines) {
    if (from === to || !near.has(from) || !near.has(to)) continue;
    near.get(from).add(to);
    near.get(to).add(from);
  }
  const most = heaviest(weights);
  // Between few names the lines have their labels.
  const reach = lines.length <= fewLines() ? page.look.view.labelled_line : 70;
  const laid = hanging(names, near).map((part) => {
    const boxes = part.map((id) => box(id, Math.sqrt(weights.get(id) / most)));
    const points = across(byDistance(part, near, reach), wide);
    pushedApart(points, boxes);
    return { part, boxes, points };
  });
  return shelved(laid, wide);
}

// The connected components, the largest first.
function hanging(names, near) {
  const seen = new Set();
  const found = [];
  for (const first of names) {
    if (seen.has(first)) continue;
    const part = [first];
    seen.add(first);
    // What is added is gone through as well.
    for (const id of part)
      for (const other of near.get(id)) {
        if (!seen.has(other)) part.push(other);
        seen.add(other);
      }
    found.push(part.sort());
  }
  return found.sort((a, b) => b.length - a.length);
}

// Stress majorization (Gansner, Koren, North 2004): names that touch come to lie a line's length
// apart, others as far as the lines between them.
function byDistance(names, near, reach) {
  const n = names.length;
  const rank = new Map(names.map((id, i) => [id, i]));
  const touching = names.map((id) => [...near.get(id)].map((other) => rank.get(other)));
  const away = names.map(() => new Float64Array(n).fill(Infinity));
  touching.forEach((others, i) => {
    away[i][i] = 0;
    for (const j of others)
      away[i][j] = reach + 20 * Math.sqrt(Math.max(others.length, touching[j].length));
  });
  for (let k = 0; k < n; k += 1)
    for (let i = 0; i < n; i += 1)
      for (let j = 0; j < n; j += 1) away[i][j] = Math.min(away[i][j], away[i][k] + away[k][j]);
  const heavy = names.map((_, i) => i).sort((a, b) => touching[b].length - touching[a].length || a - b);
  const points = [];
  // The beginning: a spiral with the best connected in the middle.
  heavy.forEach((i, k) => {
    const angle = k * Math.PI * (3 - Math.sqrt(5));
    points[i] = [60 * Math.sqrt(k) * Math.cos(angle), 60 * Math.sqrt(k) * Math.sin(angle)];
  });
  for (let round = 0; round < 120; round += 1) for (const i of heavy) points[i] = settled(i, points, away);
  return points;
}

// Where a point comes to lie by its distances to all others.
function settled(i, points, away) {
  let [x, y, all] = [0, 0, 0];
  for (let j = 0; j < points.length; j += 1) {
    if (j === i) continue;
    const d = away[i][j];
    const [dx, dy] = [points[i][0] - points[j][0], points[i][1] - points[j][1]];
    const now = Math.hypot(dx, dy) || 1e-6;
    const pull = 1 / (d * d);
    x += pull * (points[j][0] + (d * dx) / now);
    y += pull * (points[j][1] + (d * dy) / now);
    all += pull;
  }
  return all ? [x / all, y / all] : points[i];
}

// Side by side on shelves, the whole in the form of the canvas.
function shelved(laid, wide) {
  const sized = laid.map(({ part, boxes, points }) => {
    const edge = (axis, sign, pick) => pick(...points.map((point, i) => point[axis] + sign * boxes[i][axis]));
    const low = [edge(0, -1, Math.min), edge(1, -1, Math.min)];
    return { part, points, low, size: [edge(0, 1, Math.max) - low[0], edge(1, 1, Math.max) - low[1]] };
  });
  const area = sized.reduce((sum, { size }) => sum + (size[0] + GUTTER) * (size[1] + GUTTER), 0);
  const widest = Math.max(...sized.map(({ size }) => size[0]));
  const widths = LOOSER.map((share) => Math.max(Math.sqrt(area * wide) * share, widest));
  const tried = widths.map((width) => onShelves(sized, width));
  // The one that is seen largest.
  return tried.sort((a, b) => Math.max(a.breadth / wide, a.depth) - Math.max(b.breadth / wide, b.depth))[0].places;
}

function onShelves(sized, width) {
  const places = new Map();
  let [left, top, height, breadth] = [0, 0, 0, 0];
  for (const { part, points, low, size } of sized) {
    if (left && left + size[0] > width) [left, top, height] = [0, top + height + GUTTER, 0];
    part.forEach((id, i) => {
      const [x, y] = points[i];
      places.set(id, [Math.round(x - low[0] + left), Math.round(y - low[1] + top)]);
    });
    breadth = Math.max(breadth, left + size[0]);
    left += size[0] + GUTTER;
    height = Math.max(height, size[1]);
  }
  return { places, breadth, depth: top + height };
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
  const [breadth, depth] = [0, 1].map((axis) => {
    const values = turned.map((point) => point[axis]);
    return Math.max(Math.max(...values) - Math.min(...values), 1);
  });
  const stretch = Math.min(Math.max(Math.sqrt((wide * depth) / breadth), 0.7), 1.4);
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
