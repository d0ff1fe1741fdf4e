// Asking again: cheaply, and without doing a thing twice.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { clientOf, demo } from "../src/stage.js";

describe("asking again", () => {
  const client = clientOf(demo);

  it("is 304 while nothing has changed", async () => {
    const query = { provider: ["realtimekit"], status: "ended" as const, limit: 1 };
    const session_id = (await client.GET("/v1/sessions", { params: { query } })).data?.data[0]?.session_id;
    assert.ok(session_id, "a session that is over");
    const path = { provider: "realtimekit", session_id };
    const first = await client.GET("/v1/sessions/{provider}/{session_id}", { params: { path } });
    assert.equal(first.data?.status, "ended");
    const etag = first.response.headers.get("etag");
    assert.ok(etag);
    const again = await client.GET("/v1/sessions/{provider}/{session_id}", {
      params: { path, header: { "If-None-Match": etag } },
    });
    assert.equal(again.response.status, 304);
    assert.equal(again.data, undefined);
    assert.equal(again.response.headers.get("etag"), etag);
  });

  it("with the same Idempotency-Key gets the first answer", async () => {
    const [query, now] = [{ provider: ["realtimekit"] }, { "Cache-Control": "no-cache" }];
    const listed = await client.GET("/v1/live-sessions", { params: { query, header: now } });
    const room_id = listed.data?.data[0]?.room_id;
    assert.ok(room_id);
    const header = { "Idempotency-Key": "typescript-poll" };
    const create = () =>
      client.POST("/v1/live-sessions/{provider}/{room_id}/polls", {
        params: { path: { provider: "realtimekit", room_id }, header },
        body: { question: "Once?", options: ["Yes", "No"] },
      });
    const [one, two] = [await create(), await create()];
    assert.ok(one.data?.poll_id);
    assert.deepEqual(two.data, one.data);
  });
});
