import { address, foreign, h, thumbnail } from "./dom.js";
import { get, picture, post } from "./api.js";
import { addSamples } from "./add.js";
import { crop } from "./crop.js";
import { number, t } from "./strings.js";

/** Scores of words lie far below those of pictures, so each has a bound of its own for what is called near. */
const NEAR = { text: 0.18, picture: 0.5 };
const LIMIT = 48;
const MOST_CHIPS = 12;
let held = null; // the picture to search by; it is not in the address, as it is not the service's

/** Search by words, by a picture, or by a product that was found. */
export function find(main, parameters) {
  const stop = new AbortController();
  const words = parameters.get("q") || "";
  const filter = JSON.parse(safe(parameters.get("filter")));
  const input = h("input", { id: "words", type: "search", value: words, placeholder: t("wordsHint"), maxlength: 2000 });
  const file = h("input", { id: "by-picture", type: "file", accept: "image/*", class: "unseen" });
  const results = h("section", { class: "results", "aria-live": "polite", "aria-busy": "false" });
  const form = h(
    "form",
    { role: "search", class: "search drop" },
    h("label", { for: "words", class: "unseen" }, t("words")),
    input,
    h("button", { class: "primary" }, t("search")),
    file,
    h("label", { for: "by-picture", class: "button" }, t("byPicture")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    held = null;
    go({ q: input.value.trim() });
  });
  const take = (picked) => {
    if (!picked || !picked.type.startsWith("image/")) return;
    held = picked;
    go({ picture: picked.name + " " + Date.now() });
  };
  file.addEventListener("change", () => take(file.files[0]));
  const paste = (event) => take(event.clipboardData.files[0]);
  const drop = (event) => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  };
  const over = (event) => event.preventDefault();
  document.addEventListener("paste", paste);
  main.addEventListener("drop", drop);
  main.addEventListener("dragover", over);
  main.append(h("h1", {}, t("findTitle")), form, results);
  if (parameters.get("picture") && !held) parameters.delete("picture");
  run();
  return () => {
    stop.abort();
    document.removeEventListener("paste", paste);
    main.removeEventListener("drop", drop);
    main.removeEventListener("dragover", over);
  };

  function go(next) {
    location.hash = address("find", next);
  }

  async function run() {
    const like = parameters.get("like");
    const byPicture = Boolean(parameters.get("picture"));
    if (!words && !byPicture && !like) return start();
    results.setAttribute("aria-busy", "true");
    results.replaceChildren(h("p", { class: "quietly" }, t("searching")));
    try {
      const answer = like ? similar(like) : byPicture ? pictureSearch() : post("search", { text: words, limit: LIMIT, filter }, stop.signal);
      show(await answer, byPicture || Boolean(like));
    } catch (e) {
      if (e.name !== "AbortError") results.replaceChildren(h("p", { class: "wrong" }, e.message || t("lost")));
    }
    results.setAttribute("aria-busy", "false");
  }

  function similar(productId) {
    const query = new URLSearchParams({ limit: LIMIT });
    if (Object.keys(filter).length) query.set("filter", JSON.stringify(filter));
    return get(`products/${encodeURIComponent(productId)}/similar?${query}`, { signal: stop.signal });
  }

  function pictureSearch() {
    const body = new FormData();
    body.append("image_file", held, "picture");
    body.append("limit", LIMIT);
    if (Object.keys(filter).length) body.append("filter", JSON.stringify(filter));
    return post("search", body, stop.signal);
  }

  async function start() {
    const points = await get("stats", { signal: stop.signal }).then((s) => s.index.points, () => undefined);
    if (stop.signal.aborted) return;
    results.replaceChildren(
      points === 0
        ? h(
            "div",
            { class: "empty" },
            h("p", {}, t("emptyShop")),
            h("p", { class: "row centred writes" }, h("a", { class: "button primary", href: "#/add" }, t("addFirst")), samples()),
          )
        : h("p", { class: "empty" }, points === undefined ? t("findHow") : t("findHowMany", { n: number(points) })),
    );
  }

  /** An empty shop can be looked at with drawn pictures in it. */
  function samples() {
    const button = h("button", { type: "button", id: "samples" }, t("loadSamples"));
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await addSamples();
        location.hash = "#/add";
      } catch (e) {
        button.replaceWith(h("p", { class: "wrong", role: "alert" }, e.message || t("lost")));
      }
    });
    return button;
  }

  function show(answer, byPicture) {
    const near = answer.results.filter((r) => r.score >= (byPicture ? NEAR.picture : NEAR.text));
    const far = answer.results.filter((r) => !near.includes(r));
    const head = h(
      "p",
      { class: "quietly" },
      near.length === LIMIT ? t("foundMost", { n: number(LIMIT) }) : near.length ? t("found", { n: number(near.length) }) : t("nothingNear"),
      " · " + t("took", { ms: number(answer.took_ms, 1) }),
      near.length ? "" : h("br"),
      near.length ? "" : t("nothingHow"),
    );
    results.replaceChildren(
      parameters.get("picture") && held ? crop(held, take) : "",
      parameters.get("like") ? h("p", {}, t("likeThis"), " ", foreign(parameters.get("like"))) : "",
      head,
      chips(near),
      h("ul", { class: "grid" }, near.map(card)),
      far.length ? h("details", {}, h("summary", {}, t("further", { n: number(far.length) })), h("ul", { class: "grid" }, far.map(card))) : "",
    );
  }

  function card(hit) {
    return h(
      "li",
      { class: "card" },
      thumbnail(() => picture(hit.product_id, hit.image_id, stop.signal), hit.product_id),
      h("h2", {}, foreign(hit.name)),
      h("p", { class: "quietly" }, foreign(hit.product_id)),
      h("p", { class: "score" }, t("score", { n: number(hit.score, 3) })),
      h("p", { class: "facts" }, Object.entries(hit.metadata || {}).slice(0, 6).map(([k, v]) => foreign(k + ": " + plain(v)))),
      h("button", { type: "button", class: "quiet", onclick: () => go({ like: hit.product_id }) }, t("moreLike")),
    );
  }

  /** The filters in force, and values of the metadata of what was found, with how many have them, to narrow the search to. */
  function chips(hits) {
    const counts = new Map();
    for (const hit of hits) {
      for (const [name, value] of Object.entries(hit.metadata || {})) {
        if (["string", "boolean", "number"].includes(typeof value) && String(value).length < 40) {
          const pair = JSON.stringify([name, value]);
          counts.set(pair, (counts.get(pair) || 0) + 1);
        }
      }
    }
    const most = [...counts].filter(([pair, n]) => n > 1 && n < hits.length && !isOn(pair)).sort((a, b) => b[1] - a[1]).slice(0, MOST_CHIPS);
    return h(
      "div",
      { class: "chips" },
      Object.entries(filter).map(([path, value]) => chip("✕ " + label(path, value), without(path), t("removeFilter"))),
      most.length ? h("span", { class: "quietly" }, t("inTheseResults")) : "",
      most.map(([pair, n]) => {
        const [name, value] = JSON.parse(pair);
        return chip(name + ": " + value + " (" + number(n) + ")", { ...filter, [JSON.stringify(name)]: value });
      }),
    );
  }

  function isOn(pair) {
    const [name, value] = JSON.parse(pair);
    return filter[JSON.stringify(name)] === value;
  }

  function without(path) {
    return Object.fromEntries(Object.entries(filter).filter(([name]) => name !== path));
  }

  function chip(text, next, title) {
    const on = () => go({ q: words, picture: parameters.get("picture"), like: parameters.get("like"), filter: Object.keys(next).length ? JSON.stringify(next) : "" });
    return h("button", { type: "button", class: "chip", title, onclick: on }, foreign(text));
  }
}

/** A field of a filter as people read it; its name is quoted there, as it may have dots. */
function label(path, value) {
  let name = path;
  try {
    name = JSON.parse(path);
  } catch {
    // written by hand, without quotes
  }
  return name + ": " + plain(value);
}

function plain(value) {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function safe(text) {
  try {
    const value = JSON.parse(text || "{}");
    return value && typeof value === "object" && !Array.isArray(value) ? text || "{}" : "{}";
  } catch {
    return "{}";
  }
}
