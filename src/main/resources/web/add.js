import { address, foreign, h } from "./dom.js";
import { get, problem } from "./api.js";
import { catalogue } from "./catalogue.js";
import { Uploads } from "./uploads.js";
import { number, t } from "./strings.js";

const MOST_ROWS = 100;
/** What is shown first where not all can be. */
const ORDER = ["sending", "failed", "waiting", "queued", "ready", "done"];
let view = null;
const catalogues = [];
/** Goes on while another view is looked at. */
const uploads = new Uploads((item) => view?.(item), (file) => catalogues.push(catalogue(file)));

/** Takes the sample catalogue that the service brings, as pictures of the user's own, and sends it. */
export async function addSamples() {
  for (const { product_id: id, name, metadata, file } of await get("web/samples.json")) {
    const response = await fetch("web/" + file);
    if (!response.ok) throw await problem(response);
    uploads.take({ id, name, metadata, file: await picture(response, file) });
  }
  uploads.send();
}

async function picture(response, name) {
  const content = await response.blob();
  return new File([content], name, { type: content.type, lastModified: 0 });
}

/** Pictures in, with an id and a name each. */
export function add(main) {
  if (document.documentElement.dataset.role === "read") {
    main.append(h("h1", {}, t("addTitle")), h("p", { class: "empty" }, t("mayOnlyLook")));
    return;
  }
  const input = h("input", { id: "files", type: "file", accept: "image/*", multiple: true, class: "unseen" });
  const folder = h("input", { id: "folder", type: "file", webkitdirectory: true, class: "unseen" });
  const zone = h(
    "div",
    { class: "zone" },
    h("p", {}, t("dropHere")),
    h("p", { class: "row" }, input, h("label", { for: "files", class: "button primary" }, t("pick")), folder, h("label", { for: "folder", class: "button" }, t("pickFolder"))),
  );
  const total = h("p", { class: "quietly", role: "status" });
  const pause = h("p", { class: "notice", role: "status" });
  const exported = h("ul", { class: "uploads" });
  const rest = h("p", { class: "quietly" });
  const send = h("button", { type: "button", class: "primary", onclick: () => uploads.send() }, t("send"));
  const clear = h("button", { type: "button", onclick: () => uploads.clear() }, t("clearDone"));
  const list = h("ul", { class: "uploads" });
  const rows = new Map();
  for (const picker of [input, folder]) {
    picker.addEventListener("change", () => {
      uploads.add(picker.files);
      picker.value = "";
    });
  }
  const over = (event) => {
    event.preventDefault();
    zone.classList.add("over");
  };
  const out = () => zone.classList.remove("over");
  const drop = async (event) => {
    event.preventDefault();
    out();
    const entries = [...event.dataTransfer.items].map((i) => i.webkitGetAsEntry?.()).filter(Boolean);
    const files = [...event.dataTransfer.files];
    uploads.add(entries.some((e) => e.isDirectory) ? (await Promise.all(entries.map(inside))).flat() : files);
  };
  const paste = (event) => uploads.add(event.clipboardData.files);
  main.addEventListener("dragover", over);
  main.addEventListener("dragleave", out);
  main.addEventListener("drop", drop);
  document.addEventListener("paste", paste);
  main.append(h("h1", {}, t("addTitle")), zone, h("div", { class: "row between spaced" }, total, h("div", { class: "row" }, clear, send)), pause, exported, list, rest);
  let summing = 0;
  view = (item) => (item ? change(item) : draw());
  draw();
  return () => {
    view = null;
    main.removeEventListener("dragover", over);
    main.removeEventListener("dragleave", out);
    main.removeEventListener("drop", drop);
    document.removeEventListener("paste", paste);
  };

  function draw() {
    rows.clear();
    exported.replaceChildren(...catalogues);
    const items = uploads.items.length > MOST_ROWS ? [...uploads.items].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)) : uploads.items;
    list.replaceChildren(...items.slice(0, MOST_ROWS).map((item) => {
      const row = line(item);
      rows.set(item, row);
      return row;
    }));
    rest.textContent = items.length > MOST_ROWS ? t("notShown", { n: number(items.length - MOST_ROWS) }) : "";
    sum();
  }

  function change(item) {
    const row = rows.get(item);
    if (row && row.dataset.state === item.state) progress(row, item);
    else if (row) {
      const fresh = line(item);
      row.replaceWith(fresh);
      rows.set(item, fresh);
    }
    soon();
  }

  /** Thousands of changes come; sums, and which are worth showing, are worked out some times a second. */
  function soon() {
    summing ||= setTimeout(() => {
      summing = 0;
      if (!view) return;
      if (uploads.items.length > MOST_ROWS && !list.contains(document.activeElement)) draw();
      else sum();
    }, 300);
  }

  function sum() {
    const { ready = 0, done = 0, failed = 0 } = uploads.counts();
    send.hidden = ready === 0;
    clear.hidden = done === 0;
    pause.textContent = uploads.pause;
    pause.hidden = !uploads.pause;
    const all = uploads.items.length;
    total.textContent = [
      all === 0 ? "" : t("sum", { all: number(all), done: number(done), failed: number(failed) }),
      uploads.skipped ? t("skipped", { n: number(uploads.skipped) }) : "",
    ].filter(Boolean).join(" · ");
  }
}

function progress(row, item) {
  const bar = row.querySelector("progress");
  if (bar) bar.value = item.sent || 0;
}

function line(item) {
  const fixed = item.state !== "ready";
  const edit = (name, label) =>
    h("input", {
      value: item[name],
      "aria-label": label,
      maxlength: name === "id" ? 256 : 1000,
      onchange: (event) => {
        item[name] = event.target.value.trim();
      },
    });
  return h(
    "li",
    { class: "upload " + item.state, "data-state": item.state },
    fixed
      ? h("span", { class: "what" }, foreign(item.name), foreign(item.id, { class: "quietly" }))
      : h("span", { class: "what" }, edit("name", t("name")), edit("id", t("productId"))),
    h("span", { class: "state" }, t("state_" + item.state)),
    item.state === "sending" ? h("progress", { value: item.sent || 0, max: 1, "aria-label": t("state_sending") }) : null,
    item.state === "done" ? h("a", { href: address("find", { q: item.name }) }, t("find")) : null,
    item.state === "failed" ? h("p", { class: "wrong" }, item.detail || t("lost")) : null,
    item.state === "failed" ? h("button", { type: "button", onclick: () => uploads.again(item) }, t("tryAgain")) : null,
  );
}

/** The files of a folder that was dropped, and of those in it. */
async function inside(entry) {
  if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
  const reader = entry.createReader();
  const files = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return files;
    files.push(...(await Promise.all(some.map(inside))).flat());
  }
}
