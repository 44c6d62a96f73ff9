// --- In short: who stands against whom, over what, who says so ------------------------------------

const AGAINST = ["contends", "governs"];
// What a dispute is about is rather an issue than a system.
const TOPICS = { EthicalIssue: 3, Practice: 2, Law: 2, Work: 1.5, AISystem: 1, Platform: 1 };
const LISTED = { against: 5, what: 4, with: 3 };
const FURTHER = 20;
const NAMED = 4;
const MOST_NAMED = 8;
const LONGEST_NAME = 70;
const LONGEST_HEADLINE = 200;
// What words of another language than that of the page weigh, and those that are more than a name.
const OTHER_TONGUE = 0.7;
const LONG_WINDED = 0.5;
// What others than the two parties bring up weighs less, and is left out beside what weighs much more.
const BY_OTHERS = 0.4;
// A story below this is too unsure, or too slight, for the headline beside another.
const SURE_ENOUGH = 0.5;

const against = (s) => signOf(s) < 0 && AGAINST.includes(groupOf(s)) && !s.negated && acts(s.subject);
const other = (s) => s.subject !== s.object && acts(s.object);
const stands = {
  against: (s) => against(s) && other(s),
  what: (s) => against(s) && !acts(s.object) && !page.look.view.to_actors.includes(s.relation),
  with: (s) => signOf(s) > 0 && groupOf(s) === "cooperates" && !s.negated && acts(s.subject) && other(s),
};
const topical = (s) => TOPICS[entity(s.object).type] && !page.look.view.moves.includes(s.object);

// What of the statements shown says how somebody stands towards somebody or something, and what may
// be a topic, by article; sorted out once for each view.
let sortedOut = { shown: null };
function standing() {
  if (sortedOut.shown === shown && sortedOut.language === state.language) return sortedOut;
  const kinds = Object.entries(stands);
  sortedOut = { shown, language: state.language, stories: {}, topics: new Map() };
  for (const [kind] of kinds) sortedOut[kind] = [];
  for (const s of shown) {
    for (const [kind, test] of kinds) if (test(s)) sortedOut[kind].push(s);
    if (!topical(s)) continue;
    if (!sortedOut.topics.has(s.article)) sortedOut.topics.set(s.article, []);
    sortedOut.topics.get(s.article).push(s);
  }
  return sortedOut;
}

function tallied(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

// Stories with the same key as one.
function together(told, keyOf) {
  const found = new Map();
  for (const story of told) {
    const key = keyOf(story);
    if (!found.has(key)) found.set(key, { from: [], to: [], said: [] });
    for (const part of ["from", "to", "said"]) found.get(key)[part].push(...story[part]);
  }
  return [...found.values()].map(({ from, to, said }) => ({
    from: [...new Set(from)],
    to: [...new Set(to)],
    said,
  }));
}

const readable = (id) =>
  (foreign(id) ? OTHER_TONGUE : 1) * (label(id).length > LONGEST_NAME ? LONG_WINDED : 1);

// What is told of some towards others. Those who do the same to the same one are told together, and
// so are those to whom one does the same. What is told most, and most surely, comes first.
function stories(kind) {
  const found = standing();
  found.stories[kind] ||= storiesOf(kind, found[kind]);
  return [...found.stories[kind]];
}

function storiesOf(kind, statementsOfKind) {
  const told = statementsOfKind.map((s) => ({ from: [s.subject], to: [s.object], said: [s] }));
  const pairs = together(told, ({ from, to }) => `${from} ${to}`);
  const all = (said, key) => [...new Set(said.map(key))].sort().join(" ");
  // Of one dispute: suits over different matters are not one story.
  const deeds = ({ said }) => [all(said, (s) => s.relation), all(said, (s) => disputeOf(s) || s.article)];
  const toOne = kind === "what" ? pairs : together(pairs, (pair) => `${pair.to} ${deeds(pair)}`);
  const single = ({ from, to }) => from.length === 1 && to.length === 1;
  const byOne = together(toOne.filter(single), (pair) => `${pair.from} ${deeds(pair)}`);
  const found = [...toOne.filter((story) => !single(story)), ...byOne];
  const { light } = page.look.view;
  const share = (s) => (kind === "against" && light[s.relation]) || 1;
  const weights = weightsIn(shown);
  for (const story of found) {
    const ends = [...story.from, ...story.to];
    const sure = story.said.reduce((sum, s) => sum + s.confidence * share(s), 0);
    story.sure = sure * ends.reduce((product, id) => Math.min(product, readable(id)), 1);
    story.weight = Math.max(...ends.map((id) => weights.get(id)));
  }
  found.sort((a, b) => b.sure - a.sure || b.weight - a.weight);
  if (found.length) found[0].leading = new Set(shown.map(disputeOf)).size === 1;
  return found;
}

// What a story is about: the issues, practices, laws and works that the one turns against, that the
// other deals with, or that its sentences bring up; where there are none of these and it is what a
// dispute is about, what its articles bring up.
function topics({ from, to, said, leading }) {
  const own = new Set(said.map((s) => s.sentence));
  const articles = new Set(said.map((s) => s.article));
  const parties = new Set([...from, ...to]);
  const [near, far] = [new Map(), new Map()];
  for (const s of [...articles].flatMap((id) => standing().topics.get(id) || [])) {
    if (to.includes(s.object)) continue;
    const { type, known } = entity(s.object);
    const turned = from.includes(s.subject) && (against(s) || s.relation === "raisesIssue");
    const done = to.includes(s.subject) && groupOf(s) === "affects" && signOf(s) <= 0;
    const broughtUp = known && TOPICS[type] > TOPICS.Work;
    const worth = TOPICS[type] * readable(s.object);
    const add = (found, share) => found.set(s.object, (found.get(s.object) || 0) + worth * share);
    if (turned || done) add(near, 2);
    else if (broughtUp && own.has(s.sentence)) add(near, 1);
    else if (broughtUp && leading)
      add(far, [s.subject, s.speaker].some((id) => parties.has(id)) ? 1 : BY_OTHERS);
  }
  const most = Math.max(...far.values(), 0);
  const found = near.size ? [...near] : [...far].filter(([, weight]) => weight * 2 > most);
  return found
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 3)
    .map(([id]) => id);
}

// A name in a sentence; what is no name but a phrase of an article is quoted.
function inSentence(id) {
  const { type, known, unnamed } = entity(id);
  const text = shorten(label(id), LONGEST_NAME);
  const phrase = foreign(id) || (type === "Concept" && !known);
  return phrase && !unnamed ? `“${text}”` : text;
}

// So many names, each once, and how many others there are.
function namesIn(ids) {
  const texts = [...new Set(ids.map(inSentence))];
  const rest = texts.length > NAMED ? texts.length - NAMED + 1 : 0;
  return listed(
    rest ? [...texts.slice(0, NAMED - 1), word("others", { n: number(rest) })] : texts,
  );
}

// The parts of a sentence: who, does what, to whom, over what.
function told(story, kind) {
  const { from, to, said } = story;
  const several = new Set(from.map(label)).size > 1 || many(from[0]);
  const verbs = tallied(said.map((s) => verb(s, several))).slice(0, 3);
  const about = kind === "against" ? topics(story) : [];
  return {
    who: namesIn(from),
    does: listed(verbs.map(([text]) => text)),
    whom: namesIn(to),
    over: about.length ? word("over", { things: listed(about.map(inSentence)) }) : "",
  };
}

function storyCard(story, kind) {
  const { from, to, said } = story;
  const { who, does, whom, over } = told(story, kind);
  const voices = tallied(said.map((s) => (s.speaker === null ? word("own_voices") : label(s.speaker))));
  const told_by = listed(voices.slice(0, 3).map(([name, n]) => `${name} (${number(n)})`));
  const unsure = tallied(said.map((s) => s.modality).filter((modality) => modality !== "asserted"));
  const modalities = unsure.map(([modality, n]) => `${modalityLabel(modality)} (${number(n)})`);
  const in_articles = word("in_articles", {
    said: counted("count_statements", said.length),
    articles: counted("count_articles", new Set(said.map((s) => s.article)).size),
  });
  const ends = from.length > 1 ? [...to, ...from] : [...from, ...to];
  const card = make(
    "li",
    {},
    button(
      { class: "story", on: () => choose("pair", ends.join(" "), { focus: true }) },
      make("strong", { text: who }),
      ` ${does} `,
      make("strong", { text: whom }),
      over && ` ${over}`,
    ),
    make("p", {
      class: "facts",
      text: [in_articles, ...modalities, word("told_by", { names: told_by })].join(" · "),
    }),
  );
  card.style.borderColor = groupColour(groupOf(said[0]));
  card.classList.toggle("reported", said.every(reported));
  return card;
}

// The stories of a kind under their heading, the further ones behind a button.
function storyList(kind) {
  const rest = stories(kind);
  if (!rest.length) return [];
  const list = make("ol", { class: "stories" });
  const more = button({ class: "more", on: () => next(FURTHER) });
  const next = (n) => {
    list.append(...rest.splice(0, n).map((story) => storyCard(story, kind)));
    more.textContent = word("more_rows", { n: number(Math.min(rest.length, FURTHER)) });
    more.hidden = !rest.length;
  };
  next(LISTED[kind]);
  return [make("h3", { text: word(`who_${kind}`) }), list, more];
}

function mostNamed() {
  const weights = [...weightsIn(shown)].sort((a, b) => b[1] - a[1]);
  const least = (weights[MOST_NAMED - 1] || [null, 0])[1];
  const most = weights.filter(([, count]) => count >= least);
  most.sort((a, b) => b[1] - a[1] || compared(label(a[0]), label(b[0])));
  const line = ([id, count]) =>
    make(
      "li",
      {},
      glyph(entity(id).type),
      nameButton(id),
      make("span", { class: "counts", text: number(count) }),
    );
  return [
    make("h3", { text: word("most_named") }),
    make("ol", { class: "most" }, ...most.slice(0, MOST_NAMED).map(line)),
  ];
}

function showBrief() {
  byId("brief").replaceChildren(
    ...(shown.length
      ? [make("h2", { text: word("brief") }), ...Object.keys(LISTED).flatMap(storyList), ...mostNamed()]
      : [make("p", { class: "hint", text: word("none") })]),
  );
}

// "OpenAI (32 statements), Anthropic (23) and Meta (22)"; who is named once is no weight.
function weighed(ids) {
  const most = tallied(ids).filter(([, n]) => n > 1);
  return listed(
    most.slice(0, 3).map(([id, n], i) => `${label(id)} (${i ? number(n) : counted("count_statements", n)})`),
  );
}

// Whether an article tells it in its own voice, as a thing that was done. That somebody alleges
// something is such a thing too.
const firsthand = (s) =>
  s.speaker === null &&
  (s.modality === "asserted" || (s.modality === "alleged" && groupOf(s) === "contends"));

// The stories that are told most at first hand, as sentences: one, and one of somebody else.
function headlines() {
  const firsthandOf = (kind) => stories(kind).filter(({ said }) => said.some(firsthand));
  const kind = Object.keys(LISTED).find((one) => firsthandOf(one).length);
  if (!kind) return [];
  const [first, ...rest] = firsthandOf(kind).map((story) => ({ ...story, said: story.said.filter(firsthand) }));
  const second = rest.find(
    ({ from, sure }) => sure > SURE_ENOUGH && from.every((id) => !first.from.includes(id)),
  );
  const [one, other] = [first, second].map((story) => story && told(story, kind));
  if (other && other.over === one.over) other.over = "";
  const texts = [one, other].filter(Boolean).map(({ who, does, whom, over }) => {
    const text = [who, does, whom, over].filter(Boolean).join(" ");
    return text.charAt(0).toLocaleUpperCase(state.language) + text.slice(1) + (text.endsWith(".") ? "" : ".");
  });
  return texts.join(" ").length > LONGEST_HEADLINE ? texts.slice(0, 1) : texts;
}

// One sentence or two above the graph: of a dispute what it is, of several where the weight lies.
function showSummary() {
  const disputes = new Set(shown.map(disputeOf).filter(Boolean));
  const [only] = disputes;
  byId("counts").textContent = [
    counted("count_statements", shown.length),
    counted("count_articles", new Set(shown.map((s) => s.article)).size),
    disputes.size > 1
      ? counted("count_disputes", disputes.size)
      : counted("count_nodes", weightsIn(shown).size),
  ].join(" · ");
  const told = standing().against;
  const targets = weighed(told.map((s) => s.object));
  const actors = weighed(told.map((s) => s.subject));
  const weight = targets && [
    word("most_against", { names: targets }),
    actors && word("most_by", { names: actors }),
  ];
  const parts = disputes.size > 1 && weight ? weight : headlines();
  byId("summary").textContent = parts.filter(Boolean).join(" ") || word("tagline");
  byId("scope").textContent =
    disputes.size === 1 && statements.length > shown.length ? disputeTitle(only) : "";
}
