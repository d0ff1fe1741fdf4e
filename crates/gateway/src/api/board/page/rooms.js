// The table of what is live, and how the providers fare.

import { arrange, byId, element, time } from "./dom.js";

/** More rows than anybody reads, and than a page should hold: the filters find the others. */
const MOST_ROWS = 500;

export class Rooms {
  #rows = new Map();
  #shown = new Map();
  #choose;

  /** `choose(session)` is called for the room that somebody wants to look into. */
  constructor(choose) {
    this.#choose = choose;
    for (const id of ["provider-filter", "text-filter"]) byId(id).addEventListener("input", () => this.#redraw?.());
  }

  #redraw;

  /** Shows what is live; the rows of the changed keys light up. */
  show(live, changed) {
    this.#redraw = () => this.#draw(live, new Set());
    this.#draw(live, changed);
  }

  /** Forgets all rows. */
  clear() {
    this.#redraw = undefined;
    this.#rows.clear();
    this.#shown.clear();
    arrange(byId("rooms"), []);
    arrange(byId("providers"), []);
  }

  #draw(live, changed) {
    this.#drawProviders(live);
    const provider = byId("provider-filter").value;
    const text = byId("text-filter").value.trim().toLocaleLowerCase();
    const matches = [...live.sessions].filter(([, session]) =>
      (provider === "" || session.provider === provider) && (text === "" || searched(session).includes(text)));
    matches.sort(([, a], [, b]) => compare(a, b));
    const shown = matches.slice(0, MOST_ROWS);
    const rows = shown.map(([key, session]) => this.#row(key, session, changed.has(key)));
    for (const key of this.#rows.keys()) if (!live.sessions.has(key)) this.#forget(key);
    arrange(byId("rooms"), rows);
    this.#say(live, matches.length, shown.length);
  }

  #forget(key) {
    this.#rows.delete(key);
    this.#shown.delete(key);
  }

  #row(key, session, hasChanged) {
    const known = this.#rows.get(key);
    if (known && this.#shown.get(key) === session) return known;
    const row = known ?? this.#newRow(key, session);
    this.#shown.set(key, session);
    const [room, provider, since, people, onAir] = row.cells;
    room.querySelector("button").textContent = session.title || session.room_id;
    room.querySelector(".id").textContent = session.title ? session.room_id : "";
    provider.textContent = session.provider;
    since.replaceChildren(time(session.started_at ?? session.created_at));
    people.textContent = session.participant_count ?? "–";
    onAir.textContent = [session.recording_count > 0 && "recording", session.livestream_count > 0 && "live stream"]
      .filter(Boolean).join(", ");
    if (hasChanged) light(row);
    return row;
  }

  #newRow(key, session) {
    const open = element("button", { type: "button" });
    open.addEventListener("click", () => this.#choose(this.#shown.get(key)));
    const room = element("td", {}, open, element("span", { class: "id" }));
    const row = element("tr", { "data-provider": session.provider, "data-room": session.room_id }, room,
      element("td"), element("td"), element("td", { class: "number" }), element("td"));
    this.#rows.set(key, row);
    return row;
  }

  #drawProviders(live) {
    const entries = [...live.providers].sort(([a], [b]) => (a < b ? -1 : 1));
    arrange(byId("providers"), entries.map(([id, entry]) => {
      const item = element("li", { "data-provider": id, "data-status": entry.status }, element("strong", { text: id }), ` ${words(entry)}`);
      if (entry.problem) item.append(element("span", { class: "why", text: ` ${entry.problem.detail}` }));
      return item;
    }));
    const filter = byId("provider-filter");
    const options = ["", ...entries.map(([id]) => id)];
    if (options.join("\n") !== [...filter.options].map((option) => option.value).join("\n")) {
      const chosen = filter.value;
      filter.replaceChildren(...options.map((id) => element("option", { value: id, text: id || "all" })));
      filter.value = options.includes(chosen) ? chosen : "";
    }
  }

  #say(live, matches, shown) {
    const all = live.sessions.size;
    byId("count").textContent = shown < matches ? `The newest ${shown} of ${matches}; filter to see others.`
      : matches < all ? `${matches} of ${all} live.` : `${all} live.`;
    const unknown = [...live.providers.values()].some((entry) => entry.status !== "ok");
    byId("nothing").hidden = matches > 0;
    byId("nothing").textContent = all > 0 ? "Nothing that is live matches the filters."
      : unknown ? "Nothing is known to be live, but not every provider answers." : "Nothing is live.";
  }
}

function words(entry) {
  if (entry.status === "ok") return "answers.";
  if (entry.status === "stale") return "does not answer; what is shown is older.";
  if (entry.status === "failed") return "does not answer; its sessions are unknown.";
  return entry.status;
}

function searched(session) {
  return `${session.title ?? ""}\n${session.room_id}\n${session.session_id ?? ""}`.toLocaleLowerCase();
}

/** Newest first, unknown last. */
function compare(a, b) {
  const [one, other] = [a, b].map((session) => session.started_at ?? session.created_at ?? "");
  if (one !== other) return one < other ? 1 : -1;
  return a.provider === b.provider ? (a.room_id < b.room_id ? -1 : 1) : (a.provider < b.provider ? -1 : 1);
}

function light(row) {
  row.classList.remove("changed");
  void row.offsetWidth; // Begins the animation anew.
  row.classList.add("changed");
}
