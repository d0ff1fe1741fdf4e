// What is live, as the events tell it.

/** Names a room; ids hold no newline. */
export const keyOf = (provider, room) => `${provider}\n${room}`;

/** Every live session and how each provider fares. */
export class Live {
  sessions = new Map();
  providers = new Map();

  /** Takes an event; gives the keys of the rooms that it changed. */
  apply(name, data) {
    const { provider } = data;
    switch (name) {
      case "snapshot": {
        const gone = data.first ? this.#forget(provider) : [];
        this.providers.set(provider, data.entry);
        return [...gone, ...data.data.map((session) => this.#put(session))];
      }
      case "session_started":
        return [this.#put(data.session)];
      case "session_updated": {
        const key = keyOf(provider, data.room_id);
        const known = this.sessions.get(key);
        if (known === undefined) return [];
        this.sessions.set(key, { ...known, ...data.changes });
        return [key];
      }
      case "session_ended": {
        const key = keyOf(provider, data.room_id);
        this.sessions.delete(key);
        return [key];
      }
      case "provider_changed":
        this.providers.set(provider, data.entry);
        return data.entry.status === "failed" ? this.#forget(provider) : [];
      default:
        return []; // Something added since.
    }
  }

  #put(session) {
    const key = keyOf(session.provider, session.room_id);
    this.sessions.set(key, session);
    return key;
  }

  #forget(provider) {
    const keys = [...this.sessions].filter(([, session]) => session.provider === provider).map(([key]) => key);
    for (const key of keys) this.sessions.delete(key);
    return keys;
  }
}

/** The people of one room, as its events tell it. */
export class Room {
  session = null;
  reportedCount = null;
  people = new Map();
  /** Whether the provider cannot be asked. */
  failed = null;

  apply(name, data) {
    switch (name) {
      case "snapshot":
        if (data.first) this.people.clear();
        this.session = data.session ?? null;
        this.reportedCount = data.reported_count ?? null;
        this.failed = null;
        for (const person of data.participants) this.people.set(person.connection_id, person);
        break;
      case "session_started":
        this.session = data.session;
        break;
      case "session_updated":
        if (this.session) this.session = { ...this.session, ...data.changes };
        break;
      case "session_ended":
        this.session = null;
        this.people.clear();
        break;
      case "participant_joined":
      case "participant_updated":
        this.people.set(data.participant.connection_id, data.participant);
        break;
      case "participant_left":
        this.people.delete(data.connection_id);
        break;
      case "provider_changed":
        this.failed = data.entry.status === "failed" ? data.entry : null;
        if (this.failed) this.people.clear();
        break;
      default:
    }
  }
}
