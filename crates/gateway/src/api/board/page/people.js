// Who is in one room, beside the table.

import { arrange, byId, element } from "./dom.js";
import { follow } from "./follow.js";
import { Room } from "./live.js";

export class People {
  #stop;
  #opener;
  #session;

  constructor() {
    byId("people-close").addEventListener("click", () => this.close());
    document.addEventListener("keydown", (key) => { if (key.key === "Escape") this.close(); });
  }

  /** Shows the room of this session and follows it. */
  open(session, token) {
    const opener = document.activeElement;
    this.close();
    this.#opener = opener;
    this.#session = session;
    byId("people").hidden = false;
    byId("people-title").textContent = session.title || session.room_id;
    byId("people-title").focus();
    this.#follow(token);
  }

  /** Ends the stream, for a while; `resume` goes on. */
  pause() {
    this.#stop?.();
    this.#stop = undefined;
  }

  resume(token) {
    if (this.#session && !this.#stop) this.#follow(token);
  }

  close() {
    if (!this.#session) return;
    this.pause();
    this.#session = undefined;
    byId("people").hidden = true;
    arrange(byId("people-list"), []);
    if (this.#opener?.isConnected) this.#opener.focus();
  }

  #follow(token) {
    const room = new Room();
    const { provider, room_id: id } = this.#session;
    const path = `v1/live-sessions/${encodeURIComponent(provider)}/${encodeURIComponent(id)}/events`;
    this.#say("Asking who is here…");
    this.#stop = follow(path, token, {
      event: (name, data) => {
        room.apply(name, data);
        if (name === "snapshot" && !data.last) return;
        this.#draw(room);
      },
      state: (state, why) => { if (state === "offline") this.#say(why); },
      refused: (error) => this.#say(error.message),
    });
  }

  #draw(room) {
    arrange(byId("people-list"), [...room.people.values()].map((person) => {
      const name = element("span", { text: person.display_name || person.custom_participant_id || person.connection_id });
      return element("li", {}, name, ...(person.role ? [element("span", { class: "role", text: person.role })] : []));
    }));
    this.#say(room.failed ? `The provider does not answer: ${room.failed.problem?.detail ?? "who is here is unknown."}`
      : room.session === null ? "Nothing is live here now." : `${room.people.size} here.`);
  }

  #say(text) {
    byId("people-state").textContent = text;
  }
}
