import uPlot from "./uplot.js";
import { h } from "./dom.js";
import { current, number, t } from "./strings.js";

const WINDOW_SECONDS = 900;
const HEIGHT = 200;
const RATES = [["accepted", "--wait"], ["completed", "--accent"], ["failed", "--bad"]];
const TIMES = [["wait_p50", "--soft"], ["wait_p95", "--wait"], ["total_p50", "--accent"], ["total_p95", "--bad"]];

/** The last quarter of an hour as two charts: jobs a second, and seconds a job takes. */
export class Charts {
  element = h("div", { class: "charts" });
  #samples = [];
  #plots = [];
  #frames;
  #resizing;
  #theme = matchMedia("(prefers-color-scheme: dark)");

  constructor(signal) {
    this.#frames = ["rates", "times"].map((name) => h("div", { class: "chart", role: "img", "aria-label": t("chart_" + name) }));
    this.element.append(...this.#frames.map((frame, i) => h("figure", {}, h("figcaption", {}, t(i ? "chart_times" : "chart_rates")), frame)));
    this.#resizing = new ResizeObserver(() => this.#plots.forEach((plot, i) => plot.setSize({ width: this.#frames[i].clientWidth, height: HEIGHT })));
    const again = () => this.#build();
    this.#theme.addEventListener("change", again);
    signal.addEventListener("abort", () => {
      this.#theme.removeEventListener("change", again);
      this.#resizing.disconnect();
      this.#plots.forEach((plot) => plot.destroy());
    });
  }

  all(samples) {
    this.#samples = samples;
    this.#draw();
  }

  add(sample) {
    const begin = sample.time - WINDOW_SECONDS;
    this.#samples = [...this.#samples.filter((s) => s.time >= begin && s.time < sample.time), sample];
    this.#draw();
  }

  #draw() {
    if (!this.element.isConnected) return;
    if (!this.#plots.length) return this.#build();
    [RATES, TIMES].forEach((series, i) => this.#plots[i].setData(this.#data(series)));
  }

  #data(series) {
    return [this.#samples.map((s) => s.time), ...series.map(([name]) => this.#samples.map((s) => s[name] ?? null))];
  }

  #build() {
    this.#plots.forEach((plot) => plot.destroy());
    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
    const clock = new Intl.DateTimeFormat(current(), { hour: "numeric", minute: "2-digit" });
    this.#plots = [RATES, TIMES].map((series, i) => new uPlot(
      {
        width: this.#frames[i].clientWidth,
        height: HEIGHT,
        cursor: { drag: { x: false, y: false } },
        scales: {
          x: { range: (_, least, most) => [(most ?? Date.now() / 1000) - WINDOW_SECONDS, most ?? Date.now() / 1000] },
          y: { range: (_, least, most) => [0, Math.max(1, (most || 0) * 1.1)] },
        },
        axes: [
          { ...axis, values: (_, all) => all.map((v) => clock.format(v * 1000)) },
          { ...axis, size: 56, values: (_, all) => all.map((v) => number(v, 2)) },
        ],
        series: [
          { label: t("chart_time"), value: (_, v) => (v == null ? "–" : clock.format(v * 1000)) },
          ...series.map(([name, tone]) => ({ label: t("chart_" + name), stroke: colour(tone), width: 2, spanGaps: true, points: { show: series === TIMES, size: 4, fill: colour(tone) }, value: (_, v) => (v == null ? "–" : number(v, 2)) })),
        ],
      },
      this.#data(series),
      this.#frames[i],
    ));
    this.#frames.forEach((frame) => this.#resizing.observe(frame));
  }
}
