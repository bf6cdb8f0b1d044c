import { address, foreign, h } from "./dom.js";
import { Uploads } from "./uploads.js";
import { number, t } from "./strings.js";

const MOST_ROWS = 200;
let view = null;
const uploads = new Uploads((item) => view?.(item)); // goes on while another view is looked at

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
  const send = h("button", { type: "button", class: "primary", onclick: () => uploads.send() }, t("send"));
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
  main.append(h("h1", {}, t("addTitle")), zone, h("div", { class: "row between" }, total, send), list);
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
    list.replaceChildren(...uploads.items.slice(-MOST_ROWS).map((item) => {
      const row = line(item);
      rows.set(item, row);
      return row;
    }));
    sum();
  }

  function change(item) {
    const row = rows.get(item);
    if (row) {
      const fresh = line(item);
      row.replaceWith(fresh);
      rows.set(item, fresh);
    }
    sum();
  }

  function sum() {
    const count = (state) => uploads.items.filter((i) => i.state === state).length;
    const [ready, done, failed, all] = [count("ready"), count("done"), count("failed"), uploads.items.length];
    send.hidden = ready === 0;
    total.textContent = all === 0 ? "" : t("sum", { all: number(all), done: number(done), failed: number(failed) });
  }
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
    { class: "upload " + item.state },
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
