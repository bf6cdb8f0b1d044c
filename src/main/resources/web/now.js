import { address, foreign, h } from "./dom.js";
import { get, health } from "./api.js";
import { Charts } from "./chart.js";
import { flow } from "./flow.js";
import { watch } from "./live.js";
import { duration, number, t, time } from "./strings.js";

/** Health and routes change slowly, and asking for health is work for each part. */
const POLL_MILLIS = 5000;

/** What the service does now: figures and charts as they change, health and routes every few seconds. */
export function now(main) {
  const stop = new AbortController();
  const figures = h("dl", { class: "figures" });
  drawFigures({ queue: {}, index: {} });
  const model = h("section", {});
  const parts = h("ul", { class: "parts" }, h("li", { class: "quietly" }, t("loading")));
  const routes = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("routes") }, h("p", { class: "quietly pad" }, t("loading")));
  const drawing = h("div", {}, h("p", { class: "quietly" }, t("loading")));
  const asOf = h("p", { class: "quietly", role: "timer" });
  const charts = new Charts(stop.signal);
  let timer = 0;
  let live = false;
  main.append(
    h("div", { class: "row between" }, h("h1", {}, t("now")), asOf),
    figures,
    charts.element,
    model,
    h("section", {}, h("h2", {}, t("parts")), parts),
    h("section", {}, h("h2", {}, t("flow")), h("p", { class: "quietly" }, t("flowHow")), drawing),
    h("section", {}, h("h2", {}, t("routes")), routes),
  );
  const wake = () => document.hidden || load();
  document.addEventListener("visibilitychange", wake);
  load();
  charts.all([]);
  watch(
    {
      stats: (figures) => {
        drawFigures(figures);
        drawModel(figures.model);
        asOf.textContent = t(live ? "asOfLive" : "asOf", { time: time(new Date().toISOString()) });
      },
      samples: (all) => charts.all(all),
      sample: (one) => charts.add(one),
      live: (whether) => {
        live = whether;
      },
    },
    stop.signal,
  );
  return () => {
    stop.abort();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", wake);
  };

  async function load() {
    clearTimeout(timer);
    try {
      const [state, running] = await Promise.all([health(), get("routes", { signal: stop.signal })]);
      if (stop.signal.aborted) return;
      drawParts(state.checks);
      drawing.replaceChildren(flow(running));
      drawRoutes(running.routes);
    } catch (e) {
      if (e.name === "AbortError" || e.status === 401) return;
      if (!model.children.length) asOf.textContent = e.message || t("lost");
    }
    if (!stop.signal.aborted && !document.hidden) timer = setTimeout(load, POLL_MILLIS);
  }

  function drawFigures(stats) {
    const failed = stats.jobs?.failed;
    const all = [
      ["depth", stats.queue.depth],
      ["oldest", stats.queue.oldest_wait_seconds, duration],
      ["throughput", stats.throughput_last_minute],
      ["failed", failed],
      ["workers", stats.workers],
      ["points", stats.index.points],
    ];
    figures.replaceChildren(...all.map(([name, value, format = number]) =>
      h(
        "div",
        { class: name === "failed" && failed > 0 ? "figure bad" : "figure" },
        h("dt", {}, t("figure_" + name)),
        h("dd", {}, value === undefined ? "–" : name === "failed" && value > 0 ? h("a", { href: address("jobs", { status: "failed" }) }, format(value)) : format(value)),
      ),
    ));
  }

  function drawModel(m) {
    model.replaceChildren(
      h("h2", {}, t("model")),
      h("p", {}, h("strong", {}, foreign(m.name)), " · " + t("dimensions", { n: number(m.dimensions) })),
      m.demo ? h("p", { class: "hint" }, t("demoModel"), " ", h("code", {}, "./vitrine model install clip-vit-b32")) : "",
    );
  }

  function drawParts(checks) {
    parts.replaceChildren(...checks.map((c) => {
      const reason = c.data?.["error.message"] || c.message || c.data?.reason || "";
      return h("li", {}, h("span", { class: "dot " + c.status.toLowerCase(), "aria-hidden": "true" }), foreign(c.name), h("span", { class: "quietly" }, t("health_" + c.status)), reason ? h("p", { class: "reason" }, foreign(reason)) : null);
    }));
  }

  function drawRoutes(all) {
    const idle = (r) => !r.exchanges && r.status === "started";
    routes.replaceChildren(h(
      "table",
      {},
      h("thead", {}, h("tr", {}, ["route", "from", "exchanges", "failedOnes", "inflight"].map((c) => h("th", { scope: "col" }, t("column_" + c))))),
      h("tbody", {}, [...all.filter((r) => !idle(r)), ...all.filter(idle)].map((r) =>
        h("tr", { title: r.description }, h("th", { scope: "row" }, foreign(r.id), r.status === "started" ? null : h("span", { class: "badge" }, t("route_" + r.status))), h("td", {}, foreign(r.from)), [r.exchanges, r.failed, r.inflight].map((n) => h("td", { class: "n" }, number(n)))),
      )),
    ));
  }
}
