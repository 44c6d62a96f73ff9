// --- The table: the same statements, always there -------------------------------------------------

const COLUMNS = {
  subject: (s) => label(s.subject),
  relation: verb,
  object: (s) => label(s.object),
  sentence: null,
  speaker: (s) => (s.speaker === null ? "" : label(s.speaker)),
  modality: (s) => modalityLabel(s.modality),
  time: (s) => s.time || "",
  article: (s) => page.articles[s.article].date + page.articles[s.article].title,
  confidence: (s) => s.confidence,
};

const CELLS = {
  subject: (s) => [nameElement(s.subject)],
  relation: (s) => [
    button(
      {
        class: "open",
        title: word("show_in_graph"),
        on: () => {
          const edge = edges.find((one) => one.statements.includes(s.number));
          choose("edge", edge.id, { statement: s.number, focus: true });
          if (!small.matches) byId("graph-section").scrollIntoView({ block: "nearest" });
        },
      },
      swatch(groupOf(s)),
      relationText(s),
    ),
  ],
  object: (s) => [nameElement(s.object)],
  sentence: (s) => [marked(s)],
  speaker: (s) => [s.speaker === null ? "–" : nameElement(s.speaker)],
  modality: (s) => [modalityLabel(s.modality)],
  time: (s) => [s.time ? timeText(s.time) : "–"],
  article: (s) => [page.articles[s.article].title, make("small", { text: page.articles[s.article].date })],
  confidence: (s) => [percent(s.confidence)],
};

function sorted() {
  const key = COLUMNS[state.sort.key];
  if (!key) return shown;
  const sign = state.sort.down ? -1 : 1;
  const keyed = shown.map((s) => [key(s), s]);
  keyed.sort(([x, a], [y, b]) => {
    // What has no value comes last, whichever way the rest is sorted.
    if ((x === "") !== (y === "")) return x === "" ? 1 : -1;
    return sign * (typeof x === "number" ? x - y : compared(x, y)) || a.number - b.number;
  });
  return keyed.map(([, s]) => s);
}

function columnHead(key) {
  const head = make("th", { scope: "col", role: "columnheader", class: key });
  if (!COLUMNS[key]) {
    head.textContent = word(key);
    return head;
  }
  const active = state.sort.key === key;
  head.setAttribute("aria-sort", active ? (state.sort.down ? "descending" : "ascending") : "none");
  head.append(
    button({
      title: word("sort_by", { column: word(key) }),
      "data-column": key,
      on: () => {
        state.sort = { key, down: active && !state.sort.down };
        showTable();
        writeAddress();
        byId("heads").querySelector(`[data-column="${key}"]`).focus({ preventScroll: true });
      },
      text: word(key) + (active ? (state.sort.down ? " ↓" : " ↑") : ""),
    }),
  );
  return head;
}

function tableRow(statement) {
  const line = make("tr", { role: "row" });
  for (const key of Object.keys(COLUMNS)) {
    const empty = COLUMNS[key] && COLUMNS[key](statement) === "";
    line.append(
      make(
        "td",
        { role: "cell", class: empty ? key + " empty-cell" : key, "data-label": word(key) },
        ...CELLS[key](statement),
      ),
    );
  }
  return line;
}

function showTable() {
  byId("heads").replaceChildren(...Object.keys(COLUMNS).map(columnHead));
  const rows = sorted();
  byId("rows").replaceChildren(...rows.slice(0, state.rows).map(tableRow));
  byId("table-count").textContent =
    shown.length === statements.length
      ? number(shown.length)
      : word("shown_rows", { shown: number(shown.length), total: number(statements.length) });
  byId("none").hidden = shown.length > 0;
  byId("table").hidden = shown.length === 0;
  const rest = rows.length - state.rows;
  byId("more").hidden = rest <= 0;
  byId("more").textContent = word("more_rows", { n: number(Math.min(rest, TABLE_ROWS)) });
}
