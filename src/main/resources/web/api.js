import { t } from "./strings.js";

const STORED = "vitrine-key";

/** An answer that is not what was asked for; its message is a sentence for people. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Tells "lost" and "found" as the service goes and comes, "key" where one is needed, and "keyed" when there is another. */
export const link = new EventTarget();
let lost = false;

export function key() {
  return sessionStorage.getItem(STORED) || "";
}

export function useKey(value) {
  if (value) sessionStorage.setItem(STORED, value);
  else sessionStorage.removeItem(STORED);
  link.dispatchEvent(new Event("keyed"));
}

export function headers() {
  return key() ? { Authorization: "Bearer " + key() } : {};
}

/** What became of a request is seen here, whoever made it. */
export function seen(reached) {
  if (reached === lost) {
    lost = !reached;
    link.dispatchEvent(new Event(lost ? "lost" : "found"));
  }
}

/** What a problem document says, each thing once. */
export function sentence({ detail, errors = [] }) {
  return [detail, ...errors.filter((e) => !detail?.includes(e.detail)).map((e) => e.field + ": " + e.detail)].filter(Boolean).join(" ");
}

export async function problem(response) {
  let detail = "";
  try {
    detail = sentence(await response.json());
  } catch {
    // not from the service but from what stands before it
  }
  // Of a key that was changed meanwhile nobody needs to know.
  if (response.status === 401 && (response.asked ?? key()) === key()) link.dispatchEvent(new CustomEvent("key", { detail }));
  return new Refused(response.status, detail || unexplained(response));
}

/** A sentence for an answer that does not explain itself, as it comes from what stands before the service. */
export function unexplained({ status, statusText }) {
  const known = { 413: "tooLarge", 502: "gatewayLost", 503: "gatewayLost", 504: "gatewayLost" }[status];
  return known ? t(known) : t("unexplained", { status: status + " " + statusText });
}

async function send(path, options = {}) {
  let response;
  const asked = key();
  try {
    response = await fetch(path, { ...options, headers: { ...headers(), ...options.headers } });
    response.asked = asked;
  } catch (e) {
    if (e.name !== "AbortError") seen(false);
    throw e.name === "AbortError" ? e : new Refused(0, "");
  }
  seen(response.status !== 502 && response.status !== 504);
  return response;
}

export async function get(path, options) {
  const response = await send(path, options);
  if (!response.ok) throw await problem(response);
  return response.json();
}

/** Health is an answer whether it is up (200) or down (503). */
export async function health() {
  return (await send("observe/health")).json();
}

export async function post(path, body, signal) {
  const isForm = body instanceof FormData;
  const response = await send(path, {
    method: "POST",
    signal,
    body: isForm ? body : body === undefined ? undefined : JSON.stringify(body),
    headers: isForm || body === undefined ? {} : { "Content-Type": "application/json" },
  });
  if (!response.ok) throw await problem(response);
  return response.json();
}

let thumbnails = null;

/** Whether the service has small pictures: its own description of itself says it. */
async function hasThumbnails() {
  thumbnails ??= get("openapi.json").then(
    (d) => "/products/{product_id}/images/{image_id}/thumbnail" in d.paths,
    () => false,
  );
  return thumbnails;
}

/** An address of a small picture, or null. It is read by fetch, as an img could not send the key. */
export async function picture(productId, imageId, signal) {
  if (!(await hasThumbnails())) return null;
  try {
    const path = `products/${encodeURIComponent(productId)}/images/${encodeURIComponent(imageId)}/thumbnail`;
    const response = await fetch(path, { headers: headers(), signal, priority: "low" });
    return response.ok ? URL.createObjectURL(await response.blob()) : null;
  } catch {
    return null;
  }
}
