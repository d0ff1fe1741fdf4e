// What a browser gets to see of an event: these fields, and nothing that is added to the API some day. A provider's problem, its
// codes and details, is for operators: the page is told the status.
import type { components } from "./schema.js";

type Schemas = components["schemas"];

const session = ({ provider, room_id, title, started_at, participant_count }: Schemas["Session"]) => ({
  provider,
  room_id,
  title,
  started_at,
  participant_count,
});

const CHANGES = ["title", "started_at", "participant_count"];

const SHOWN: { [event: string]: (data: any) => unknown } = {
  snapshot: ({ provider, entry, first, last, data }: Schemas["SnapshotEvent"]) => ({
    provider,
    status: entry.status,
    first,
    last,
    sessions: data.map(session),
  }),
  session_started: (data: Schemas["SessionStartedEvent"]) => session(data.session),
  session_updated: ({ provider, room_id, changes }: Schemas["SessionUpdatedEvent"]) => ({
    provider,
    room_id,
    ...Object.fromEntries(Object.entries(changes).filter(([name]) => CHANGES.includes(name))),
  }),
  session_ended: ({ provider, room_id }: Schemas["SessionEndedEvent"]) => ({ provider, room_id }),
  provider_changed: ({ provider, entry }: Schemas["ProviderChangedEvent"]) => ({ provider, status: entry.status }),
};

/** The data of an event for a browser; undefined when the event is not for it: `bye` is for us. */
export function shown(event: string, data: string): unknown {
  return Object.hasOwn(SHOWN, event) ? SHOWN[event]?.(JSON.parse(data)) : undefined;
}
