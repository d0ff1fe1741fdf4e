import assert from 'node:assert/strict';
import { test } from 'node:test';

import Cloudflare from 'cloudflare';

const account_id = '023e105f4ecef8ad9ca31a8372d0c353';
const app_id = '14a396e7-ca44-4937-bf1f-050a69118543';
const options = { baseURL: process.env.REALTIMEKIT_BASE_URL, maxRetries: 0 };
const kit = new Cloudflare({ ...options, apiToken: 'any-token' }).realtimeKit;
const app = { account_id, app_id };
const NO_MEETING = '6bf2b8be-04dd-4191-b602-1128921a306b';

const live = async () => (await kit.sessions.getSessions(app_id, { account_id, status: 'LIVE' })).data.sessions;
const meetingOf = async (title) => (await live()).find((s) => s.meeting_display_name === title).associated_id;

const rejectsWith = (promise, status, message) =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof Cloudflare.APIError, String(error));
    assert.equal(error.status, status);
    assert.match(JSON.stringify(error.error), message);
    return true;
  });

test('realtimekit: live sessions, all at once and page by page', async () => {
  const all = await kit.sessions.getSessions(app_id, { account_id, status: 'LIVE', per_page: 100 });
  assert.equal(all.success, true);
  assert.deepEqual(all.paging, { total_count: 4, start_offset: 1, end_offset: 4 });
  const walked = [];
  for (let page_no = 1; ; page_no += 1) {
    const page = await kit.sessions.getSessions(app_id, { account_id, status: 'LIVE', page_no, per_page: 3 });
    walked.push(...page.data.sessions);
    if (page.paging.end_offset >= page.paging.total_count) break;
  }
  assert.deepEqual(walked.map((s) => s.id), all.data.sessions.map((s) => s.id));
  for (const session of walked) {
    assert.equal(session.status, 'LIVE');
    assert.equal(session.organization_id, app_id);
    assert.ok(session.live_participants > 0);
    assert.ok(!Number.isNaN(Date.parse(session.started_at)));
  }
});

test('realtimekit: the active session, its details and its people agree', async () => {
  const meeting = await meetingOf('Town hall');
  const active = (await kit.activeSession.getActiveSession(meeting, app)).data;
  assert.equal(active.associated_id, meeting);
  assert.equal(active.breakout_rooms.length, 1);
  const details = (await kit.sessions.getSessionDetails(active.id, { ...app, include_breakout_rooms: true })).data;
  assert.equal(details.id, active.id);
  assert.equal(details.breakout_rooms[0].meeting_display_name, 'Town hall: questions');
  const plain = (await kit.sessions.getSessionDetails(active.id, app)).data;
  assert.equal(plain.breakout_rooms, undefined);
  const { participants } = (await kit.sessions.getSessionParticipants(active.id, { ...app, per_page: 50 })).data;
  assert.equal(participants.length, active.live_participants);
  const [first] = participants;
  assert.equal(first.left_at, undefined);
  const one = await kit.sessions.getSessionParticipantDetails(first.id, { ...app, session_id: active.id });
  assert.equal(one.data.participant.user_id, first.user_id);
});

test('realtimekit: what is not there is 404', async () => {
  await rejectsWith(kit.activeSession.getActiveSession(NO_MEETING, app), 404, /No active session found for meeting_id/);
  await rejectsWith(kit.sessions.getSessionDetails(NO_MEETING, app), 404, /No session found/);
  await rejectsWith(kit.meetings.getMeetingByID(NO_MEETING, app), 404, /No meeting found/);
  await rejectsWith(kit.recordings.getActiveRecordings(NO_MEETING, app), 404, /No active recording/);
});

test('realtimekit: kick by both kinds of id', async () => {
  const meeting = await meetingOf('Weekly sync');
  const session = (await kit.activeSession.getActiveSession(meeting, app)).data;
  const people = async () => (await kit.sessions.getSessionParticipants(session.id, app)).data.participants;
  const [mark, mary] = await people();
  const kicked = await kit.activeSession.kickParticipants(meeting, {
    ...app,
    participant_ids: [mark.user_id],
    custom_participant_ids: [mary.custom_participant_id],
  });
  assert.equal(kicked.data.action, 'kick');
  assert.deepEqual(kicked.data.participants.map((p) => p.id), [mark.user_id, mary.user_id]);
  assert.equal(kicked.data.participants[0].name, 'Mark');
  const after = await people();
  assert.deepEqual(after.map((p) => p.left_at !== undefined), [true, true, false]);
  assert.equal((await kit.activeSession.getActiveSession(meeting, app)).data.live_participants, 1);

  const again = { ...app, participant_ids: [mark.user_id], custom_participant_ids: [] };
  await rejectsWith(kit.activeSession.kickParticipants(meeting, again), 404, /No user found with id/);
  const nobody = { ...app, participant_ids: [], custom_participant_ids: [] };
  await rejectsWith(kit.activeSession.kickParticipants(meeting, nobody), 400, /at least one of/);
});

test('realtimekit: a poll', async () => {
  const meeting = await meetingOf('Town hall');
  const { data } = await kit.activeSession.createPoll(meeting, {
    ...app,
    question: 'Ship on Friday?',
    options: ['Yes', 'No'],
    anonymous: true,
  });
  assert.equal(data.poll.question, 'Ship on Friday?');
  assert.deepEqual(data.poll.options.map((o) => [o.text, o.count]), [['Yes', 0], ['No', 0]]);
  assert.equal(data.poll.anonymous, true);
  assert.equal(data.poll.hide_votes, false);
  await rejectsWith(kit.activeSession.createPoll(meeting, { ...app, question: 'Why?' }), 400, /"options\\*" is required/);
});

test('realtimekit: kick-all ends the session', async () => {
  const meeting = await meetingOf('Interview room 4');
  const session = (await kit.activeSession.getActiveSession(meeting, app)).data;
  const endedIds = async () =>
    (await kit.sessions.getSessions(app_id, { account_id, status: 'ENDED' })).data.sessions.map((s) => s.id).sort();
  const before = await endedIds();
  const { data } = await kit.activeSession.kickAllParticipants(meeting, app);
  assert.equal(data.kicked_participants_count, session.live_participants);
  await rejectsWith(kit.activeSession.getActiveSession(meeting, app), 404, /No active session/);
  await rejectsWith(kit.activeSession.kickAllParticipants(meeting, app), 404, /No active session/);
  const ended = (await kit.sessions.getSessionDetails(session.id, app)).data;
  assert.equal(ended.status, 'ENDED');
  assert.ok(Date.parse(ended.ended_at) >= Date.parse(ended.started_at));
  assert.deepEqual(await endedIds(), [...before, session.id].sort());
});

test('realtimekit: recordings and live streams of the app', async () => {
  const recordings = await kit.recordings.getRecordings(app_id, { account_id, status: ['RECORDING', 'PAUSED'] });
  assert.equal(recordings.data.length, 1);
  assert.equal(recordings.data[0].meeting.title, 'Weekly sync');
  const active = await kit.recordings.getActiveRecordings(recordings.data[0].meeting.id, app);
  assert.equal(active.data.id, recordings.data[0].id);
  const streams = await kit.livestreams.getAllLivestreams(app_id, { account_id, status: 'LIVE' });
  assert.equal(streams.data.length, 1);
  const stream = await kit.livestreams.getMeetingActiveLivestreams(streams.data[0].meeting_id, app);
  assert.equal(stream.data.id, streams.data[0].id);
});

test('realtimekit: meetings, their enrolled people, and apps', async () => {
  const made = (await kit.meetings.create(app_id, { account_id, title: 'New meeting' })).data;
  assert.equal((await kit.meetings.getMeetingByID(made.id, app)).data.title, 'New meeting');
  const listed = await kit.meetings.get(app_id, { account_id, per_page: 50 });
  assert.ok(listed.data.some((m) => m.id === made.id));
  const enrolled = await kit.meetings.addParticipant(made.id, {
    ...app,
    custom_participant_id: 'user-1',
    preset_name: 'group_call_host',
    name: 'Mary Sue',
  });
  assert.equal(typeof enrolled.data.token, 'string');
  const people = await kit.meetings.getMeetingParticipants(made.id, app);
  assert.deepEqual(people.data.map((p) => p.id), [enrolled.data.id]);
  await rejectsWith(kit.activeSession.getActiveSession(made.id, app), 404, /No active session/);
  assert.equal((await kit.apps.get({ account_id })).data.length, 1);
});

test('realtimekit: a credential that is no bearer token is refused', async () => {
  const keyed = new Cloudflare({ ...options, apiEmail: 'a@example.com', apiKey: 'k', apiToken: null });
  await rejectsWith(keyed.realtimeKit.apps.get({ account_id }), 401, /"code":10000/);
});
