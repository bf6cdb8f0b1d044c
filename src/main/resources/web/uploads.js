import { Refused, get, headers, link, post, seen, sentence } from "./api.js";

const AT_ONCE = 4;
const POLL_MILLIS = 700;
const FINAL = new Set(["completed", "failed"]);

/**
 * Sends pictures, four at once, and follows each until it can be found. An item is {file, id, name, state, detail}; its
 * states are ready, sending, waiting, done and failed.
 */
export class Uploads {
  #items = [];
  #sending = 0;
  #changed;
  #following = null;

  constructor(changed) {
    this.#changed = changed;
  }

  get items() {
    return this.#items;
  }

  add(files) {
    for (const file of files) {
      if (!file.type.startsWith("image/")) continue;
      const stem = file.name.replace(/\.[^.]*$/, "");
      const id = stem.replace(/[^A-Za-z0-9._:-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 128);
      this.#items.push({ file, id: id || "picture-" + (this.#items.length + 1), name: stem.replace(/[-_]+/g, " ").trim() || stem, state: "ready" });
    }
    this.#changed(null);
  }

  send() {
    for (const item of this.#items) if (item.state === "ready") item.state = "queued";
    this.#changed(null);
    this.#next();
  }

  /** A job that failed is sent back; what was never accepted is sent anew. */
  async again(item) {
    if (item.job && item.state === "failed") {
      try {
        await post(`jobs/${item.job}/retry`);
        this.#set(item, "waiting");
        this.#follow();
        return;
      } catch (e) {
        if (e.status !== 404 && e.status !== 409) return this.#set(item, "failed", e.message);
      }
    }
    this.#set(item, "queued");
    this.#next();
  }

  #set(item, state, detail = "") {
    item.state = state;
    item.detail = detail;
    this.#changed(item);
  }

  #next() {
    while (this.#sending < AT_ONCE) {
      const item = this.#items.find((i) => i.state === "queued");
      if (!item) return;
      this.#sending++;
      this.#send(item).finally(() => {
        this.#sending--;
        this.#next();
      });
    }
  }

  async #send(item) {
    this.#set(item, "sending");
    try {
      const receipt = await this.#post(item);
      item.job = receipt.job_id;
      item.file = receipt.status === "indexed" ? null : item.file;
      this.#set(item, receipt.status === "indexed" ? "done" : "waiting");
      this.#follow();
    } catch (e) {
      this.#set(item, "failed", e.message);
    }
  }

  /** By XMLHttpRequest, as fetch tells nothing of how far an upload is. */
  #post(item) {
    const body = new FormData();
    body.append("product_id", item.id);
    body.append("name", item.name);
    body.append("image_file", item.file, "picture");
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      request.open("POST", "index-product-with-image");
      for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
      request.setRequestHeader("Idempotency-Key", key(item));
      request.upload.onprogress = (e) => {
        item.sent = e.loaded / e.total;
        this.#changed(item);
      };
      request.onerror = () => {
        seen(false);
        failed(new Refused(0, ""));
      };
      request.onload = () => {
        let answer = {};
        try {
          answer = JSON.parse(request.responseText);
        } catch {
          // from what stands before the service
        }
        if (request.status < 300) return done(answer);
        if (request.status === 401) link.dispatchEvent(new CustomEvent("key", { detail: answer.detail }));
        failed(new Refused(request.status, sentence(answer) || request.status + " " + request.statusText));
      };
      request.send(body);
    });
  }

  #follow() {
    this.#following ??= setTimeout(async () => {
      this.#following = null;
      const waiting = this.#items.filter((i) => i.state === "waiting");
      for (const item of waiting.slice(0, 20)) {
        try {
          const job = await get("jobs/" + item.job);
          if (FINAL.has(job.status)) {
            if (job.status === "completed") item.file = null;
            this.#set(item, job.status === "completed" ? "done" : "failed", job.error || "");
          }
        } catch (e) {
          if (e.status === 404) this.#set(item, "failed", e.message);
        }
      }
      if (this.#items.some((i) => i.state === "waiting")) this.#follow();
    }, POLL_MILLIS);
  }
}

const KEPT = "vitrine-uploads";
const KEPT_MILLIS = 3600000;
const MOST_KEPT = 5000;

/**
 * The same for the same upload, so that one whose answer was lost is not a second job when it is sent again, nor after the
 * page was loaded anew. Kept in this tab for an hour.
 */
function key(item) {
  const { name, size, lastModified } = item.file;
  const what = JSON.stringify([item.id, item.name, name, size, lastModified]);
  if (item.keyOf !== what) {
    item.keyOf = what;
    item.key = remembered(what);
  }
  return `"${item.key}"`;
}

let kept = null; // what is kept, read once

function remembered(what) {
  const made = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    const now = Date.now();
    kept ??= new Map(JSON.parse(sessionStorage.getItem(KEPT) || "[]").filter(([, [, at]]) => now - at < KEPT_MILLIS && at <= now));
    if (kept.has(what)) return kept.get(what)[0];
    kept.set(what, [made, now]);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
    sessionStorage.setItem(KEPT, JSON.stringify([...kept]));
  } catch {
    // storage that is full or forbidden costs only what it is for
  }
  return made;
}
