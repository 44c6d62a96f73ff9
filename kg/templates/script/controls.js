// --- Search, filters and legend, words ------------------------------------------------------------

function toggled(values, name) {
  return values.includes(name) ? values.filter((one) => one !== name) : [...values, name];
}

// A row of buttons that filter and are the legend as well: what stands for what, and how often.
function chips(box, names, key, textOf, markOf, counts) {
  const host = byId(box);
  host.replaceChildren(
    ...names.map((name) =>
      button(
        {
          class: "chip",
          "data-name": name,
          "aria-pressed": String(state[key].includes(name)),
          on: () => {
            state[key] = toggled(state[key], name);
            change();
            [...host.children].find((chip) => chip.dataset.name === name)?.focus();
          },
        },
        markOf(name),
        make("span", { text: textOf(name) }),
        make("span", { class: "counts", text: number(counts.get(name) || 0) }),
      ),
    ),
  );
  host.classList.toggle(
    "choosing",
    names.some((name) => state[key].includes(name)),
  );
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

const inOrder = (used, known) => [
  ...Object.keys(known).filter((name) => used.has(name)),
  ...[...used].filter((name) => !(name in known)).sort(),
];

// What each button would leave over is counted without the other buttons of its row.
function showChips() {
  const groups = new Map(tallied(passing("relations").map(groupOf)));
  const relations = new Map(tallied(passing("relations").map((s) => s.relation)));
  const types = new Map();
  for (const s of passing("types"))
    for (const type of new Set([nodes.get(s.subject).type, nodes.get(s.object).type]))
      types.set(type, (types.get(type) || 0) + 1);
  const voices = new Map(tallied(passing("voices").map(voiceOf)));
  chips(
    "groups",
    inOrder(new Set(statements.map(groupOf)), page.groups),
    "groups",
    groupLabel,
    (name) => stroke(groupColour(name)),
    groups,
  );
  const opened = Object.keys(page.relations).filter(
    (name) => state.groups.includes(page.relations[name].group) || state.relations.includes(name),
  );
  opened.sort((a, b) => (relations.get(b) || 0) - (relations.get(a) || 0));
  chips(
    "relations",
    opened,
    "relations",
    relationLabel,
    (name) => swatch(page.relations[name].group),
    relations,
  );
  byId("relations").hidden = !opened.length;
  chips(
    "voices",
    VOICES,
    "voices",
    (name) => word("voice_" + name),
    (name) => stroke("currentColor", name),
    voices,
  );
  chips(
    "types",
    inOrder(new Set([...nodes.values()].map((node) => node.type)), page.types),
    "types",
    typeLabel,
    glyph,
    types,
  );
  for (const id of ["groups", "relations", "voices", "types"]) byId(id).setAttribute("aria-label", word(id));
}

function showPicks() {
  const disputes = tallied(statements.map(disputeOf).filter(Boolean)).map(([slug]) => [
    slug,
    disputeTitle(slug),
  ]);
  disputes.sort((a, b) => compared(a[1], b[1]));
  options("dispute", [["", word("all_disputes")], ...disputes], state.dispute);
  byId("dispute-pick").hidden = disputes.length < 2;
  const articles = Object.entries(page.articles)
    .filter(([, { dispute }]) => !state.dispute || dispute === state.dispute)
    .map(([id, { title, date }]) => [id, date ? `${date} · ${title}` : title])
    .sort((a, b) => compared(a[1], b[1]));
  options("article", [["", word("all_articles")], ...articles], state.article);
  const speakers = tallied(passing("speaker").map((s) => s.speaker || OWN_VOICE)).map(([id, n]) => [
    id,
    `${id === OWN_VOICE ? word("own_voices") : label(id)} (${number(n)})`,
  ]);
  if (state.speaker && !speakers.some(([id]) => id === state.speaker))
    speakers.push([state.speaker, state.speaker === OWN_VOICE ? word("own_voices") : label(state.speaker)]);
  options("speaker", [["", word("all_speakers")], ...speakers], state.speaker);
}

function showFilters() {
  showChips();
  showPicks();
  byId("least").value = state.least;
  byId("least-text").textContent = percent(state.least / 100);
  byId("reset").hidden = !filtering();
  const around = state.around && word("around_chip", { name: label(state.around) });
  byId("around-chip").hidden = !around;
  byId("around-chip").textContent = around ? `${around} ×` : "";
  byId("filter-count").textContent = filtering() ? ` · ${word("on")}` : "";
}

// --- Search ----------------------------------------------------------------------------------------

const searched = [...nodes.values()].map((node) => ({
  id: node.id,
  names: namesOf(node.id).map(fold),
  weight: node.weight,
}));

function namesMatching(query) {
  const wanted = fold(query.trim());
  if (!wanted) return [];
  const found = [];
  for (const { id, names, weight } of searched) {
    const at = names.findIndex((name) => name.includes(wanted));
    if (at < 0) continue;
    const rank = names.includes(wanted) ? 0 : names.some((name) => name.startsWith(wanted)) ? 1 : 2;
    found.push({ id, rank, weight });
  }
  return found.sort((a, b) => a.rank - b.rank || b.weight - a.weight).map((match) => match.id);
}

function showMatches() {
  const query = byId("search").value;
  const found = namesMatching(query).slice(0, 8);
  const wanted = fold(query.trim());
  const box = byId("matches");
  box.replaceChildren(
    ...found.map((id, rank) => {
      const by = namesOf(id).find((name) => fold(name).includes(wanted));
      // Of several that are not named, the article tells which.
      const which = entity(id).unnamed ? titlesOf(id)[0] : fold(label(id)).includes(wanted) ? "" : by;
      return make(
        "li",
        { role: "option", id: `match-${rank}`, "aria-selected": "false", "data-id": id },
        glyph(entity(id).type),
        nameElement(id),
        make("small", { text: [typeLabel(entity(id).type), which].filter(Boolean).join(" · ") }),
      );
    }),
  );
  const open = Boolean(query.trim()) && document.activeElement === byId("search");
  byId("no-match").hidden = !(open && !found.length);
  box.hidden = !open || !found.length;
  byId("search").setAttribute("aria-expanded", String(!box.hidden));
  byId("search").removeAttribute("aria-activedescendant");
}

function closeMatches() {
  byId("matches").hidden = true;
  byId("no-match").hidden = true;
  byId("search").setAttribute("aria-expanded", "false");
  byId("search").removeAttribute("aria-activedescendant");
}

function take(id) {
  byId("search").value = "";
  closeMatches();
  opener = byId("search");
  choose("node", id, { focus: true });
  renderer.centre(id);
}

function searchKey(event) {
  const items = [...byId("matches").querySelectorAll("[data-id]")];
  const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "Enter" && items.length) take((items[at] || items[0]).dataset.id);
  else if (event.key === "Escape" && !byId("matches").hidden) {
    closeMatches();
    event.stopPropagation();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && items.length) {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = (at + step + items.length + (at < 0 && step < 0 ? 1 : 0)) % items.length;
    items.forEach((item, rank) => item.setAttribute("aria-selected", String(rank === next)));
    byId("search").setAttribute("aria-activedescendant", items[next].id);
  }
}

// --- Words -----------------------------------------------------------------------------------------

function showWords() {
  document.documentElement.lang = state.language;
  for (const element of document.querySelectorAll("[data-word]"))
    element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label-word]")) {
    element.setAttribute("aria-label", word(element.dataset.labelWord));
    element.title = word(element.dataset.labelWord);
  }
  byId("search").placeholder = word("search_hint");
  byId("languages").replaceChildren(
    ...languages.map((language) =>
      button({
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
}

// --- One way from the state to the page -------------------------------------------------------------

function change() {
  state.rows = TABLE_ROWS;
  select();
  showFilters();
  showTimeline();
  showSummary();
  draw();
  showBrief();
  showPanel();
  showTable();
  writeAddress();
}

function render() {
  showWords();
  if (statements.length) change();
}
