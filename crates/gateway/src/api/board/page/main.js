// The board: what is live on every provider that the token may see.

import { byId } from "./dom.js";
import { follow } from "./follow.js";
import { Live } from "./live.js";
import { People } from "./people.js";
import { Rooms } from "./rooms.js";
import * as tokens from "./token.js";

/** A page that nobody sees gives its streams back after this. */
const HIDDEN_FOR = 30_000;

const WORDS = {
  "signed-out": "Not connected: no token.",
  connecting: "Connecting…",
  live: "Connected.",
  offline: "Not connected.",
  paused: "Paused while nobody looked.",
};

let token;
let stop;
let hidden;
let frame;
const people = new People();
const rooms = new Rooms((session) => people.open(session, token));

function say(state, text = WORDS[state]) {
  document.body.dataset.state = state;
  byId("connection").textContent = text;
  byId("sign-in").hidden = state !== "signed-out";
  byId("board").hidden = state === "signed-out";
  byId("sign-out").hidden = state === "signed-out";
}

function start() {
  let live = new Live();
  let changed = new Set();
  const draw = () => {
    frame = undefined;
    rooms.show(live, changed);
    changed = new Set();
  };
  stop = follow("v1/events", token, {
    event(name, data) {
      for (const key of live.apply(name, data)) changed.add(key);
      if (name === "snapshot" && !data.last) return;
      frame ??= requestAnimationFrame(draw);
    },
    state: (state, why) => say(state, why ? `Not connected. ${why}` : undefined),
    refused(error) {
      signOut(error.status === 403 ? `This token may not read: ${error.message}` : error.message);
    },
  });
}

function end() {
  cancelAnimationFrame(frame);
  frame = undefined;
  stop?.();
  stop = undefined;
  people.pause();
}

function signIn(given) {
  token = given;
  byId("token-fault").textContent = "";
  start();
}

function signOut(why = "") {
  end();
  people.close();
  rooms.clear();
  token = undefined;
  tokens.forget();
  say("signed-out");
  byId("token-fault").textContent = why;
  byId("token").focus();
}

byId("sign-in").addEventListener("submit", (submit) => {
  submit.preventDefault();
  const field = byId("token");
  const given = field.value.trim().replace(/^Bearer\s+/i, "");
  field.value = "";
  if (!/^[\w.~+/=-]+$/.test(given)) {
    byId("token-fault").textContent = "That is not a token: it has three parts with dots between and no spaces.";
    return;
  }
  tokens.keep(given);
  signIn(given);
});

byId("sign-out").addEventListener("click", () => signOut());

function lookAtVisibility() {
  clearTimeout(hidden);
  if (document.hidden) {
    hidden = setTimeout(() => {
      if (!token) return;
      end();
      say("paused");
    }, HIDDEN_FOR);
  } else if (token && !stop) {
    start();
    people.resume(token);
  }
}

document.addEventListener("visibilitychange", lookAtVisibility);

const given = tokens.found();
if (given) signIn(given);
else say("signed-out");
// A tab that is opened in the background is told of no change.
lookAtVisibility();
