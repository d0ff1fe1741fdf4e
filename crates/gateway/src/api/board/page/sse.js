// Server-sent events over fetch: EventSource cannot send a bearer token.

/** Splits the text of a stream into events: {event, data, id, retry}. */
export class EventParser {
  #rest = "";
  #event = {};
  #data = [];

  /** Takes the next piece of text and gives the events that are complete. */
  push(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    const events = [];
    for (const line of lines) {
      if (line !== "") {
        this.#field(line);
      } else {
        if (this.#data.length > 0 || this.#event.retry !== undefined) events.push({ ...this.#event, data: this.#data.join("\n") });
        this.#event = {};
        this.#data = [];
      }
    }
    return events;
  }

  #field(line) {
    const colon = line.indexOf(":");
    if (colon === 0) return; // A comment: the heartbeat.
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.#data.push(value);
    else if (name === "event" || name === "id") this.#event[name] = value;
    else if (name === "retry" && /^\d+$/.test(value)) this.#event.retry = Number(value);
  }
}

/** Why a stream could not be opened: the status and the problem that was answered. */
export class Refused extends Error {
  constructor(status, problem, retryAfter) {
    super(problem?.detail ?? `The gateway answered ${status}.`);
    this.status = status;
    this.code = problem?.code;
    this.retryAfter = retryAfter;
  }
}

/** The events of one connection, until it ends. `opened` is called when the gateway has answered. */
export async function* events(path, { token, lastId, signal, opened }) {
  const headers = { Accept: "text/event-stream", Authorization: `Bearer ${token}` };
  if (lastId) headers["Last-Event-ID"] = lastId;
  const response = await fetch(path, { headers, signal, cache: "no-store", credentials: "omit", redirect: "error" });
  if (!response.ok) {
    const problem = await response.json().catch(() => undefined);
    throw new Refused(response.status, problem, Number(response.headers.get("Retry-After")) || undefined);
  }
  opened();
  const parser = new EventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield* parser.push(value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
