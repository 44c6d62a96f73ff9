// --- In short: who stands against whom, over what, who says so ------------------------------------

const AGAINST = ["contends", "governs"];
const TOPICS = { EthicalIssue: 3, Practice: 2, Law: 2, Work: 1.5, AISystem: 1, Platform: 1 };
const STORIES = 5;

const betweenActors = (s) => s.subject !== s.object && acts(s.subject) && acts(s.object) && !s.negated;
const stands = {
  against: (s) => signOf(s) < 0 && AGAINST.includes(groupOf(s)) && betweenActors(s),
  with: (s) => signOf(s) > 0 && groupOf(s) === "cooperates" && betweenActors(s),
};

function tallied(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

// Pairs of actors with what one says or does against (or with) the other, the most told first.
function stories(kind) {
  const found = new Map();
  for (const s of shown) {
    if (!stands[kind](s)) continue;
    const key = `${s.subject} ${s.object}`;
    if (!found.has(key)) found.set(key, { from: s.subject, to: s.object, said: [] });
    found.get(key).said.push(s);
  }
  // Of two that are told as often, the one between those who are named more often.
  const weights = weightsIn(shown);
  const weight = ({ from, to }) => weights.get(from) + weights.get(to);
  return [...found.values()].sort((a, b) => b.said.length - a.said.length || weight(b) - weight(a));
}

// What a story is about: the issues, practices, laws and works that the one turns against or that
// the other deals with, in the articles that tell it.
function topics({ from, to, said }) {
  const articles = new Set(said.map((s) => s.article));
  const weights = new Map();
  for (const s of shown) {
    if (!articles.has(s.article) || acts(s.object)) continue;
    const worth = TOPICS[entity(s.object).type] || 0;
    const group = groupOf(s);
    const turned = s.subject === from && (signOf(s) < 0 || s.relation === "raisesIssue");
    const done = s.subject === to && group === "affects" && signOf(s) <= 0;
    // Further off, but of the same articles: a known issue, practice or law that anybody brings up.
    if (worth && (turned || done || (worth > 1.5 && entity(s.object).known))) {
      weights.set(s.object, (weights.get(s.object) || 0) + worth * (turned || done ? 2 : 0.5));
    }
  }
  return [...weights]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 3)
    .map(([id]) => id);
}

function storyCard(story, kind) {
  const { from, to, said } = story;
  const verbs = tallied(said.map((s) => verb(s.relation, from)))
    .slice(0, 3)
    .map(([text]) => text);
  const about = kind === "against" ? topics(story).map(label) : [];
  const voices = tallied(said.map((s) => (s.speaker === null ? word("own_voices") : label(s.speaker)))).slice(
    0,
    3,
  );
  const articles = new Set(said.map((s) => s.article)).size;
  const open = button({
    class: "story",
    on: () => choose("pair", pairOf(from, to), { focus: true }),
  });
  open.append(
    make("strong", { text: label(from) }),
    ` ${listed(verbs)} `,
    make("strong", { text: label(to) }),
    about.length ? ` ${word("over", { things: listed(about) })}` : "",
  );
  const card = make(
    "li",
    {},
    open,
    make("p", {
      class: "facts",
      text: `${word("in_articles", { said: counted("count_statements", said.length), articles: counted("count_articles", articles) })} · ${word(
        "told_by",
        { names: listed(voices.map(([name, n]) => `${name} (${number(n)})`)) },
      )}`,
    }),
  );
  card.style.borderColor = groupColour(groupOf(said[0]));
  card.classList.toggle("reported", said.every(reported));
  return card;
}

function showBrief() {
  const parts = [make("h2", { text: word("brief") })];
  for (const [kind, heading] of [
    ["against", "who_against"],
    ["with", "who_with"],
  ]) {
    const all = stories(kind);
    if (!all.length) continue;
    const list = make(
      "ol",
      { class: "stories" },
      ...all.slice(0, kind === "against" ? STORIES : 3).map((one) => storyCard(one, kind)),
    );
    parts.push(make("h3", { text: word(heading) }), list);
    const rest = all.slice(list.children.length);
    if (rest.length) {
      const more = button({
        class: "more",
        text: word("more_rows", { n: number(Math.min(rest.length, 20)) }),
      });
      more.addEventListener("click", () => {
        list.append(...rest.splice(0, 20).map((one) => storyCard(one, kind)));
        more.textContent = word("more_rows", { n: number(Math.min(rest.length, 20)) });
        if (!rest.length) more.remove();
      });
      parts.push(more);
    }
  }
  const weights = [...weightsIn(shown)].sort((a, b) => b[1] - a[1] || compared(label(a[0]), label(b[0])));
  parts.push(
    make("h3", { text: word("most_named") }),
    make(
      "ol",
      { class: "most" },
      ...weights
        .slice(0, 8)
        .map(([id, count]) =>
          make(
            "li",
            {},
            glyph(entity(id).type),
            nameButton(id),
            make("span", { class: "counts", text: number(count) }),
          ),
        ),
    ),
  );
  byId("brief").replaceChildren(
    ...(shown.length ? parts : [make("p", { class: "hint", text: word("none") })]),
  );
}

// One sentence above the graph: how much there is and where the weight lies.
function showSummary() {
  const against = shown.filter(stands.against);
  const targets = tallied(against.map((s) => s.object)).slice(0, 3);
  const actors = tallied(against.map((s) => s.subject)).slice(0, 3);
  const disputes = new Set(shown.map(disputeOf).filter(Boolean));
  const [only] = disputes;
  const counts = [
    counted("count_statements", shown.length),
    counted("count_articles", new Set(shown.map((s) => s.article)).size),
    disputes.size > 1
      ? counted("count_disputes", disputes.size)
      : counted("count_nodes", weightsIn(shown).size),
  ].join(" · ");
  const names = (pairs) => listed(pairs.map(([id, n]) => `${label(id)} (${number(n)})`));
  byId("counts").textContent = counts;
  const [story] = stories("against");
  let text = "";
  if (story && disputes.size <= 1) {
    const verbs = tallied(story.said.map((s) => verb(s.relation, story.from))).slice(0, 2);
    const about = topics(story).map(label);
    text = [
      label(story.from),
      listed(verbs.map(([one]) => one)),
      label(story.to),
      about.length ? word("over", { things: listed(about) }) : "",
    ]
      .filter(Boolean)
      .join(" ");
    text = text.charAt(0).toLocaleUpperCase(state.language) + text.slice(1) + ".";
    if (targets.length > 1) text += " " + word("most_against", { names: names(targets) });
  } else if (targets.length) {
    text = `${word("most_against", { names: names(targets) })} ${word("most_by", { names: names(actors) })}`;
  }
  byId("summary").textContent = text || word("tagline");
  byId("scope").textContent =
    disputes.size === 1 && statements.length > shown.length ? disputeTitle(only) : "";
}
