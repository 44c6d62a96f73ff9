// --- Beginning ------------------------------------------------------------------------------------

byId("empty").hidden = statements.length > 0;
byId("full").hidden = statements.length === 0;
byId("tools").hidden = statements.length === 0;
readAddress();
if (!statements.length) showWords();
else begin();

function begin() {
  const wide = matchMedia("(min-width: 1180px)");
  byId("filters").open = wide.matches;
  wide.addEventListener("change", () => (byId("filters").open = wide.matches));
  startTimeline();
  render();
  startFilters();
  startSearch();
  startGraph();
  startMenus();
  dark.addEventListener("change", render);
  addEventListener("hashchange", () => {
    readAddress();
    render();
  });
}

function startFilters() {
  for (const id of ["dispute", "article", "speaker"]) {
    byId(id).addEventListener("change", (event) => {
      state[id] = event.target.value;
      if (id === "dispute") Object.assign(state, { article: "", around: "", selected: null });
      change();
    });
  }
  byId("least").addEventListener("input", (event) => {
    state.least = Number(event.target.value);
    change();
  });
  byId("around-chip").addEventListener("click", () => {
    state.around = "";
    change();
    byId("search").focus();
  });
  byId("reset").addEventListener("click", () => {
    clearFilters();
    change();
    byId("search").focus();
    closeMatches();
  });
}

function startSearch() {
  byId("search").addEventListener("input", showMatches);
  byId("search").addEventListener("keydown", searchKey);
  byId("search").addEventListener("focus", showMatches);
  byId("search").addEventListener("blur", closeMatches);
  byId("matches").addEventListener("mousedown", (event) => {
    const item = event.target.closest("[data-id]");
    event.preventDefault();
    if (item) take(item.dataset.id);
  });
}

function startGraph() {
  byId("graph").addEventListener("keydown", graphKey);
  byId("zoom-in").addEventListener("click", () => renderer.zoom(1.35));
  byId("zoom-out").addEventListener("click", () => renderer.zoom(1 / 1.35));
  byId("fit").addEventListener("click", () => renderer.fit());
  let width = innerWidth;
  let timer = 0;
  addEventListener("resize", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (innerWidth !== width) {
        draw();
        renderer.fit();
      }
      width = innerWidth;
    }, 150);
  });
}

// What is saved, the end of the table, and Escape, which closes what is open.
function startMenus() {
  byId("more").addEventListener("click", () => {
    const rank = state.rows;
    state.rows += TABLE_ROWS;
    showTable();
    byId("rows").children[rank]?.querySelector("button").focus({ preventScroll: true });
  });
  const close = () => {
    byId("saves").open = false;
    byId("saves").querySelector("summary").focus();
  };
  for (const item of document.querySelectorAll("[data-save]")) {
    item.addEventListener("click", () => {
      close();
      SAVES[item.dataset.save]();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (byId("saves").open) close();
    else if (state.selected) choose(null);
  });
  document.addEventListener("click", (event) => {
    if (!byId("saves").contains(event.target)) byId("saves").open = false;
  });
}
