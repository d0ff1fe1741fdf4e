// Follows a stream across its ends: opens it, comes back where it was, waits longer the more often that fails.

import { events, Refused } from "./sse.js";

const SHORTEST_WAIT = 500;
const LONGEST_WAIT = 30_000;

/** What ends a following for good: another token is needed, or another place to look. */
const FINAL = new Set([400, 401, 403, 404]);

/**
 * Calls `on.event(name, data)` for every event, `on.state("connecting" | "live" | "offline", why)` when that changes, and
 * `on.refused(error)` once when it is of no use to go on. Gives what ends it.
 */
export function follow(path, token, on) {
  const stop = new AbortController();
  run(path, token, on, stop.signal);
  return () => stop.abort();
}

async function run(path, token, on, signal) {
  let lastId;
  let failures = 0;
  let wait;
  while (!signal.aborted) {
    on.state("connecting");
    let why = "The connection ended.";
    try {
      const opened = () => on.state("live");
      for await (const event of events(path, { token, lastId, signal, opened })) {
        failures = 0;
        if (event.retry !== undefined) wait = event.retry;
        if (event.id !== undefined) lastId = event.id;
        if (event.data === "" || event.event === undefined) continue;
        const data = JSON.parse(event.data);
        if (event.event === "bye" && (data.reason === "token_expired" || data.reason === "unauthorized")) {
          return on.refused(new Refused(401, { detail: "The token is no longer good. Paste a new one.", code: data.reason }));
        }
        on.event(event.event, data);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused && FINAL.has(error.status)) return on.refused(error);
      why = error instanceof Refused ? error.message : "The gateway cannot be reached.";
      if (error.retryAfter) wait = error.retryAfter * 1000;
    }
    failures += 1;
    const longer = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** failures) * (0.5 + Math.random() / 2);
    const pause = wait ?? longer;
    wait = undefined;
    on.state("offline", `${why} Trying again.`);
    await sleep(pause, signal);
  }
}

function sleep(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
