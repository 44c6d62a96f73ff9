// --- The data of the page, and how they read in the language that is chosen ---------------------

const byId = (id) => document.getElementById(id);
const read = (id) => JSON.parse(byId("data-" + id).textContent);
const page = read("page");
const nodes = new Map(read("nodes").map((node) => [node.id, node]));
// The name of a line: who acts how upon whom.
const edges = read("edges").map((edge) => ({ ...edge, id: `${edge.from} ${edge.group} ${edge.to}` }));
const ROLES = ["subject", "trigger", "object", "speaker"];

// Rows come as one list for each key.
function rowsOf(columns) {
  const keys = Object.keys(columns);
  return keys.length
    ? columns[keys[0]].map((_, i) => Object.fromEntries(keys.map((key) => [key, columns[key][i]])))
    : [];
}
const sentences = rowsOf(page.sentences);
const statements = rowsOf(page.statements).map((statement, number) => ({ ...statement, number }));
const languages = Object.keys(page.words);
const TABLE_ROWS = 100;

const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
const word = (key, values = {}) => fill(page.words[state.language][key], values);
const number = (value) => value.toLocaleString(state.language);
const percent = (value) => value.toLocaleString(state.language, { style: "percent" });
const counted = (key, n) => word(n === 1 ? `${key}_one` : key, { n: number(n) });
const listed = (texts) =>
  new Intl.ListFormat(state.language, { style: "long", type: "conjunction" }).format(texts);
const pick = (labels, fallback) => labels[state.language] || Object.values(labels)[0] || fallback;
const collators = new Map();
function compared(a, b) {
  if (!collators.has(state.language)) {
    collators.set(state.language, new Intl.Collator(state.language, { numeric: true }).compare);
  }
  return collators.get(state.language)(a, b);
}

const entity = (id) => nodes.get(id) || page.speakers[id];
const bare = (id) => entity(id).labels[state.language] || entity(id).label;
// Whom an article only calls "the company" is not passed off as a name.
const label = (id) => (entity(id).unnamed ? word("unnamed", { name: bare(id) }) : bare(id));
// The language of words that there are in another one only; null for names and where there is no need.
const foreign = (id) => {
  const { labels, known } = entity(id);
  const [language] = Object.keys(labels);
  return known || !language || labels[state.language] ? null : language;
};
const nameElement = (id) =>
  make("bdi", { text: label(id), lang: foreign(id), class: foreign(id) && "foreign" });
const namesOf = (id) => {
  const { label: first, labels, names = [] } = entity(id);
  return [...new Set([first, ...Object.values(labels), ...names])];
};
const acts = (id) => Boolean((page.types[entity(id).type] || {}).acts);
const groupOf = (statement) => page.relations[statement.relation].group;
const relationLabel = (name) => pick(page.relations[name].labels, name);
const groupLabel = (name) => pick(page.groups[name] || {}, name);
const typeLabel = (name) => pick((page.types[name] || { labels: {} }).labels, name);
const modalityLabel = (name) => pick(page.modalities[name] || {}, name);

// Whether a verb is of many: a group, or words that have the form of a plural in this language.
function many(id) {
  const { type, labels } = entity(id);
  const { many_names: plural } = page.words[state.language];
  return type === "Group" || Boolean(plural && new RegExp(plural, "u").test(labels[state.language] || ""));
}

// "artists oppose", "OpenAI does not oppose", "makes demands of Meta": a verb has another form for
// many, after "not" and towards actors in some languages; words.toml has these forms.
function verb({ relation, subject, object, negated }, several = many(subject)) {
  const { of_many: ofMany, to_actors: toActors } = page.words[state.language];
  const usual = [relationLabel(relation), ofMany[relation] || relationLabel(relation)];
  const [one, plain] = (acts(object) && toActors[relation]) || usual;
  if (negated) return word(several ? "not_many" : "not_one", { verb: plain });
  return several ? plain : one;
}

const signOf = (statement) => page.relations[statement.relation].sign;
const reported = (statement) => statement.speaker !== null || statement.modality !== "asserted";
const voiceOf = (statement) => (statement.negated ? "negated" : reported(statement) ? "reported" : "own");
const speakerText = (statement) =>
  statement.speaker === null ? word("own_voice") : word("according_to", { name: label(statement.speaker) });
// A statement is of the date of its article, or of the time that its sentence gives: of both the
// first year, month or day that there is.
const dayIn = (text) => {
  const [day] = /(?<![\d-])[12]\d{3}(-\d\d(-\d\d)?)?(?![\d-])/.exec(text || "") || [""];
  return day && !Number.isNaN(Date.parse(day)) ? day : "";
};
const DATES = new Map(Object.entries(page.articles).map(([id, { date }]) => [id, dayIn(date)]));
const CLOCKS = {
  article: (statement) => DATES.get(statement.article),
  event: (statement) => dayIn(statement.time),
};
const dateOf = (statement) => CLOCKS[state.clock](statement);
const timeText = (time) => time.replace("/", " – ").replace("..", "…");
const disputeOf = (statement) => page.articles[statement.article].dispute;

// A dispute goes by the title of its first article, in the language of the page where there is one.
const disputeTitles = new Map();
function disputeTitle(slug) {
  const key = `${state.language} ${slug}`;
  if (!disputeTitles.has(key)) {
    const own = Object.values(page.articles).filter((article) => article.dispute === slug);
    const best = own.filter((article) => article.lang === state.language);
    const [first] = (best.length ? best : own).sort((a, b) => (a.date < b.date ? -1 : 1));
    disputeTitles.set(key, first ? first.title : slug);
  }
  return disputeTitles.get(key);
}

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
// One line without control and direction characters, for what is drawn.
const plain = (text) => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
function shorten(text, columns) {
  const letters = Array.from(plain(text));
  return letters.length > columns ? letters.slice(0, columns - 1).join("") + "…" : letters.join("");
}
