"use strict";
// The query page: YASGUI asks this server alone and completes the terms of the project.

const MOST = 60;
const FIRST = `SELECT ?who ?whom
WHERE { ?who dkg:sues ?whom }
LIMIT 50`;

fetch("/query/terms.json")
  .then((response) => response.json())
  .then((known) => {
    const meaning = new Map(known.terms.map(([name, label]) => [name, label]));
    const names = [...meaning.keys(), ...Object.keys(known.prefixes).map((prefix) => `${prefix}:`)];

    // Names that hold what is typed, in themselves or in a label of either language.
    function complete(typed) {
      const wanted = typed.trim().toLowerCase();
      if (!wanted) return [];
      const begin = names.filter((name) => name.toLowerCase().startsWith(wanted));
      const inside = names.filter(
        (name) =>
          !begin.includes(name) &&
          `${name} ${meaning.get(name) || ""}`.toLowerCase().includes(wanted),
      );
      return [...begin, ...inside].slice(0, MOST);
    }

    const Yasqe = Yasgui.Yasqe;
    Yasqe.registerAutocompleter({
      name: "terms",
      bulk: false,
      autoShow: true,
      persistenceId: null,
      isValidCompletionPosition: (yasqe) => /^[\w.-]+:?[\w.-]*$/.test(yasqe.getCompleteToken().string),
      get: (yasqe, token) => complete(token ? token.string : ""),
      postprocessHints: (yasqe, hints) =>
        hints.map((hint) => ({
          ...hint,
          displayText: [hint.text, meaning.get(hint.text)].filter(Boolean).join("   "),
        })),
    });
    // The built-in completers of prefixes, classes and properties ask servers on the web. The server
    // knows the project's prefixes anyway; the editor marks what it does not find declared.
    Yasqe.forkAutocompleter("prefixes", {
      name: "known prefixes",
      persistenceId: null,
      get: () => Object.entries(known.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`),
    });
    Yasqe.defaults.autocompleters = ["variables", "terms", "known prefixes"];

    function declared(text) {
      const used = Object.entries(known.prefixes).filter(
        ([prefix]) =>
          new RegExp(`(^|[^\\w-])${prefix}:`, "m").test(text.replace(/^#.*$/gm, "")) &&
          !new RegExp(`prefix\\s+${prefix}:`, "i").test(text),
      );
      return used.map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}>\n`).join("") + text;
    }
    Yasqe.defaults.value = declared(FIRST);

    const yasgui = new Yasgui(document.getElementById("yasgui"), {
      requestConfig: { endpoint: new URL("/sparql", location.href).href, method: "POST" },
      copyEndpointOnNewTab: false,
      populateFromUrl: false,
      persistenceId: "dispute-kg",
      endpointCatalogueOptions: { getData: () => [] },
      yasr: { prefixes: known.prefixes },
    });

    const choice = document.getElementById("named");
    for (const query of known.queries) {
      const option = document.createElement("option");
      option.value = query.name;
      option.textContent = query.title;
      choice.append(option);
    }
    choice.addEventListener("change", () => {
      const query = known.queries.find((one) => one.name === choice.value);
      if (!query) return;
      document.getElementById("answers").textContent = query.answers;
      const tab = yasgui.getTab();
      tab.setQuery(declared(query.text.replace(/^(#.*\n)+\n*/, "")));
      tab.setRequestConfig({
        endpoint: new URL("/sparql", location.href).href,
        args: query.reported ? [{ name: "reported", value: "true" }] : [],
      });
      tab.query();
    });
    document.body.dataset.ready = "yes";
  });
