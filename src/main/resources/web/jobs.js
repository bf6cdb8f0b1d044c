import { address, foreign, h, thumbnail } from "./dom.js";
import { get, picture, post } from "./api.js";
import { duration, number, t, time } from "./strings.js";

const ROWS = 50;
const MOST_EMPTY = 100;
const FILTERS = ["product_id", "reason", "since", "until"];
const STATUSES = ["queued", "processing", "retrying", "completed", "failed"];

/** Jobs, newest first, or one of them. */
export function jobs(main, parameters) {
  const stop = new AbortController();
  if (parameters.get("job")) one(main, parameters.get("job"), stop);
  else list(main, parameters, stop);
  return () => stop.abort();
}

async function list(main, parameters, stop) {
  const status = h(
    "select",
    { id: "status" },
    h("option", { value: "" }, t("all")),
    STATUSES.map((s) => h("option", { value: s, selected: parameters.get("status") === s }, t("status_" + s))),
  );
  const field = (name, kind = "search") => h("input", { id: "filter-" + name, name, type: kind, value: parameters.get(name) || "", maxlength: 256 });
  const inputs = [field("product_id"), field("reason"), field("since", "date"), field("until", "date")];
  const go = (event) => {
    event?.preventDefault();
    location.hash = address("jobs", { status: status.value, ...Object.fromEntries(inputs.map((i) => [i.name, i.value.trim()])) });
  };
  status.addEventListener("change", go);
  inputs.forEach((i) => i.type === "date" && i.addEventListener("change", go));
  const body = h("div", { "aria-live": "polite" }, h("p", { class: "quietly" }, t("loading")));
  const actions = h("div", { class: "row" });
  main.append(
    h("div", { class: "row between" }, h("h1", {}, t("jobs")), actions),
    h("form", { class: "row filters", onsubmit: go }, labelled("status", status), inputs.map((i) => labelled("filter_" + i.name, i)), h("button", {}, t("filter"))),
    body,
  );
  const query = new URLSearchParams({ limit: ROWS, ...asked(parameters) });
  if (parameters.get("cursor")) query.set("cursor", parameters.get("cursor"));
  try {
    let page = await get("jobs?" + query, { signal: stop.signal });
    // The service looks at some jobs a request; where few of many match, the first may be further back.
    for (let i = 0; i < MOST_EMPTY && !page.jobs.length && page.next_cursor; i++) {
      query.set("cursor", page.next_cursor);
      page = await get("jobs?" + query, { signal: stop.signal });
    }
    body.replaceChildren(
      page.jobs.length ? h("ul", { class: "jobs" }, page.jobs.map((job) => row(job, stop))) : empty(page),
      h(
        "p",
        { class: "row" },
        parameters.get("cursor") ? h("a", { class: "button", href: address("jobs", kept(parameters)) }, t("newest")) : null,
        page.next_cursor ? h("a", { class: "button", href: address("jobs", { ...kept(parameters), cursor: page.next_cursor }) }, t("older")) : null,
      ),
    );
    if (page.jobs.some((job) => job.status === "failed")) actions.append(retryAll(actions, asked(parameters)));
  } catch (e) {
    if (e.name !== "AbortError") body.replaceChildren(h("p", { class: "wrong" }, e.message || t("lost")));
  }
}

function empty(page) {
  return h("p", { class: "empty" }, page.next_cursor ? t("noneHere") : t("noJobs"));
}

/** The filter as the address has it. */
function kept(parameters) {
  return Object.fromEntries(["status", ...FILTERS].map((name) => [name, parameters.get(name)]).filter(([, value]) => value));
}

/** The same as the service takes it: days are those of who looks at the page, and the last one counts. */
function asked(parameters) {
  const filter = kept(parameters);
  const day = (text, days) => {
    const date = new Date(text + "T00:00:00");
    date.setDate(date.getDate() + days);
    return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
  };
  for (const [name, days] of [["since", 0], ["until", 1]]) {
    const at = filter[name] && day(filter[name], days);
    if (at) filter[name] = at;
    else delete filter[name];
  }
  return filter;
}

function labelled(text, input) {
  return h("label", { class: "field" }, h("span", {}, t(text)), input);
}

function small(job, stop) {
  return thumbnail(async () => (job.status === "completed" ? picture(job.product_id, job.image_id, stop.signal) : null), job.product_id);
}

function badge(status) {
  return h("span", { class: "badge " + status }, t("status_" + status));
}

function row(job, stop) {
  return h(
    "li",
    {},
    small(job, stop),
    h("a", { href: address("jobs", { job: job.job_id }), class: "what" }, foreign(job.name || job.product_id), foreign(job.product_id, { class: "quietly" })),
    badge(job.status),
    h("time", { datetime: job.created_at, class: "quietly" }, time(job.created_at)),
    job.error ? h("p", { class: "reason" }, foreign(job.error)) : null,
  );
}

/** Names how many there are before it does anything, and can be pressed once. */
function retryAll(actions, filter) {
  const query = new URLSearchParams({ ...filter, status: "failed" });
  const button = h("button", { type: "button", class: "writes" }, t("retryAll"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const failed = (await post(`jobs/retry?${query}&dry_run=true`)).matching;
      const yes = h("button", { type: "button", class: "primary" }, t("retryYes", { n: number(failed) }));
      const no = h("button", { type: "button" }, t("cancel"));
      no.addEventListener("click", () => actions.replaceChildren(retryAll(actions, filter)));
      yes.addEventListener("click", async () => {
        yes.disabled = no.disabled = true;
        try {
          const { retried, matching } = await post("jobs/retry?" + query);
          const others = Math.max(0, Math.max(failed, matching) - retried);
          actions.replaceChildren(h("p", { role: "status" }, t("retried", { n: number(retried), others: number(others) })));
        } catch (e) {
          actions.replaceChildren(h("p", { class: "wrong", role: "alert" }, e.message || t("lost")));
        }
      });
      actions.replaceChildren(yes, no);
      yes.focus();
    } catch (e) {
      actions.replaceChildren(h("p", { class: "wrong", role: "alert" }, e.message || t("lost")));
    }
  });
  return button;
}

/** What became of a job, step by step; each attempt that a history keeps, otherwise the last one. */
function steps(job) {
  const steps = [{ what: "accepted", at: job.created_at }];
  const attempts = job.history || [];
  for (const { attempt, outcome, started_at, finished_at, worker, model, error } of attempts) {
    steps.push({ what: "taken", at: started_at, about: [t("attempt", { n: number(attempt) }), worker].filter(Boolean).join(" · ") });
    if (outcome === "completed") steps.push({ what: "embedded", about: model }, { what: "indexed", at: finished_at });
    else steps.push({ what: outcome, at: finished_at, about: error, bad: true });
  }
  const last = attempts.at(-1);
  const isTold = last && job.started_at && Date.parse(last.started_at) >= Date.parse(job.started_at);
  if (isTold || !job.started_at) return steps;
  steps.push({ what: "taken", at: job.started_at, about: t("attempt", { n: number(job.attempts) }) });
  if (job.status === "completed") steps.push({ what: "embedded", about: job.model }, { what: "indexed", at: job.finished_at });
  else if (job.error) steps.push({ what: job.status === "failed" ? "failed" : "retrying", at: job.finished_at, about: job.error, bad: true });
  return steps;
}

async function one(main, id, stop) {
  const body = h("div", { "aria-live": "polite" });
  main.append(h("p", {}, h("a", { href: address("jobs") }, "← " + t("jobs"))), body);
  let timer = 0;
  stop.signal.addEventListener("abort", () => clearTimeout(timer));
  await load();

  async function load() {
    try {
      const job = await get("jobs/" + encodeURIComponent(id), { signal: stop.signal });
      draw(job);
      if (!["completed", "failed"].includes(job.status)) timer = setTimeout(load, 1500);
    } catch (e) {
      if (e.name !== "AbortError") body.replaceChildren(h("p", { class: "wrong" }, e.message || t("lost")));
    }
  }

  function draw(job) {
    const took = job.finished_at ? (Date.parse(job.finished_at) - Date.parse(job.created_at)) / 1000 : NaN;
    const again = h("button", { type: "button", class: "primary writes" }, t("retry"));
    again.addEventListener("click", async () => {
      again.disabled = true;
      try {
        await post(`jobs/${encodeURIComponent(id)}/retry`);
        await load();
      } catch (e) {
        body.append(h("p", { class: "wrong", role: "alert" }, e.message || t("lost")));
      }
    });
    body.replaceChildren(
      h("div", { class: "row" }, small(job, stop), h("h1", {}, foreign(job.name || job.product_id))),
      h("p", { class: "row" }, badge(job.status), foreign(job.product_id, { class: "quietly" }), job.status === "completed" ? h("a", { href: address("find", { q: job.name }) }, t("find")) : null),
      h("ol", { class: "timeline" }, steps(job).map(({ what, at, about, bad }) =>
        h("li", { class: bad ? "bad" : null }, h("strong", {}, t("step_" + what)), at ? h("time", { datetime: at }, time(at)) : null, about ? h("p", { class: bad ? "reason" : "quietly" }, foreign(about)) : null),
      )),
      h("p", { class: "quietly" }, t("attempts", { n: number(job.attempts) }), took >= 0 ? " · " + t("tookAll", { time: duration(took) }) : ""),
      job.status === "failed" ? again : "",
    );
  }
}
