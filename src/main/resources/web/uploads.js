import { t } from "./strings.js";
import { Refused, get, headers, link, post, seen, sentence, unexplained } from "./api.js";

const AT_ONCE = 4;
const POLL_MILLIS = 700;
const MOST_ASKED = 200;

/** Answers to an upload that is worth sending again: nobody answered, no valid key, too much at once, not just now. */
const LATER = new Set([0, 401, 429, 502, 503, 504]);
/** How shops' exports are called. */
const CATALOGUE = /\.(csv|tsv|xlsx?|jsonl?|ndjson|xml)$/i;
const MOST_TRIES = 20;
const PAUSE_SECONDS = 5;

/**
 * Sends pictures, four at once, and follows each until it can be found. An item is {file, id, name, state, detail}; its
 * states are ready, sending, waiting, done and failed.
 */
export class Uploads {
  #items = [];
  #skipped = 0;
  #catalogue;
  #sending = 0;
  #changed;
  #following = null;
  #pause = "";

  constructor(changed, catalogue) {
    this.#changed = changed;
    this.#catalogue = catalogue;
    for (const again of ["found", "keyed"]) link.addEventListener(again, () => this.#resume());
    addEventListener("beforeunload", (event) => {
      if (this.#items.some((i) => i.state === "queued" || i.state === "sending")) event.preventDefault();
    });
  }

  get items() {
    return this.#items;
  }

  add(files) {
    for (const file of files) {
      if (CATALOGUE.test(file.name)) {
        this.#catalogue(file);
        continue;
      }
      if (!file.type.startsWith("image/")) {
        this.#skipped++;
        continue;
      }
      const stem = file.name.replace(/\.[^.]*$/, "");
      const id = stem.replace(/[^A-Za-z0-9._:-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 128);
      this.#items.push({ file, id: id || "picture-" + (this.#items.length + 1), name: stem.replace(/[-_]+/g, " ").trim() || stem, state: "ready" });
    }
    this.#changed(null);
  }

  /** Adds what has an id, a name and perhaps metadata already. */
  take(item) {
    this.#items.push({ ...item, state: "ready" });
    this.#changed(null);
  }

  /** How many files were left out, as they are no pictures. */
  get skipped() {
    return this.#skipped;
  }

  /** How many items are in each state; a state without any is missing. */
  counts() {
    const counts = {};
    for (const { state } of this.#items) counts[state] = (counts[state] || 0) + 1;
    return counts;
  }

  /** Forgets those that can be found. */
  clear() {
    this.#items = this.#items.filter((i) => i.state !== "done");
    this.#changed(null);
  }

  send() {
    const ready = this.#items.filter((i) => i.state === "ready");
    reserve(ready);
    for (const item of ready) item.state = "queued";
    this.#changed(null);
    this.#next();
  }

  /** Why nothing is sent just now; empty where nothing stands in the way. */
  get pause() {
    return this.#pause;
  }

  #wait(why, seconds) {
    this.#pause = why;
    this.#changed(null);
    if (seconds) setTimeout(() => this.#resume(), seconds * 1000);
  }

  #resume() {
    if (!this.#pause) return;
    this.#pause = "";
    this.#changed(null);
    this.#next();
    if (this.#items.some((i) => i.state === "waiting")) this.#follow();
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
        forget(item); // or its key would answer with the job that is gone
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
    while (!this.#pause && this.#sending < AT_ONCE) {
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
    const before = accepted(item);
    if (before) {
      item.job = before;
      this.#set(item, "waiting");
      return this.#follow();
    }
    this.#set(item, "sending");
    try {
      const receipt = await this.#post(item);
      item.job = receipt.job_id;
      remember(item);
      this.#set(item, receipt.status === "indexed" ? "done" : "waiting");
      this.#follow();
    } catch (e) {
      item.tries = (item.tries || 0) + 1;
      if (item.tries >= MOST_TRIES || !LATER.has(e.status)) return this.#set(item, "failed", e.message || t("notSent"));
      this.#set(item, "queued");
      this.#wait(e.message || t("lost"), e.status === 0 || e.status === 401 ? 0 : e.after || PAUSE_SECONDS);
    }
  }

  /** By XMLHttpRequest, as fetch tells nothing of how far an upload is. */
  #post(item) {
    const body = new FormData();
    body.append("product_id", item.id);
    body.append("name", item.name);
    body.append("image_file", item.file, "picture");
    if (item.metadata) body.append("metadata", JSON.stringify(item.metadata));
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
        const refused = new Refused(request.status, sentence(answer) || unexplained(request));
        refused.after = Number(request.getResponseHeader("Retry-After"));
        failed(refused);
      };
      request.send(body);
    });
  }

  /** Asks what became of those that were accepted, many at once. */
  #follow(millis = POLL_MILLIS) {
    this.#following ??= setTimeout(async () => {
      const asked = this.#items.filter((i) => i.state === "waiting").slice(0, MOST_ASKED);
      let next = POLL_MILLIS;
      try {
        const { jobs } = await get("jobs?ids=" + asked.map((i) => i.job).join(","));
        const found = new Map(jobs.map((job) => [job.job_id, job]));
        for (const item of asked) this.#hear(item, found.get(item.job));
      } catch (e) {
        if (e.status === 401) this.#wait(e.message); // the user is asked for a key; with it this goes on
        next = PAUSE_SECONDS * 1000;
      }
      this.#following = null;
      if (!this.#pause && this.#items.some((i) => i.state === "waiting")) this.#follow(next);
    }, millis);
  }

  #hear(item, job) {
    if (!job) {
      forget(item);
      item.job = null;
      this.#set(item, "queued"); // the service does not know it any more, so it is sent
      this.#next();
    } else if (job.status === "completed") {
      item.file = null;
      this.#set(item, "done");
    } else if (job.status === "failed") {
      this.#set(item, "failed", job.error || "");
    }
  }
}

const KEPT = "vitrine-uploads";
const KEPT_MILLIS = 3600000;
const MOST_KEPT = 6000;
const KEEP_MILLIS = 500;

let kept = null; // what is kept, read once: what an upload is, and its key, when it was first sent, and its job

/** What an upload is, whatever the page was loaded anew in between. */
function what({ id, name, file: { name: fileName, size, lastModified } }) {
  return JSON.stringify([id, name, fileName, size, lastModified]);
}

function keeping() {
  if (kept) return kept;
  let all = [];
  try {
    all = JSON.parse(sessionStorage.getItem(KEPT) || "[]");
  } catch {
    // storage that is forbidden costs only what it is for
  }
  const now = Date.now();
  kept = new Map(all.filter(([, { at }]) => now - at < KEPT_MILLIS && at <= now));
  addEventListener("pagehide", write);
  return kept;
}

let writing = 0;

/** Writes down soon what is kept, not once an upload: it may be thousands. */
function keep() {
  writing ||= setTimeout(write, KEEP_MILLIS);
}

function write() {
  clearTimeout(writing);
  writing = 0;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([...kept]));
  } catch {
    // storage that is full costs only what it is for
  }
}

/**
 * The same for the same upload, so that one whose answer was lost is not a second job when it is sent again, nor after the
 * page was loaded anew. Kept in this tab for an hour.
 */
function key(item) {
  if (!keeping().has(what(item))) reserve([item]);
  return `"${kept.get(what(item)).key}"`;
}

/** Gives uploads their keys and writes them down before anything is sent. */
function reserve(items) {
  for (const item of items) if (!keeping().has(what(item))) kept.set(what(item), { key: random(), at: Date.now() });
  while (kept.size > Math.max(MOST_KEPT, items.length)) kept.delete(kept.keys().next().value);
  if (items.length) write();
}

/** The job of an upload that was accepted before; undefined where there is none. */
function accepted(item) {
  return keeping().get(what(item))?.job;
}

function remember(item) {
  const entry = keeping().get(what(item));
  if (entry) entry.job = item.job;
  keep();
}

function forget(item) {
  if (item.file) keeping().delete(what(item));
  keep();
}

function random() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
