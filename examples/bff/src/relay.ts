// One browser: what comes from Rollcall goes on to it, over as many connections to Rollcall as it takes.
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { connect, NoStream } from "./rollcall.js";
import { shown } from "./shown.js";

/** Says things to our own log. */
export type Log = (message: string) => void;

/** Goes on until `signal` says that the browser has gone. */
export async function relay(browser: ServerResponse, lastEventId: string | undefined, signal: AbortSignal, log: Log) {
  async function send(text: string) {
    // A browser that does not read must not fill our memory: Rollcall holds back, or lets go of us.
    if (!browser.write(text)) await once(browser, "drain", { signal });
  }
  const say = (state: "live" | "lost") => send(`event: connection\ndata: ${JSON.stringify({ state })}\n\n`);

  for (let failures = 0; ; failures++) {
    let waitMs = Math.min(250 * 2 ** failures, 5_000) * (0.5 + Math.random());
    try {
      const stream = await connect(lastEventId, signal);
      await say("live");
      failures = 0;
      for await (const { event, data, id, retry } of stream) {
        if (retry !== undefined) waitMs = Number(retry);
        const forBrowser = event === undefined || data === undefined ? undefined : shown(event, data);
        if (forBrowser === undefined) {
          await send(":\n\n");
          continue;
        }
        // The id goes with it: a browser that comes back says it, to whichever of us it comes.
        await send(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(forBrowser)}\n\n`);
        lastEventId = id ?? lastEventId;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof NoStream && error.waitMs !== undefined) waitMs = error.waitMs;
      log(`no events from Rollcall, again in ${Math.round(waitMs)} ms: ${error}`);
    }
    await say("lost");
    await sleep(waitMs, undefined, { signal });
  }
}
