// The generated client as a BFF would use it: typed requests, typed answers, typed problems. Every answer is held against
// the document that the client was generated from.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { components } from "../src/schema.js";
import { clientOf, demo, documentText } from "../src/stage.js";

type Session = components["schemas"]["Session"];
type Problem = components["schemas"]["Problem"];

describe("the generated TypeScript client", () => {
  const client = clientOf(demo);

  // By a list that is not older than the question: rooms of the demo end.
  async function liveOn(provider: string): Promise<Session> {
    const header = { "Cache-Control": "no-cache" };
    const { data } = await client.GET("/v1/live-sessions", { params: { query: { provider: [provider], limit: 1 }, header } });
    const session = data?.data[0];
    assert.ok(session, `something is live on ${provider}`);
    return session;
  }

  it("lists what is live on both providers", async () => {
    const { data, response } = await client.GET("/v1/live-sessions", { params: { query: { limit: 100 } } });
    assert.equal(response.status, 200);
    assert.ok(data);
    assert.equal(data.complete, true);
    const kinds = new Set(data.data.map((session) => session.kind));
    assert.deepEqual([...kinds].sort(), ["huddle01", "realtimekit"]);
    const title: string | null = data.data[0]?.title ?? null;
    assert.ok(title === null || title.length > 0);
  });

  it("walks pages with the cursor", async () => {
    const seen = new Set<string>();
    let cursor: string | null = null;
    do {
      const query: { limit: number; cursor?: string } = cursor === null ? { limit: 2 } : { limit: 2, cursor };
      const { data }: { data?: components["schemas"]["LiveSessionPage"] } = await client.GET("/v1/live-sessions", {
        params: { query },
      });
      assert.ok(data);
      for (const session of data.data) seen.add(`${session.provider}/${session.room_id}`);
      cursor = data.page.next_cursor;
    } while (cursor !== null);
    assert.ok(seen.size >= 4, `${seen.size} sessions`);
  });

  it("walks the history, and is told who cannot tell it", async () => {
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const query = { limit: 2, status: "live" as const, ...(cursor === undefined ? {} : { cursor }) };
      const { data }: { data?: components["schemas"]["SessionPage"] } = await client.GET("/v1/sessions", {
        params: { query },
      });
      assert.ok(data);
      assert.equal(data.page.total_count, null);
      assert.equal(data.providers.find((entry) => entry.provider === "huddle01")?.status, "unsupported");
      for (const session of data.data) {
        assert.ok(session.session_id !== null && !seen.has(session.session_id), "each session once");
        seen.add(session.session_id);
      }
      cursor = data.page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    assert.ok(seen.size >= 2, `${seen.size} sessions`);

    const { room_id } = await liveOn("huddle01");
    const ofRoom = await client.GET("/v1/sessions", { params: { query: { room_id, provider: ["huddle01"] } } });
    assert.equal(ofRoom.data?.data[0]?.room_id, room_id);
    const { error } = await client.GET("/v1/sessions", { params: { query: { provider: ["huddle01"] } } });
    assert.equal(error?.code, "capability_unsupported");
  });

  it("gets one session and who is in it", async () => {
    for (const provider of ["huddle01", "realtimekit"]) {
      const { room_id } = await liveOn(provider);
      const path = { provider, room_id };
      const session = await client.GET("/v1/live-sessions/{provider}/{room_id}", { params: { path } });
      assert.equal(session.data?.room_id, room_id);
      assert.equal(session.data?.status, "live");
      const people = await client.GET("/v1/live-sessions/{provider}/{room_id}/participants", { params: { path } });
      assert.ok(people.data && people.data.data.length > 0);
    }
  });

  it("kicks a participant, who is then gone", async () => {
    const { room_id } = await liveOn("realtimekit");
    const path = { provider: "realtimekit", room_id };
    const before = await client.GET("/v1/live-sessions/{provider}/{room_id}/participants", { params: { path } });
    const target = before.data?.data[0]?.participant_id;
    assert.ok(target);
    const kicked = await client.POST("/v1/live-sessions/{provider}/{room_id}/kick", {
      params: { path },
      body: { participant_ids: [target] },
    });
    assert.equal(kicked.response.status, 200, JSON.stringify(kicked.error));
    assert.ok(kicked.data?.kicked.some((person) => person.participant_id === target));
    const after = await client.GET("/v1/live-sessions/{provider}/{room_id}/participants", { params: { path } });
    assert.ok(!after.data?.data.some((person) => person.participant_id === target));
  });

  it("creates a poll", async () => {
    const { room_id } = await liveOn("realtimekit");
    const { data, response } = await client.POST("/v1/live-sessions/{provider}/{room_id}/polls", {
      params: { path: { provider: "realtimekit", room_id } },
      body: { question: "Ship on Friday?", options: ["Yes", "No"] },
    });
    assert.equal(response.status, 201);
    assert.deepEqual(data?.options.map((option) => option.text), ["Yes", "No"]);
  });

  it("gets a typed problem", async () => {
    const { data, error, response } = await client.GET("/v1/live-sessions/{provider}/{room_id}", {
      params: { path: { provider: "huddle01", room_id: "nobody-is-here" } },
    });
    assert.equal(data, undefined);
    assert.equal(response.status, 404);
    const problem: Problem | undefined = error;
    const code: components["schemas"]["ProblemCode"] | undefined = problem?.code;
    assert.equal(code, "session_not_live" satisfies components["schemas"]["ProblemCode"]);
    assert.equal(problem?.retryable, false);
    assert.equal(problem?.provider, "huddle01");
  });

  it("notices an answer that the document does not have", async () => {
    const wrong = clientOf(demo, JSON.parse(documentText.replaceAll('"session_not_live"', '"SessionNotLive"')));
    const path = { provider: "huddle01", room_id: "nobody-is-here" };
    await assert.rejects(
      wrong.GET("/v1/live-sessions/{provider}/{room_id}", { params: { path } }),
      /404: .*must be equal to one of the allowed values/,
    );
  });

  it("may say null where there is nothing to say", async () => {
    const params = { path: { provider: "huddle01", room_id: "any-room" } };
    const all = await client.POST("/v1/live-sessions/{provider}/{room_id}/kick-all", { params, body: null });
    assert.equal(all.error?.code, "capability_unsupported");
    const kick = await client.POST("/v1/live-sessions/{provider}/{room_id}/kick", {
      params,
      body: { participant_ids: ["someone"], custom_participant_ids: null, expected_session_id: null },
    });
    assert.equal(kick.error?.code, "capability_unsupported");
  });

  it("is told what a provider cannot do", async () => {
    const providers = await client.GET("/v1/providers");
    const huddle01 = providers.data?.data.find((provider) => provider.kind === "huddle01");
    assert.equal(huddle01?.capabilities.create_poll, false);
    const { error } = await client.POST("/v1/live-sessions/{provider}/{room_id}/kick-all", {
      params: { path: { provider: "huddle01", room_id: "any-room" } },
    });
    assert.equal(error?.code, "capability_unsupported");
  });
});
