// Reads a stream of server-sent events: the name of an event says what its `data` is.
import type { components } from "./schema.js";

type Schemas = components["schemas"];

/** What `data` is by the name of the event, of `stream_events`. */
export type EventData = {
  snapshot: Schemas["SnapshotEvent"];
  session_started: Schemas["SessionStartedEvent"];
  session_updated: Schemas["SessionUpdatedEvent"];
  session_ended: Schemas["SessionEndedEvent"];
  provider_changed: Schemas["ProviderChangedEvent"];
  bye: Schemas["ByeEvent"];
};

export type StreamEvent = {
  [Name in keyof EventData]: { event: Name; data: EventData[Name]; id: string | undefined };
}[keyof EventData];

/** Each event, when `check` has nothing against its data. Lines that only keep the connection alive are passed over. */
export async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  check: (event: string, data: unknown) => void,
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const fields = new Map<string, string>();
      for (const line of text.slice(0, end).split("\n")) {
        const colon = line.indexOf(":");
        if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trimStart());
      }
      text = text.slice(end + 2);
      const [event, data] = [fields.get("event"), fields.get("data")];
      if (event === undefined || data === undefined) continue;
      const parsed: unknown = JSON.parse(data);
      check(event, parsed);
      yield { event, data: parsed, id: fields.get("id") } as StreamEvent;
    }
  }
}
