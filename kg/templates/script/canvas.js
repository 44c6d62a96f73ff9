// --- Drawn by vis-network, as long as it keeps up -------------------------------------------------

function canvasRenderer() {
  const host = byId("canvas");
  const drawnNodes = new vis.DataSet();
  const drawnEdges = new vis.DataSet();
  const network = new vis.Network(host, { nodes: drawnNodes, edges: drawnEdges }, read("options"));
  // For whoever looks at the page from outside: the drawing itself.
  byId("graph").network = network;
  network.on("click", ({ nodes: [node], edges: [edge] }) => {
    if (node) choose("node", node);
    else if (edge) choose("edge", edge);
    else choose(null);
  });
  const middle = (id) => {
    const edge = drawnEdges.get(id);
    const [a, b] = [edge.from, edge.to].map((end) => network.canvasToDOM(network.getPosition(end)));
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  };
  network.on("hoverEdge", ({ edge }) => hover("edge", edge, middle(edge)));
  network.on("hoverNode", ({ node }) => hover("node", node, network.canvasToDOM(network.getPosition(node))));
  for (const end of ["blurEdge", "blurNode", "dragging", "zoom"]) network.on(end, keepTipOff);
  const animation = () => (still.matches ? false : { duration: 180, easingFunction: "easeOutQuad" });

  function replace(set, items) {
    const kept = new Set(items.map((item) => item.id));
    set.remove(set.getIds().filter((id) => !kept.has(id)));
    set.update(items);
  }

  function asNode(node, ink) {
    return {
      id: node.id,
      x: node.x,
      y: node.y,
      label: node.label,
      shape: node.outline,
      size: node.size,
      borderWidth: node.picked ? 4 : 2,
      opacity: node.faded ? 0.25 : 1,
      color: {
        background: node.fill,
        border: node.picked ? ink.accent : node.border,
        hover: { background: node.fill, border: ink.accent },
        highlight: { background: node.fill, border: node.picked ? ink.accent : node.border },
      },
      font: {
        face: ink.face,
        size: node.letters,
        color: node.faded ? ink.faint : ink.text,
        strokeWidth: 4,
        strokeColor: ink.background,
        // Lines pass behind a name; those of a selection pass over the names that it leaves out.
        background: node.faded ? "transparent" : ink.background,
        vadjust: -2,
      },
    };
  }

  function asEdge(edge, ink) {
    const { colour: line, faded } = edge;
    return {
      id: edge.id,
      from: edge.from,
      to: edge.to,
      width: edge.width,
      dashes: edge.dashed ? [7, 6] : false,
      arrows: { to: { enabled: true, type: edge.negated ? "bar" : "arrow", scaleFactor: 0.65 } },
      color: { color: line, hover: line, highlight: line, opacity: faded ? 0.12 : 0.9 },
      smooth: edge.bend ? { enabled: true, type: "curvedCW", roundness: edge.bend } : false,
      selfReference: { size: 22, angle: Math.PI / 4 },
      // vis-network keeps the label before when the new one is empty; a blank is not empty.
      label: edge.label || " ",
      font: {
        align: "horizontal",
        size: edge.named ? 13 : 12,
        face: ink.face,
        color: edge.label.startsWith("✕") ? ink.alarm : ink.text,
        strokeWidth: edge.named ? 0 : 4,
        strokeColor: ink.background,
        background: edge.named ? ink.raised : "transparent",
        vadjust: 0,
      },
    };
  }

  return {
    kind: "canvas",
    show(picture) {
      host.hidden = false;
      const ink = {
        face: getComputedStyle(document.body).fontFamily,
        ...Object.fromEntries(
          ["text", "faint", "alarm", "accent", "raised", "background"].map((name) => [name, colour(name)]),
        ),
      };
      replace(
        drawnNodes,
        picture.nodes.map((node) => asNode(node, ink)),
      );
      replace(
        drawnEdges,
        picture.edges.map((edge) => asEdge(edge, ink)),
      );
    },
    hide() {
      host.hidden = true;
    },
    fit() {
      network.fit({ maxZoomLevel: 1.5 });
    },
    zoom(factor) {
      network.moveTo({ scale: network.getScale() * factor, animation: animation() });
    },
    centre(id) {
      const place = drawnNodes.get(id);
      if (!place) return;
      const { x, y } = network.canvasToDOM(place);
      const { clientWidth, clientHeight } = host;
      const inside = x > 60 && y > 40 && x < clientWidth - 60 && y < clientHeight - 60;
      if (inside && network.getScale() > 0.6) return;
      network.moveTo({
        position: { x: place.x, y: place.y },
        scale: Math.max(network.getScale(), 0.8),
        animation: animation(),
      });
    },
    layers: () => {
      network.redraw();
      return [host.querySelector("canvas")];
    },
  };
}
