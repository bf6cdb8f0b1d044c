import { get, headers, problem, seen } from "./api.js";

/** A browser opens six connections to a host; so many tabs at most hold one for what happens, and the others ask. */
const STREAMS = 3;
const POLL_MILLIS = 4000;
/** The service says something every 15 s; after so long without, the connection is dead though nobody closed it. */
const SILENCE_MILLIS = 40000;

/**
 * Tells what happens until the signal aborts: on.stats(figures), on.samples(all), on.sample(one), and on.live(whether it
 * comes by itself). A hidden tab hears nothing, and catches up when it is looked at.
 */
export function watch(on, signal) {
  let cycle = new AbortController();
  const wake = () => {
    cycle.abort();
    if (document.hidden) return;
    cycle = new AbortController();
    run(on, AbortSignal.any([signal, cycle.signal]));
  };
  document.addEventListener("visibilitychange", wake);
  signal.addEventListener("abort", () => document.removeEventListener("visibilitychange", wake));
  wake();
}

async function run(on, signal) {
  while (!signal.aborted) {
    let told = false;
    try {
      await withPlace(async (place) => {
        await stream(on, signal, !place);
        told = true;
      });
    } catch (e) {
      if (signal.aborted) return;
      if (e.status === 401 || e.status === 403) return; // api.js has asked for a key
    }
    if (signal.aborted) return;
    on.live(false);
    try {
      if (!told) on.stats(await get("stats", { signal }));
    } catch {
      // api.js says that the connection is lost
    }
    await new Promise((go) => setTimeout(go, POLL_MILLIS));
  }
}

/** Calls with whether one of the few places was free; it is held until what is returned is done. */
async function withPlace(use) {
  if (!navigator.locks) return use(false); // the browser has them for https and for this machine alone
  for (let i = 0; i < STREAMS; i++) {
    const used = await navigator.locks.request("vitrine-events-" + i, { ifAvailable: true }, async (lock) => {
      if (!lock) return false;
      await use(true);
      return true;
    });
    if (used) return;
  }
  return use(false);
}

/** Hears what is told for as long as it is, or only what is told first, which is all that is known by then. */
async function stream(on, signal, once) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MILLIS);
  const response = await fetch("events", { headers: headers(), signal: AbortSignal.any([signal, silence.signal]) });
  if (!response.ok) {
    clearTimeout(timer);
    throw await problem(response);
  }
  seen(true);
  on.live(!once);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MILLIS);
      text += value;
      const events = text.split("\n\n");
      text = events.pop();
      const heard = events.map((event) => hear(on, event));
      if (once && heard.includes("samples")) return await reader.cancel();
    }
  } finally {
    clearTimeout(timer);
  }
}

function hear(on, event) {
  const field = (name) => event.split("\n").find((line) => line.startsWith(name + ": "))?.slice(name.length + 2);
  const data = field("data");
  const name = field("event");
  if (data) on[name]?.(JSON.parse(data));
  return name;
}
