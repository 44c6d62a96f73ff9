// --- Drawn by sigma.js, where the lines are too many for vis-network ------------------------------

function webglRenderer() {
  const host = byId("webgl");
  host.hidden = false;
  let graph = new graphology.MultiDirectedGraph();
  // What is pointed at is told by the page's own tip: sigma's would be black on the dark page.
  const sigma = new Sigma(graph, host, {
    allowInvalidContainer: true,
    enableEdgeEvents: edges.length <= page.look.view.most_clickable,
    hideEdgesOnMove: edges.length > page.look.view.most_clickable || withoutCard(),
    renderEdgeLabels: false,
    labelRenderedSizeThreshold: 4,
    labelDensity: 0.6,
    labelGridCellSize: 150,
    defaultEdgeType: "line",
    minEdgeThickness: 0.6,
    zIndex: true,
    defaultDrawNodeHover: () => {},
    itemSizesReference: "screen",
  });
  byId("graph").sigma = sigma;
  sigma.on("clickNode", ({ node }) => choose("node", node));
  sigma.on("clickEdge", ({ edge }) => choose("edge", edge));
  sigma.on("clickStage", () => choose(null));
  const point = (event) => ({ x: event.event.x, y: event.event.y });
  sigma.on("enterNode", (event) => hover("node", event.node, point(event)));
  sigma.on("enterEdge", (event) => hover("edge", event.edge, point(event)));
  sigma.on("leaveNode", keepTipOff);
  sigma.on("leaveEdge", keepTipOff);
  const duration = () => (still.matches ? 0 : 180);

  return {
    kind: "webgl",
    show(picture) {
      host.hidden = false;
      const ground = colour("background");
      sigma.setSetting("labelColor", { color: colour("text") });
      sigma.setSetting("labelFont", getComputedStyle(document.body).fontFamily);
      // The more names, the smaller.
      const scale = Math.min(1, Math.sqrt(2000 / picture.nodes.length));
      const asNode = (node) => ({
        x: node.x,
        y: -node.y,
        // Pixels at the first zoom: the overview shows who weighs most.
        size: scale * Math.max(node.size * 0.32, 1.6) + (node.picked ? 3 : 0),
        label: node.faded ? "" : node.label,
        forceLabel: node.picked,
        color: node.faded ? mixed(ground, node.border, 0.25) : node.border,
        zIndex: node.faded ? 0 : 1,
      });
      const bright = (edge) => (picture.focused ? 1 : edge.dashed ? 0.55 : 0.9);
      const asEdge = (edge) => ({
        size: edge.faded ? 0.5 : picture.focused ? edge.width : Math.max(edge.width * 0.6, 1),
        color: mixed(ground, edge.colour, edge.faded ? 0.12 : bright(edge)),
        type: picture.focused && !edge.faded ? "arrow" : "line",
        zIndex: edge.faded ? 0 : 1,
      });
      // A new graph is filled faster than one that sigma.js listens to.
      graph = new graphology.MultiDirectedGraph();
      for (const node of picture.nodes) graph.addNode(node.id, asNode(node));
      for (const edge of picture.edges) graph.addEdgeWithKey(edge.id, edge.from, edge.to, asEdge(edge));
      sigma.setGraph(graph);
      sigma.resize();
    },
    hide() {
      host.hidden = true;
    },
    fit() {
      sigma.getCamera().setState({ x: 0.5, y: 0.5, ratio: 1, angle: 0 });
    },
    zoom(factor) {
      sigma.getCamera().animatedZoom({ factor, duration: duration() });
    },
    centre(id) {
      const place = sigma.getNodeDisplayData(id);
      if (!place) return;
      const camera = sigma.getCamera();
      const to = { x: place.x, y: place.y, ratio: Math.min(camera.ratio, 0.35) };
      if (still.matches) camera.setState(to);
      else camera.animate(to, { duration: 180 });
    },
    layers: () => {
      sigma.refresh();
      const canvases = sigma.getCanvases();
      return ["edges", "nodes", "labels"].map((name) => canvases[name]);
    },
  };
}

// Whether a program draws instead of a graphics card: then lines are too slow to move.
function withoutCard() {
  const pen = document.createElement("canvas").getContext("webgl2");
  const info = pen && pen.getExtension("WEBGL_debug_renderer_info");
  return !info || /swiftshader|llvmpipe|software/i.test(pen.getParameter(info.UNMASKED_RENDERER_WEBGL));
}
