// Whatever goes wrong is a `Problem`: one type, and the code says what to do.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { components } from "../src/schema.js";
import { clientOf, demo, impaired } from "../src/stage.js";

type Problem = components["schemas"]["Problem"];
type Failed = { data?: unknown; error?: Problem; response: Response };

/** The problem of an answer that has this status and code, and no data. */
function problemOf({ data, error, response }: Failed, status: number, code: components["schemas"]["ProblemCode"]): Problem {
  assert.equal(data, undefined);
  assert.ok(error, `a problem, not ${response.status}`);
  assert.deepEqual([response.status, error.status, error.code], [status, status, code]);
  assert.equal(error.request_id, response.headers.get("x-request-id"));
  return error;
}

const room = (provider: string, room_id = "nobody-is-here") => ({ params: { path: { provider, room_id } } });
const PEOPLE = { participant_ids: ["someone"] };

describe("problems", () => {
  const client = clientOf(demo);
  const reader = clientOf(impaired);

  it("401: the token is not one of ours", async () => {
    const stranger = clientOf({ ...demo, token: impaired.token });
    const answer = await stranger.GET("/v1/live-sessions");
    problemOf(answer, 401, "unauthenticated");
    assert.match(answer.response.headers.get("www-authenticate") ?? "", /^Bearer/);
  });

  it("403: the token may only read", async () => {
    const answer = await reader.POST("/v1/live-sessions/{provider}/{room_id}/kick", { ...room("huddle01"), body: PEOPLE });
    assert.match(problemOf(answer, 403, "insufficient_scope").detail, /sessions:moderate/);
  });

  it("404: no such provider, nobody in the room, no such session", async () => {
    const unknown = await client.GET("/v1/live-sessions/{provider}/{room_id}", room("nobodys"));
    problemOf(unknown, 404, "provider_not_found");
    const idle = await client.GET("/v1/live-sessions/{provider}/{room_id}/participants", room("realtimekit"));
    assert.equal(problemOf(idle, 404, "session_not_live").provider, "realtimekit");
    const path = { provider: "realtimekit", session_id: "11111111-2222-4333-8444-555555555555" };
    const session = await client.GET("/v1/sessions/{provider}/{session_id}", { params: { path } });
    problemOf(session, 404, "session_not_found");
  });

  it("400: names what is wrong", async () => {
    const limit = await client.GET("/v1/live-sessions", { params: { query: { limit: 100_000 } } });
    assert.equal(problemOf(limit, 400, "invalid_request").errors[0]?.field, "limit");
    const cursor = await client.GET("/v1/live-sessions", { params: { query: { cursor: "made-up" } } });
    problemOf(cursor, 400, "invalid_cursor");
  });

  it("409: another session is running in the room", async () => {
    const { data } = await client.GET("/v1/live-sessions", { params: { query: { provider: ["realtimekit"] } } });
    const room_id = data?.data[0]?.room_id;
    assert.ok(room_id);
    const answer = await client.POST("/v1/live-sessions/{provider}/{room_id}/kick-all", {
      ...room("realtimekit", room_id),
      body: { expected_session_id: "11111111-2222-4333-8444-555555555555" },
    });
    assert.equal(problemOf(answer, 409, "session_changed").retryable, false);
  });

  it("422: an Idempotency-Key is for one body", async () => {
    const header = { "Idempotency-Key": "typescript-422" };
    const path = { provider: "realtimekit", room_id: "nobody-is-here" };
    const kick = (who: string) =>
      client.POST("/v1/live-sessions/{provider}/{room_id}/kick", {
        params: { path, header },
        body: { custom_participant_ids: [who] },
      });
    problemOf(await kick("one"), 404, "session_not_live");
    problemOf(await kick("another"), 422, "idempotency_key_reused");
  });

  it("501: the provider cannot do it", async () => {
    const body = { question: "Tea or coffee?", options: ["tea", "coffee"] };
    const answer = await client.POST("/v1/live-sessions/{provider}/{room_id}/polls", { ...room("huddle01"), body });
    assert.equal(problemOf(answer, 501, "capability_unsupported").retryable, false);
  });

  it("503: the provider fails, and is left alone for a while; the others go on", async () => {
    const ask = (number: number) => reader.GET("/v1/live-sessions/{provider}/{room_id}", room("realtimekit", `room-${number}`));
    let answer = await ask(0);
    for (let number = 1; answer.response.status === 502 && number < 10; number++) {
      assert.equal(problemOf(answer, 502, "provider_error").retryable, true);
      answer = await ask(number);
    }
    const { retryable, retry_after_seconds } = problemOf(answer, 503, "provider_unavailable");
    assert.ok(retryable && retry_after_seconds !== null && retry_after_seconds > 0);
    assert.equal(answer.response.headers.get("retry-after"), String(retry_after_seconds));

    const { data } = await reader.GET("/v1/live-sessions");
    assert.equal(data?.complete, false);
    const fared = (entries: components["schemas"]["ProviderOutcome"][]) =>
      entries.map(({ provider, status, problem }) => [provider, status, problem?.code]);
    const expected = [["huddle01", "ok", undefined], ["realtimekit", "failed", "provider_unavailable"]];
    assert.deepEqual(fared(data.providers), expected);
    const whole = await reader.GET("/v1/live-sessions", { params: { query: { partial: "forbid" } } });
    assert.deepEqual(fared(problemOf(whole, 503, "provider_unavailable").providers ?? []), expected);
  });
});
