// Follows what is live on every provider and prints it as one line of JSON after each event. For Node 20 or later, and with
// another `token` for browsers. ROLLCALL_URL is the gateway, ROLLCALL_TOKEN_FILE holds a token with `sessions:read`.
import { readFile } from "node:fs/promises";

export type Session = { provider: string; room_id: string; [field: string]: unknown };
type ProviderState = { status: "ok" | "stale" | "failed"; rooms: Map<string, Session> };
type Data = { [field: string]: any };

/** A connection on which nothing came for so long is dead: a comment comes every 15 s. */
const SILENCE_MS = 45_000;

/** What is known of each provider. The sessions of one that fails are unknown, not over. */
export class Live {
  readonly providers = new Map<string, ProviderState>();

  apply(event: string, data: Data) {
    const known = this.providers.get(data.provider) ?? { status: "failed", rooms: new Map() };
    this.providers.set(data.provider, known);
    switch (event) {
      case "snapshot": // In pieces: the first clears what was known.
        if (data.first) known.rooms.clear();
        known.status = data.entry.status;
        for (const session of data.data) known.rooms.set(session.room_id, session);
        break;
      case "session_started":
        known.rooms.set(data.session.room_id, data.session);
        break;
      case "session_updated":
        Object.assign(known.rooms.get(data.room_id) ?? {}, data.changes);
        break;
      case "session_ended":
        known.rooms.delete(data.room_id);
        break;
      case "provider_changed": // After a failure a snapshot comes.
        known.status = data.entry.status;
        if (known.status === "failed") known.rooms.clear();
        break;
    }
  }
}

/** Follows until `signal` says to stop: connects again whenever the stream ends, and goes on where it was. */
export async function follow(url: string, token: () => Promise<string>, changed: (live: Live) => void, signal: AbortSignal) {
  const live = new Live();
  let lastEventId = "";
  for (let wait = 0; !signal.aborted; await new Promise((resolve) => setTimeout(resolve, wait))) {
    wait = 1000 + Math.random() * 4000; // Unless we are told.
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    try {
      const headers: Record<string, string> = { authorization: `Bearer ${await token()}` };
      if (lastEventId) headers["last-event-id"] = lastEventId;
      const answer = await fetch(`${url}/v1/events`, { headers, signal: AbortSignal.any([signal, silence.signal]) });
      if (!answer.ok || !answer.body) {
        wait = Number(answer.headers.get("retry-after") ?? 0) * 1000 || wait;
        throw new Error(`HTTP ${answer.status}: ${await answer.text()}`);
      }
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = "", read = await reader.read(); !read.done; read = await reader.read()) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        text += read.value;
        for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) {
          const field = (name: string) => text.slice(0, end).match(new RegExp(`^${name}: (.*)$`, "m"))?.[1];
          const [event, data, id, retry] = ["event", "data", "id", "retry"].map(field);
          if (retry) wait = Number(retry);
          if (!event || !data) continue;
          if (event !== "bye") live.apply(event, JSON.parse(data));
          if (id) lastEventId = id; // Pieces of a snapshot but the last have none.
          changed(live);
        }
      }
    } catch (error) {
      if (!signal.aborted) console.error(`connecting again in ${Math.round(wait)} ms: ${error}`);
    } finally {
      clearTimeout(timer);
    }
  }
}

if (process.argv[1] && import.meta.url === `file://${process.argv[1]}`) {
  const { ROLLCALL_URL = "http://127.0.0.1:8080", ROLLCALL_TOKEN_FILE = "token" } = process.env;
  const token = async () => (await readFile(ROLLCALL_TOKEN_FILE, "utf8")).trim();
  const print = ({ providers }: Live) => {
    const states = [...providers].map(([id, { status, rooms }]) => [id, { status, live: [...rooms.values()] }]);
    console.log(JSON.stringify(Object.fromEntries(states)));
  };
  await follow(ROLLCALL_URL, token, print, new AbortController().signal);
}
