// Following what is live with the generated client: typed events, and no gap after a reconnect.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { checkedEvents } from "../src/checked.js";
import { eventsOf } from "../src/events.js";
import { clientOf, demo, documentText } from "../src/stage.js";

const check = checkedEvents(JSON.parse(documentText));
const PATIENCE_MS = 30_000;

describe("events", () => {
  const client = clientOf(demo);

  async function open(lastEventId?: string) {
    const { data, response } = await client.GET("/v1/events", {
      params: { query: { provider: ["realtimekit"] }, header: lastEventId === undefined ? {} : { "Last-Event-ID": lastEventId } },
      parseAs: "stream",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    assert.equal(response.status, 200);
    assert.ok(data);
    return eventsOf(data, check);
  }

  it("show a session that ends, and go on behind the last one that was read", async () => {
    const first = await open();
    const people = new Map<string, number>();
    let beforeTheEnd: string | undefined;
    for await (const { event, data, id } of first) {
      assert.equal(event, "snapshot");
      for (const session of data.data) people.set(session.room_id, session.participant_count ?? 0);
      beforeTheEnd = id;
      // It ends the stream; nothing comes between the pieces of a snapshot.
      if (data.last) break;
    }
    assert.ok(beforeTheEnd !== undefined && people.size >= 2, `${people.size} sessions`);

    const [fullest] = [...people].sort(([, few], [, many]) => many - few);
    assert.ok(fullest);
    const [room_id] = fullest;
    const kicked = await client.POST("/v1/live-sessions/{provider}/{room_id}/kick-all", {
      params: { path: { provider: "realtimekit", room_id } },
    });
    assert.ok((kicked.data?.kicked_count ?? 0) > 1, JSON.stringify(kicked.error));

    for await (const event of await open(beforeTheEnd)) {
      assert.notEqual(event.event, "snapshot", "what is known is not told again");
      if (event.event === "session_ended" && event.data.room_id === room_id) {
        assert.equal(event.data.provider, "realtimekit");
        return;
      }
    }
    assert.fail("the stream ended");
  });

  it("that are not there are refused with a problem", async () => {
    const { error, response } = await client.GET("/v1/events", { params: { query: { provider: ["nobodys"] } }, parseAs: "stream" });
    assert.equal(response.status, 404);
    assert.equal(error?.code, "provider_not_found");
  });
});
