import { address, place } from "./dom.js";
import { get, health, key, link, useKey } from "./api.js";
import { choose, current, other, t } from "./strings.js";
import { add } from "./add.js";
import { find } from "./find.js";
import { jobs } from "./jobs.js";
import { now } from "./now.js";

const VIEWS = { find, add, jobs, now };
const main = document.getElementById("main");
const notice = document.getElementById("notice");
const dialog = document.getElementById("ask-key");
let leave = () => {};

function words() {
  document.documentElement.lang = current();
  for (const e of document.querySelectorAll("[data-text]")) e.textContent = t(e.dataset.text);
  for (const e of document.querySelectorAll("[data-label]")) e.setAttribute("aria-label", t(e.dataset.label));
  const switcher = document.getElementById("language");
  switcher.textContent = other().toUpperCase();
  switcher.setAttribute("aria-label", t("otherLanguage"));
}

/** Shows the view of the address. A view is a function that fills the element and says how it is left. */
function show() {
  const { view, parameters } = place();
  const name = view in VIEWS ? view : "find";
  leave();
  main.replaceChildren();
  for (const tab of document.querySelectorAll(".tabs a")) {
    if (tab.dataset.view === name) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  document.title = t(name) + " · Vitrine";
  leave = VIEWS[name](main, parameters) || (() => {});
}

/** Learns what the key may do; the style sheet hides what it may not. The service decides, whatever is shown. */
async function know() {
  const asked = key();
  const caller = await get("caller").catch(() => ({ role: "", keys: true }));
  if (asked !== key()) return; // another answer is on its way
  document.documentElement.dataset.role = caller.role;
  document.getElementById("key").hidden = !caller.keys;
}

/** A link may bring a key along, as that of the demo does: the key is used, and leaves the address. */
function takeKey() {
  const { view, parameters } = place();
  if (!parameters.has("key")) return;
  useKey(parameters.get("key"));
  parameters.delete("key");
  history.replaceState(null, "", address(view, Object.fromEntries(parameters)));
}

function askKey(why) {
  if (dialog.open) return;
  document.getElementById("ask-why").textContent = why || t("keyWhy");
  document.getElementById("ask-value").value = key();
  dialog.returnValue = "";
  dialog.showModal();
}

dialog.addEventListener("close", () => {
  if (dialog.returnValue !== "use") return;
  useKey(document.getElementById("ask-value").value.trim());
  know().then(show);
});
document.getElementById("key").addEventListener("click", () => askKey(""));
document.getElementById("language").addEventListener("click", () => {
  choose(other());
  words();
  show();
});
link.addEventListener("lost", () => {
  notice.textContent = t("lost");
  notice.hidden = false;
  knock();
});
link.addEventListener("found", () => {
  notice.hidden = true;
  if (main.querySelector(".wrong")) show();
});

/** Asks again until the service answers; api.js tells when it does. */
function knock() {
  setTimeout(() => health().catch(knock), 2000);
}

link.addEventListener("key", (event) => askKey(event.detail));
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", show);
takeKey();
words();
know().then(show);
