// --- What is asked for: kept in the address, so that a view can be sent to somebody ---------------

const preferred = (navigator.language || "").slice(0, 2);
const VOICES = ["own", "reported", "negated"];
const SHOWS = ["", "more", "all"];
const EMPTY = {
  dispute: "",
  article: "",
  groups: [],
  relations: [],
  types: [],
  voices: [],
  speaker: "",
  least: 0,
  from: "",
  to: "",
  around: "",
};
const state = {
  language: languages.includes(preferred) ? preferred : languages[0],
  ...EMPTY,
  clock: "article",
  show: "",
  selected: null,
  sort: { key: "", down: false },
  rows: TABLE_ROWS,
};
const OWN_VOICE = "-";

// What passes the filters, and its lines: recomputed by `select`.
let shown = statements;
let bundles = edges;

const filtering = () => Object.keys(EMPTY).some((key) => String(state[key]) !== String(EMPTY[key]));

const TESTS = {
  dispute: (s) => !state.dispute || disputeOf(s) === state.dispute,
  article: (s) => !state.article || s.article === state.article,
  relations: (s) => {
    const { groups, relations } = state;
    if (!groups.length && !relations.length) return true;
    if (relations.includes(s.relation)) return true;
    const group = groupOf(s);
    return groups.includes(group) && !relations.some((name) => page.relations[name].group === group);
  },
  types: (s) =>
    !state.types.length ||
    state.types.includes(nodes.get(s.subject).type) ||
    state.types.includes(nodes.get(s.object).type),
  voices: (s) => !state.voices.length || state.voices.includes(voiceOf(s)),
  speaker: (s) => !state.speaker || (s.speaker || OWN_VOICE) === state.speaker,
  least: (s) => s.confidence * 100 >= state.least,
  // A date may be a year or a month only: it counts as within where its known part is.
  time: (s) => {
    if (!state.from && !state.to) return true;
    const date = dateOf(s);
    if (!date || state.from.slice(0, date.length) > date) return false;
    return !state.to || date.slice(0, state.to.length) <= state.to;
  },
  around: (s) => !state.around || [s.subject, s.object, s.speaker].includes(state.around),
};

const passing = (but = "") => {
  const tests = Object.entries(TESTS).filter(([name]) => name !== but);
  return statements.filter((s) => tests.every(([, test]) => test(s)));
};

function select() {
  shown = passing();
  const kept = new Set(shown.map((s) => s.number));
  bundles = edges
    .map((edge) => ({ ...edge, statements: edge.statements.filter((n) => kept.has(n)) }))
    .filter((edge) => edge.statements.length);
}

function clearFilters() {
  Object.assign(state, EMPTY);
}

// How the state is written after the # of the address; what is as at the beginning is left out.
function written() {
  const { selected, sort } = state;
  const parts = {
    lang: state.language,
    dispute: state.dispute,
    article: state.article,
    group: state.groups.join(","),
    relation: state.relations.join(","),
    type: state.types.join(","),
    voice: state.voices.join(","),
    speaker: state.speaker,
    confidence: state.least ? String(state.least) : "",
    clock: state.clock === firstClock() ? "" : state.clock,
    from: state.from,
    to: state.to,
    around: state.around,
    show: state.show,
    select: selected ? `${selected.kind}:${selected.id}` : "",
    sort: sort.key && (sort.down ? "-" : "") + sort.key,
  };
  return new URLSearchParams(Object.entries(parts).filter(([, value]) => value)).toString();
}

// Takes from the address what fits this page and passes over the rest.
function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const one = (key, fits) => (fits(asked.get(key) || "") ? asked.get(key) || "" : "");
  const some = (key, fits) => (asked.get(key) || "").split(",").filter((name) => name && fits(name));
  const date = (text) => /^\d{4}(-\d\d(-\d\d)?)?$/.test(text);
  const named = (id) => nodes.has(id) || Object.hasOwn(page.speakers, id);
  if (languages.includes(asked.get("lang"))) state.language = asked.get("lang");
  const least = Number(asked.get("confidence"));
  Object.assign(state, {
    dispute: one("dispute", (slug) => Object.values(page.articles).some((a) => a.dispute === slug)),
    article: one("article", (id) => Object.hasOwn(page.articles, id)),
    groups: some("group", (name) => Object.hasOwn(page.groups, name)),
    relations: some("relation", (name) => Object.hasOwn(page.relations, name)),
    types: some("type", (name) => Object.hasOwn(page.types, name)),
    voices: some("voice", (name) => VOICES.includes(name)),
    speaker: one("speaker", (id) => id === OWN_VOICE || named(id)),
    least: least > 0 && least <= 100 ? least : 0,
    clock: one("clock", (name) => Object.hasOwn(CLOCKS, name)) || firstClock(),
    from: one("from", date),
    to: one("to", date),
    around: one("around", named),
    show: one("show", (name) => SHOWS.includes(name)),
    sort: { key: "", down: false },
    selected: null,
  });
  const sort = asked.get("sort") || "";
  const key = sort.replace(/^-/, "");
  if (Object.hasOwn(COLUMNS, key) && COLUMNS[key]) state.sort = { key, down: sort.startsWith("-") };
  const [, kind, id] = /^(node|edge|pair):(.*)$/s.exec(asked.get("select") || "") || [];
  const there = {
    node: () => named(id),
    edge: () => edges.some((edge) => edge.id === id),
    pair: () => id.includes(" ") && id.split(" ").every((end) => nodes.has(end)),
  };
  if (kind && there[kind]()) state.selected = { kind, id, statement: null };
}

function writeAddress() {
  try {
    history.replaceState(null, "", "#" + written());
  } catch {
    // A frame without an address of its own, as in a notebook: the view is only kept on the page.
  }
}
