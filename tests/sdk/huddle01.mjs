import assert from 'node:assert/strict';
import { test } from 'node:test';

import { API } from '@huddle01/server-sdk/api';
import { AccessToken, Role } from '@huddle01/server-sdk/auth';

const api = new API({ apiKey: 'any-key' });
const ROOM = /^[a-z]{3}-[a-z]{4}-[a-z]{3}$/;
const NO_ROOM = 'aaa-bbbb-ccc';

const liveRooms = async () => (await api.getLiveSessions()).map((s) => s.roomId);

test('huddle01: live sessions of the project', async () => {
  const sessions = await api.getLiveSessions();
  assert.equal(sessions.length, 3);
  for (const session of sessions) {
    assert.match(session.roomId, ROOM);
    assert.ok(Number.isInteger(session.startTime) && session.startTime > 1.7e12, 'epoch milliseconds');
    assert.equal(typeof session.livestreamCount, 'number');
    assert.equal(typeof session.recordingCount, 'number');
  }
  assert.equal(sessions.reduce((sum, s) => sum + s.recordingCount, 0), 1);
  assert.equal(sessions.reduce((sum, s) => sum + s.livestreamCount, 0), 1);
});

test('huddle01: one live session agrees with who is in it', async () => {
  for (const roomId of await liveRooms()) {
    const session = await api.getLiveSessions({ roomId });
    const people = await api.getLivePartipantsDetails({ roomId });
    assert.equal(session.roomId, roomId);
    assert.equal(session.currentPeerCount, people.length);
    assert.ok(people.length > 0);
    for (const person of people) {
      assert.match(person.peerId, /^peerId-[A-Za-z0-9_-]{21}$/);
      assert.ok(person.joinTime >= session.startTime);
      assert.equal(typeof person.metadata.displayName, 'string');
    }
  }
});

test('huddle01: a room that is not live', async () => {
  await assert.rejects(api.getLiveSessions({ roomId: NO_ROOM }), /Error getting live sessions/);
  await assert.rejects(api.getLivePartipantsDetails({ roomId: NO_ROOM }), /No ongoing session found/);
});

test('huddle01: sessions of a room and who was in one', async () => {
  const [roomId] = await liveRooms();
  const sessions = await api.getRoomSessions({ roomId, limit: 5, cursor: 0 });
  assert.equal(sessions.length, 3, 'two that ended, one that runs');
  const running = sessions.filter((s) => s.endTime === null);
  assert.equal(running.length, 1);
  assert.deepEqual(await api.getRoomSessions({ roomId, limit: 5, cursor: 1 }), []);
  const everybody = await api.getPartipantsDetails({ sessionId: running[0].sessionId });
  const present = await api.getLivePartipantsDetails({ roomId });
  assert.deepEqual(everybody.map((p) => p.peerId), present.map((p) => p.peerId));
  await assert.rejects(api.getRoomSessions({ roomId: NO_ROOM }), /Error getting room sessions/);
  await assert.rejects(api.getPartipantsDetails({ sessionId: NO_ROOM }), /No ongoing session found/);
});

test('huddle01: rooms are made, listed and described', async () => {
  const before = (await api.getRooms()).count;
  const { roomId, message } = await api.createRoom({ roomLocked: true, metadata: JSON.stringify({ title: 'New' }) });
  assert.match(roomId, ROOM);
  assert.equal(message, 'Room Created Successfully');
  assert.deepEqual(await api.getRoomDetails({ roomId }), { roomId, roomLocked: true, metadata: { title: 'New' } });
  const seen = [];
  for (let cursor = 1; cursor !== null; ) {
    const page = await api.getRooms({ limit: 2, cursor });
    assert.equal(page.count, before + 1);
    assert.equal(page.pageSize, page.rooms.length);
    seen.push(...page.rooms.map((r) => r.roomId));
    cursor = page.nextCursor;
  }
  assert.equal(new Set(seen).size, before + 1);
  assert.equal(seen[0], roomId);
  await assert.rejects(api.getRoomDetails({ roomId: NO_ROOM }), /Error getting room details/);
});

test('huddle01: metrics and recordings', async () => {
  const metrics = await api.getMetrics();
  assert.equal(metrics.totalSessions, 9);
  assert.equal(metrics.recordingCount, 1);
  const { data, error } = await api.getRecordings({ limit: 20, cursor: 0 });
  assert.equal(error, undefined);
  assert.deepEqual(data, { recordings: [], nextCursor: null });
});

test('huddle01: a peer token, and a refusal for an unknown room', async () => {
  const [roomId] = await liveRooms();
  const token = new AccessToken({ apiKey: 'any-key', roomId, role: Role.HOST });
  assert.equal((await token.toJwt()).split('.').length, 3);
  const lost = new AccessToken({ apiKey: 'any-key', roomId: NO_ROOM, role: Role.HOST });
  await assert.rejects(lost.toJwt(), /Room not found/);
});

test('huddle01: an empty key is refused', async () => {
  await assert.rejects(new API({ apiKey: '' }).getLiveSessions(), /Error getting live sessions/);
});
