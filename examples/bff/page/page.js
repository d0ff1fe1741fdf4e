// Shows what the back end sends. Everything is written as text: titles come from strangers.
const SAYS = { live: "Live.", lost: "Not connected: what is below may be old. Trying again…" };

/** Sessions by provider and room. */
const providers = new Map();

function known(provider) {
  if (!providers.has(provider)) providers.set(provider, { status: "failed", rooms: new Map() });
  return providers.get(provider);
}

function show() {
  const rows = [...providers.values()].flatMap(({ rooms }) => [...rooms.values()]).map((session) => {
    const row = document.createElement("tr");
    row.dataset.provider = session.provider;
    row.dataset.room = session.room_id;
    const since = session.started_at === null ? "" : new Date(session.started_at).toLocaleTimeString();
    for (const text of [session.title ?? session.room_id, session.provider, session.participant_count ?? "?", since]) {
      row.insertCell().textContent = text;
    }
    return row;
  });
  document.querySelector("#rooms").replaceChildren(...rows);
  const notes = [...providers].filter(([, { status }]) => status !== "ok").map(([provider, { status }]) => {
    const note = document.createElement("li");
    note.textContent = status === "failed" ? `${provider} does not answer: who is live there is unknown.` : `${provider}: older data.`;
    note.dataset.provider = provider;
    return note;
  });
  document.querySelector("#providers").replaceChildren(...notes);
}

function become(state) {
  document.body.dataset.state = state;
  document.querySelector("#state").textContent = SAYS[state];
}

const stream = new EventSource("/events");
const on = (event, apply) => stream.addEventListener(event, ({ data }) => (apply(JSON.parse(data)), show()));

on("connection", ({ state }) => become(state));
// In pieces, which take the place of what was known when the last has come: the connection may break in between.
on("snapshot", ({ provider, status, first, last, sessions }) => {
  const it = known(provider);
  if (first) it.coming = new Map();
  for (const session of sessions) it.coming?.set(session.room_id, session);
  if (last) Object.assign(it, { status, rooms: it.coming ?? it.rooms, coming: undefined });
});
on("session_started", (session) => known(session.provider).rooms.set(session.room_id, session));
on("session_updated", (changed) => Object.assign(known(changed.provider).rooms.get(changed.room_id) ?? {}, changed));
on("session_ended", ({ provider, room_id }) => known(provider).rooms.delete(room_id));
on("provider_changed", ({ provider, status }) => {
  const it = known(provider);
  it.status = status;
  if (status === "failed") it.rooms.clear();
});
// The back end itself is away; the browser comes back by itself, and says what it read last.
stream.addEventListener("error", () => become("lost"));
