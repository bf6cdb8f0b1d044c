import { h } from "./dom.js";
import { number, t } from "./strings.js";

const WIDTH = 148;
const HEIGHT = 42;
const ACROSS = 180;
const DOWN = 56;
/** How far an arrow that leads back hangs below the boxes. */
const UNDER = 28;
const LETTERS = 20;
/** A route to which so many lead and that leads nowhere, such as the one that writes answers, would only be a knot. */
const HUB = 6;
/** A path of a request to its answer is told by the table; a flow is longer. */
const LEAST = 3;
const SWEEPS = 6;

function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Draws how routes lead to each other, with what ran through each, from the answer of GET /routes. */
export function flow({ diagram, routes }) {
  const rows = new Map(routes.map((row) => [row.id, row]));
  const drawings = components(read(diagram)).map((part) => draw(arrange(part), rows));
  return h("div", { class: "flows" }, drawings);
}

/** The chart as nodes {name, label, inside} and arrows {from, to, failure}. */
export function read(chart) {
  const nodes = new Map();
  const arrows = [];
  for (const line of chart.split("\n")) {
    const box = /^ +(\w+)(\(\[|\[)"(.*?)(?:<br\/>.*)?"\]/.exec(line);
    const arrow = /^ +(\w+) (-->|-\.->) (\w+)$/.exec(line);
    if (box && !line.trim().startsWith("subgraph")) nodes.set(box[1], { name: box[1], label: plain(box[3]), inside: box[2] === "[" });
    if (arrow) arrows.push({ from: arrow[1], to: arrow[3], failure: arrow[2] !== "-->" });
  }
  const hub = (name) => arrows.filter((a) => a.to === name).length >= HUB && !arrows.some((a) => a.from === name);
  for (const name of [...nodes.keys()]) if (hub(name)) nodes.delete(name);
  return { nodes, arrows: arrows.filter((a) => nodes.has(a.from) && nodes.has(a.to) && a.from !== a.to) };
}

function plain(text) {
  return text.replace(/&(quot|lt|gt|num|amp);/g, (_, name) => ({ quot: '"', lt: "<", gt: ">", num: "#", amp: "&" })[name]);
}

/** Parts that are not connected, in the order of their files. */
function components({ nodes, arrows }) {
  const parts = [];
  const left = new Set(nodes.keys());
  while (left.size) {
    const names = new Set();
    const next = [left.values().next().value];
    while (next.length) {
      const name = next.pop();
      if (names.has(name)) continue;
      names.add(name);
      left.delete(name);
      for (const a of arrows) {
        if (a.from === name) next.push(a.to);
        if (a.to === name) next.push(a.from);
      }
    }
    parts.push({ nodes: [...names].map((name) => nodes.get(name)), arrows: arrows.filter((a) => names.has(a.from)) });
  }
  return parts.filter((part) => part.nodes.length >= LEAST);
}

/** Gives each node a column, so that arrows lead to the right where no circle forbids it, and a row beside its neighbours. */
function arrange({ nodes, arrows }) {
  const out = new Map(nodes.map((n) => [n.name, arrows.filter((a) => a.from === n.name)]));
  const into = new Map(nodes.map((n) => [n.name, arrows.filter((a) => a.to === n.name)]));
  const column = new Map();
  const open = new Set();
  const visit = (name, least) => {
    if (open.has(name) || (column.get(name) ?? -1) >= least) return;
    column.set(name, least);
    open.add(name);
    for (const a of out.get(name)) visit(a.to, least + 1);
    open.delete(name);
  };
  for (const n of nodes) if (!into.get(n.name).length) visit(n.name, 0);
  for (const n of nodes) if (!column.has(n.name)) visit(n.name, 0);
  for (const n of nodes) { // what starts a flow stands beside what it leads to
    const next = out.get(n.name).map((a) => column.get(a.to));
    if (!into.get(n.name).length && next.length) column.set(n.name, Math.max(0, Math.min(...next) - 1));
  }
  const columns = [];
  for (const n of nodes) (columns[column.get(n.name)] ??= []).push(n.name);
  const row = new Map();
  const number = (names) => names.forEach((name, i) => row.set(name, i - (names.length - 1) / 2));
  columns.forEach(number);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const names of sweep % 2 ? [...columns].reverse() : columns) {
      const middle = (name) => {
        const beside = [...into.get(name).map((a) => a.from), ...out.get(name).map((a) => a.to)];
        return beside.reduce((sum, other) => sum + row.get(other), 0) / (beside.length || 1);
      };
      const wanted = new Map(names.map((name) => [name, middle(name)]));
      names.sort((a, b) => wanted.get(a) - wanted.get(b));
      number(names);
    }
  }
  return { nodes, arrows, column, row, across: columns.length, down: Math.max(...columns.map((names) => names.length)) };
}

function draw({ nodes, arrows, column, row, across, down }, rows) {
  const x = (name) => column.get(name) * ACROSS + 2;
  const y = (name) => (row.get(name) + (down - 1) / 2) * DOWN + (DOWN - HEIGHT) / 2;
  const [width, height] = [across * ACROSS - (ACROSS - WIDTH) + 4, down * DOWN + (arrows.some((a) => column.get(a.to) <= column.get(a.from)) ? UNDER : 0)];
  const head = svg("marker", { id: "head", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, svg("path", { d: "M0 0 8 4 0 8z", class: "head" }));
  const lines = arrows.map((a) => {
    const [x1, y1, x2, y2] = [x(a.from) + WIDTH, y(a.from) + HEIGHT / 2, x(a.to), y(a.to) + HEIGHT / 2];
    const bend = (x2 - x1) / 2;
    const [down1, down2] = [y1 + HEIGHT / 2, y2 + HEIGHT / 2];
    const back = `M${x1 - WIDTH / 3} ${down1}C${x1 - WIDTH / 3} ${down1 + UNDER} ${x2 + WIDTH / 3} ${down2 + UNDER} ${x2 + WIDTH / 3} ${down2}`;
    const d = bend > 0 ? `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` : back;
    return svg("path", { d, class: a.failure ? "arrow failure" : "arrow", "marker-end": "url(#head)" });
  });
  const boxes = nodes.map((n) => box(n, rows.get(n.label), x(n.name), y(n.name)));
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": t("flow") }, svg("defs", {}, head), ...lines, ...boxes);
  return h("div", { class: "scroll flow", tabindex: "0", role: "region", "aria-label": t("flow") }, picture);
}

/** With both ends, as the end of a path says more than its middle. */
function short(words) {
  return words.length > LETTERS ? words.slice(0, LETTERS - 10) + "…" + words.slice(-9) : words;
}

function box({ label, inside }, row, x, y) {
  const text = (name, dy, words) => svg("text", { x: x + WIDTH / 2, y: y + dy, class: name }, short(words));
  const kind = !inside || !row ? "outside" : row.failed ? "route bad" : row.inflight ? "route busy" : row.status === "started" ? "route" : "route off";
  const frame = svg("rect", { x, y, width: WIDTH, height: HEIGHT, rx: inside ? 8 : HEIGHT / 2 });
  const title = svg("title", {}, row?.description || label);
  if (!inside || !row) return svg("g", { class: kind }, title, frame, text("id", HEIGHT / 2 + 4, label));
  const counts = [number(row.exchanges), row.failed ? t("flowFailed", { n: number(row.failed) }) : "", row.inflight ? t("flowRunning", { n: number(row.inflight) }) : ""];
  return svg("g", { class: kind }, title, frame, text("id", 17, label), text("count", 33, counts.filter(Boolean).join(" · ")));
}
