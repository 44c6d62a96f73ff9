// --- The timeline: how much the articles of each time say, and the range to keep ------------------

// Days up to three months, months up to fifteen years, then years.
function binsOf(clock) {
  const dates = [...new Set(statements.map(CLOCKS[clock]).filter(Boolean))].sort();
  if (dates.length < 2) return [];
  const whole = (date) => (date + "-01-01".slice(date.length - 4)).slice(0, 10);
  const [first, last] = [new Date(whole(dates[0])), new Date(whole(dates[dates.length - 1]))];
  const days = (last - first) / 864e5;
  const size = days <= 92 ? 10 : days <= 15 * 366 ? 7 : 4;
  const found = [];
  const at = new Date(first);
  if (size < 10) at.setUTCDate(1);
  if (size < 7) at.setUTCMonth(0);
  while (at <= last && found.length < 2000) {
    found.push(at.toISOString().slice(0, size));
    if (size === 10) at.setUTCDate(at.getUTCDate() + 1);
    else if (size === 7) at.setUTCMonth(at.getUTCMonth() + 1);
    else at.setUTCFullYear(at.getUTCFullYear() + 1);
  }
  return found;
}
const BINS = Object.fromEntries(Object.keys(CLOCKS).map((clock) => [clock, binsOf(clock)]));
const bins = () => BINS[state.clock];
const firstClock = () => (BINS.article.length || !BINS.event.length ? "article" : "event");
const lastBin = () => bins().length - 1;
function binOf(date) {
  const { length } = bins()[0];
  return bins().indexOf(date.slice(0, length).padEnd(length, "-01"));
}

function rangeOf() {
  const from = state.from ? bins().findIndex((bin) => bin >= state.from.slice(0, bin.length)) : 0;
  const to = state.to ? bins().findLastIndex((bin) => bin <= state.to) : lastBin();
  return [from < 0 ? lastBin() : from, to < 0 ? 0 : to];
}

function setRange(from, to) {
  const [low, high] = [Math.max(Math.min(from, to), 0), Math.min(Math.max(from, to), lastBin())];
  state.from = low === 0 ? "" : bins()[low];
  state.to = high === lastBin() ? "" : bins()[high];
  change();
}

function binText(bin) {
  const options = { year: "numeric", timeZone: "UTC" };
  if (bin.length > 4) options.month = "short";
  if (bin.length > 7) options.day = "numeric";
  return new Intl.DateTimeFormat(state.language, options).format(new Date(bin));
}

function showTimeline() {
  byId("timeline").hidden = !Object.values(BINS).some((found) => found.length);
  const clocks = Object.keys(CLOCKS).filter((clock) => BINS[clock].length);
  options(
    "clock",
    clocks.map((clock) => [clock, word("clock_" + clock)]),
    state.clock,
  );
  byId("clock").hidden = clocks.length < 2;
  if (!bins().length) return;
  const counts = bins().map(() => 0);
  let undated = 0;
  for (const s of passing("time")) {
    const at = dateOf(s) ? binOf(dateOf(s)) : -1;
    if (at < 0) undated += 1;
    else counts[at] += 1;
  }
  const most = Math.max(...counts, 1);
  const [from, to] = rangeOf();
  const bars = shape("svg", {
    viewBox: `0 0 ${bins().length} 1`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  counts.forEach((count, i) => {
    if (!count) return;
    const height = 0.08 + (0.92 * count) / most;
    bars.append(
      shape("rect", {
        x: i + 0.08,
        y: 1 - height,
        width: 0.84,
        height,
        class: i >= from && i <= to ? "in" : "out",
      }),
    );
  });
  byId("bars").replaceChildren(bars);
  const window = byId("window").style;
  window.left = `${(100 * from) / bins().length}%`;
  window.right = `${100 - (100 * (to + 1)) / bins().length}%`;
  byId("window").classList.toggle("whole", from === 0 && to === lastBin());
  for (const [id, value] of [
    ["from", from],
    ["to", to],
  ]) {
    const input = byId(id);
    input.max = lastBin();
    input.value = value;
    input.setAttribute("aria-label", word("time_" + id));
    input.setAttribute("aria-valuetext", binText(bins()[value]));
  }
  byId("range").textContent =
    from === 0 && to === lastBin()
      ? word("timeline", { from: binText(bins()[0]), to: binText(bins()[lastBin()]) })
      : `${binText(bins()[from])} – ${binText(bins()[to])}` +
        (undated ? ` · ${word("undated", { n: number(undated) })}` : "");
  byId("all-times").hidden = from === 0 && to === lastBin();
}

// Dragging draws a new range, or moves the one that there is.
function startTimeline() {
  byId("clock").addEventListener("change", (event) => {
    Object.assign(state, { clock: event.target.value, from: "", to: "" });
    change();
  });
  const strip = byId("bars");
  const at = (event) => {
    const { left, width } = strip.getBoundingClientRect();
    return Math.min(Math.max(Math.floor(((event.clientX - left) / width) * bins().length), 0), lastBin());
  };
  let drag = null;
  strip.addEventListener("pointerdown", (event) => {
    const [from, to] = rangeOf();
    const start = at(event);
    const moves = (from > 0 || to < lastBin()) && start >= from && start <= to;
    drag = { start, from, to, moves };
    strip.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  strip.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const now = at(event);
    if (drag.moves) {
      const step = Math.min(Math.max(now - drag.start, -drag.from), lastBin() - drag.to);
      setRange(drag.from + step, drag.to + step);
    } else if (now !== drag.start) setRange(drag.start, now);
  });
  const stop = (event) => {
    if (drag && !drag.moves && event.type === "pointerup") setRange(drag.start, at(event));
    drag = null;
  };
  strip.addEventListener("pointerup", stop);
  strip.addEventListener("pointercancel", stop);
  byId("from").addEventListener("input", (event) =>
    setRange(Math.min(Number(event.target.value), rangeOf()[1]), rangeOf()[1]),
  );
  byId("to").addEventListener("input", (event) =>
    setRange(rangeOf()[0], Math.max(Number(event.target.value), rangeOf()[0])),
  );
  byId("all-times").addEventListener("click", () => {
    setRange(0, lastBin());
    byId("from").focus();
  });
}
