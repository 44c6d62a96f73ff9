// --- The evidence ---------------------------------------------------------------------------------

const CARDS = 20;

// Marks are code points; a JavaScript string counts UTF-16 units, so the text is cut as a list of letters.
function marked(statement) {
  const { text, lang } = sentences[statement.sentence];
  const letters = Array.from(text);
  const spans = statement.marks.map((mark, i) => [ROLES[i], mark]).filter(([, mark]) => Array.isArray(mark));
  const cuts = new Set([0, letters.length]);
  spans.forEach(([, [from, to]]) => cuts.add(from).add(to));
  const borders = [...cuts].sort((a, b) => a - b);
  const quote = make("blockquote", { lang, dir: "auto" });
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
    ? button(
        { class: "name", on: () => choose("node", id, { focus: true }) },
        nameElement(id),
      )
    : make("strong", {}, nameElement(id));

function webLink(source) {
  try {
    const { protocol, href } = new URL(source);
    return protocol === "https:" || protocol === "http:" ? href : null;
  } catch {
    return null;
  }
}

const outward = (href, text) => make("a", { href, target: "_blank", rel: "noopener noreferrer", text });

function articleLine(statement) {
  const { title, date, source } = page.articles[statement.article];
  const line = make("p", { class: "article" });
  const href = webLink(source);
  if (href) line.append(outward(href, title));
  else {
    line.append(make("cite", { text: title }));
    if (source) line.append(make("span", { text: source }));
  }
  if (date) line.append(make("time", { datetime: date, text: date }));
  return line;
}

// What is promised, alleged or only possible has its own sign; so has what is said not to be so.
function badges(statement) {
  const found = [];
  if (statement.negated) found.push(make("span", { class: "badge negated", text: word("negated") }));
  if (statement.modality !== "asserted")
    found.push(make("span", { class: "badge", text: modalityLabel(statement.modality) }));
  return found;
}

function relationText(statement) {
  return make("span", {
    class: statement.negated ? "relation negated" : "relation",
    text: verb(statement),
  });
}

function card(statement) {
  const outside = statement.marks
    .map((mark, i) => (Array.isArray(mark) ? "" : `${word("role_" + ROLES[i])} “${mark}”`))
    .filter(Boolean);
  const facts = make(
    "p",
    { class: "facts" },
    make("span", { class: "voice", text: speakerText(statement) }),
    ...badges(statement),
  );
  if (statement.time)
    facts.append(make("span", {}, `${word("time")}: `, make("time", { text: timeText(statement.time) })));
  if (statement.role)
    facts.append(make("span", {}, `${word("role")}: `, make("q", { lang: sentences[statement.sentence].lang, text: statement.role })));
  facts.append(make("span", { text: `${word("confidence")}: ${percent(statement.confidence)}` }));
  const element = make(
    "article",
    { class: "card" },
    make(
      "h4",
      {},
      nameButton(statement.subject),
      " ",
      relationText(statement),
      " ",
      nameButton(statement.object),
    ),
    marked(statement),
    outside.length
      ? make("p", { class: "outside", text: word("elsewhere", { words: outside.join(", ") }) })
      : null,
    facts,
    articleLine(statement),
  );
  element.style.borderColor = groupColour(groupOf(statement));
  element.classList.toggle("reported", reported(statement));
  return element;
}

function list(panel, heading, found) {
  if (!found.length) return;
  if (heading) panel.append(make("h3", { text: `${heading} · ${number(found.length)}` }));
  const end = make("span", { hidden: "" });
  const rest = [...found];
  const more = button({ class: "more" });
  const next = () => {
    end.before(...rest.splice(0, CARDS).map(card));
    more.textContent = word("more_rows", { n: number(Math.min(rest.length, CARDS)) });
    more.hidden = !rest.length;
  };
  more.addEventListener("click", next);
  panel.append(end, more);
  next();
}

// The titles of the articles that speak of a name.
function titlesOf(id) {
  const told = statements.filter((s) => [s.subject, s.object, s.speaker].includes(id));
  return [...new Set(told.map((s) => page.articles[s.article].title))];
}

function entityFacts(id) {
  const { type, labels, names = [], wikidata, unnamed } = entity(id);
  const facts = make("dl", { class: "entity" });
  const fact = (term, ...values) => facts.append(make("dt", { text: term }), make("dd", {}, ...values));
  fact(word("type"), typeLabel(type));
  for (const language of languages) {
    if (labels[language])
      fact(page.words[language].language, make("bdi", { lang: language, text: labels[language] }));
  }
  if (names.length) fact(word("also"), names.join(" · "));
  if (unnamed) fact(word("spoken_of"), titlesOf(id).join(" · "));
  fact(word("identifier"), make("code", { text: `entity:${id}`, title: iri("entity", id) }));
  if (wikidata)
    fact("Wikidata", outward(`https://www.wikidata.org/wiki/${encodeURIComponent(wikidata)}`, wikidata));
  return facts;
}

function nodePanel(panel, id) {
  // What is for or against somebody first; else as the articles tell it.
  const own = (role) =>
    shown
      .filter((s) => s[role] === id)
      .sort((a, b) => Math.abs(signOf(b)) - Math.abs(signOf(a)) || a.number - b.number);
  const acting = own("subject");
  const suffering = own("object").filter((s) => s.subject !== id);
  const saying = own("speaker").filter((s) => s.subject !== id && s.object !== id);
  panel.append(entityFacts(id));
  const around = state.around === id;
  panel.append(
    make(
      "p",
      {},
      button({
        class: "link",
        id: "around",
        "aria-pressed": String(around),
        text: word(around ? "around_off" : "around", { name: label(id) }),
        on: () => {
          state.around = around ? "" : id;
          change();
          byId("around").focus();
        },
      }),
    ),
  );
  if (!acting.length && !suffering.length && !saying.length)
    panel.append(make("p", { class: "hint", text: word("none") }));
  list(panel, word("acting", { name: label(id) }), acting);
  list(panel, word("suffering", { name: label(id) }), suffering);
  list(panel, word("said_by", { name: label(id) }), saying);
}

function linesPanel(panel, selected) {
  const found = bundles.filter((edge) => selects(selected, edge));
  const said = found.flatMap((edge) => edge.statements.map((n) => statements[n]));
  const negated = said.filter((s) => s.negated).length;
  panel.append(
    make(
      "p",
      { class: "kind" },
      ...[...new Set(found.map((edge) => edge.group))].map((group) =>
        make("span", {}, swatch(group), groupLabel(group)),
      ),
      make("span", { text: counted("count_statements", said.length) }),
      negated && negated < said.length
        ? make("span", { text: word("partly_negated", { n: number(negated), total: number(said.length) }) })
        : null,
    ),
  );
  said.sort(
    (a, b) => (b.number === selected.statement) - (a.number === selected.statement) || a.number - b.number,
  );
  if (!said.length) panel.append(make("p", { class: "hint", text: word("none") }));
  if (selected.kind === "edge") list(panel, "", said);
  else {
    const [hub, ...rest] = selected.id.split(" ");
    const ways = rest.flatMap((end) => [
      [hub, end],
      [end, hub],
    ]);
    const along = ([from, to]) => said.filter((s) => s.subject === from && s.object === to);
    for (const way of ways.sort((a, b) => along(b).length - along(a).length))
      list(panel, way.map(label).join(" → "), along(way));
  }
}

function showPanel() {
  const { selected } = state;
  const panel = byId("panel");
  byId("brief").hidden = Boolean(selected);
  panel.hidden = !selected;
  document.body.classList.toggle("chosen", Boolean(selected));
  panel.setAttribute("aria-label", word("panel"));
  panel.replaceChildren();
  panel.scrollTop = 0;
  if (!selected) return;
  const title = make("h2", {});
  if (selected.kind === "node")
    title.append(glyph(entity(selected.id).type), " ", nameElement(selected.id));
  else {
    const [hub, ...rest] = endsOf(selected);
    title.append(nameButton(hub), selected.kind === "pair" ? " ↔ " : " → ");
    rest.forEach((id, rank) => title.append(rank ? ", " : "", nameButton(id)));
  }
  panel.append(
    make(
      "div",
      { class: "panel-head" },
      title,
      button({
        class: "close",
        "aria-label": word("close"),
        title: word("close"),
        on: () => choose(null),
        text: "×",
      }),
    ),
  );
  if (selected.kind === "node") nodePanel(panel, selected.id);
  else linesPanel(panel, selected);
}

// The names that a selection is of.
function endsOf({ kind, id }) {
  const edge = kind === "edge" && edges.find((one) => one.id === id);
  if (edge) return [edge.from, edge.to];
  return kind === "node" ? [id] : id.split(" ");
}

let opener = null;

// Selects a name, a line or a pair of names; where the drawing lacks it, it is drawn with its surroundings.
function choose(kind, id = "", { statement = null, focus: take = false } = {}) {
  const before = state.selected;
  state.selected = kind ? { kind, id, statement } : null;
  if (kind) {
    const ends = endsOf(state.selected);
    const missing = ends.filter((end) => nodes.has(end) && !drawn.nodes.some((node) => node.id === end));
    if (missing.length) {
      const here = weightsIn(shown);
      if (missing.some((end) => !here.has(end))) clearFilters();
      state.around = ends[0];
      change();
    }
  }
  if (take && !before) opener = document.activeElement;
  draw();
  showPanel();
  writeAddress();
  if (kind) {
    say(
      `${kind === "node" ? label(id) : byId("panel").querySelector("h2").textContent}: ${counted("count_statements", byId("panel").querySelectorAll(".card").length)}`,
    );
    // The sheet that rises from below leaves the upper part of a small screen to the drawing.
    if (small.matches) byId("graph-section").scrollIntoView({ block: "start" });
    if (take) byId("panel").focus({ preventScroll: true });
  } else if (opener && opener.isConnected) {
    opener.focus({ preventScroll: true });
    opener = null;
  }
}
