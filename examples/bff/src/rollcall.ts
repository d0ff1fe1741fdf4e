// The side that faces Rollcall: one stream of events, for as long as it lasts. The token is known here alone.
import { readFile } from "node:fs/promises";

/** An event as Rollcall sends it: its fields. A comment has none. */
export type RollcallEvent = { event?: string; data?: string; id?: string; retry?: string };

/** Why there is no stream, for our own log: what Rollcall says of it is for us, not for a browser. */
export class NoStream extends Error {
  constructor(
    message: string,
    /** How long to wait, where Rollcall says so or asking at once is of no use. */
    readonly waitMs: number | undefined,
  ) {
    super(message);
  }
}

/** A connection on which nothing came for so long is dead: a comment comes every 15 s. */
const SILENCE_MS = 45_000;

/** Until somebody may have renewed the token. */
const REFUSED_MS = 30_000;

const { ROLLCALL_URL = "http://127.0.0.1:8080", ROLLCALL_TOKEN_FILE = "token" } = process.env;

/** Connects: what is live on every provider, or what has changed since `lastEventId`. */
export async function connect(lastEventId: string | undefined, signal: AbortSignal): Promise<AsyncGenerator<RollcallEvent>> {
  // Read for each connection: whoever renews the token writes it there.
  const token = (await readFile(ROLLCALL_TOKEN_FILE, "utf8")).trim();
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error("nothing came for too long")), SILENCE_MS);
  const answer = await fetch(`${ROLLCALL_URL}/v1/events`, {
    headers: { authorization: `Bearer ${token}`, ...(lastEventId && { "last-event-id": lastEventId }) },
    signal: AbortSignal.any([signal, silence.signal]),
  }).catch((error) => {
    clearTimeout(timer);
    throw error;
  });
  if (answer.ok && answer.body) return read(answer.body, timer);
  clearTimeout(timer);
  const after = answer.headers.get("retry-after");
  const refused = answer.status === 401 || answer.status === 403 ? REFUSED_MS : undefined;
  throw new NoStream(`HTTP ${answer.status}: ${await answer.text()}`, after === null ? refused : Number(after) * 1000);
}

async function* read(body: ReadableStream<Uint8Array>, timer: NodeJS.Timeout): AsyncGenerator<RollcallEvent> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const piece of body) {
      timer.refresh();
      text += decoder.decode(piece, { stream: true });
      for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) {
        const fields = text.slice(0, end).split("\n").map((line) => /^(\w+): ?(.*)$/.exec(line)?.slice(1) ?? []);
        yield Object.fromEntries(fields.filter(([name]) => name));
      }
    }
  } finally {
    clearTimeout(timer);
  }
}
