"""Follows what is live. The generated function for a stream waits for its end, which does not come: this reads as it comes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from rollcall_client.client import AuthenticatedClient
from rollcall_client.models.bye_event import ByeEvent
from rollcall_client.models.provider_changed_event import ProviderChangedEvent
from rollcall_client.models.session_ended_event import SessionEndedEvent
from rollcall_client.models.session_started_event import SessionStartedEvent
from rollcall_client.models.session_updated_event import SessionUpdatedEvent
from rollcall_client.models.snapshot_event import SnapshotEvent

EventData = SnapshotEvent | SessionStartedEvent | SessionUpdatedEvent | SessionEndedEvent | ProviderChangedEvent | ByeEvent

SCHEMAS: dict[str, type[EventData]] = {
    "snapshot": SnapshotEvent,
    "session_started": SessionStartedEvent,
    "session_updated": SessionUpdatedEvent,
    "session_ended": SessionEndedEvent,
    "provider_changed": ProviderChangedEvent,
    "bye": ByeEvent,
}


@dataclass(frozen=True)
class StreamEvent:
    data: EventData
    # What to send as `Last-Event-ID`; pieces of a snapshot but the last have none.
    id: str | None


def events_of(client: AuthenticatedClient, provider: str, last_event_id: str | None = None) -> Iterator[StreamEvent]:
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    with client.get_httpx_client().stream("GET", "/v1/events", params={"provider": provider}, headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        fields: dict[str, str] = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
                continue
            schema = SCHEMAS.get(fields.get("event", ""))
            # Comments keep the connection alive; events that we do not know may come to be sent.
            if schema is not None:
                yield StreamEvent(schema.from_dict(json.loads(fields["data"])), fields.get("id"))
            fields = {}
