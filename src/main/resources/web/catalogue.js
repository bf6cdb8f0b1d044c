import { foreign, h } from "./dom.js";
import { get, post } from "./api.js";
import { number, t } from "./strings.js";

const POLL_MILLIS = 1500;
const GOES_ON = new Set(["queued", "running"]);

/** A line for a shop's export that was dropped: begins its import when it is told to, and says how far that is. */
export function catalogue(file) {
  const state = h("span", { class: "state", role: "status" }, t("isCatalogue"));
  const button = h("button", { type: "button", class: "primary" }, t("import"));
  const why = h("p", { class: "wrong", hidden: true });
  const fail = (reason) => {
    why.textContent = reason || t("lost");
    why.hidden = false;
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    why.hidden = true;
    const body = new FormData();
    body.append("catalogue_file", file, "catalogue");
    body.append("name", file.name);
    try {
      follow(await post("imports", body));
    } catch (e) {
      button.disabled = false;
      fail(e.message);
    }
  });
  return h("li", { class: "upload catalogue" }, h("span", { class: "what" }, foreign(file.name)), state, button, why);

  function follow(job) {
    const { done, pictures, failed } = job.counts;
    state.textContent = t("import_" + job.status) + " · " + t("importSum", { done: number(done), all: number(pictures), failed: number(failed) });
    button.hidden = true;
    if (job.error) fail(job.error);
    if (GOES_ON.has(job.status)) setTimeout(() => look(job), POLL_MILLIS);
  }

  async function look(job) {
    try {
      follow(await get("imports/" + job.import_id));
    } catch (e) {
      if (e.status === 404) fail(e.message);
      else setTimeout(() => look(job), POLL_MILLIS * 4);
    }
  }
}
