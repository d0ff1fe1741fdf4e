// A back end for one page: it shows what is live, and the browser never has a token for Rollcall.
import { readFile } from "node:fs/promises";

import Fastify from "fastify";

import { relay } from "./relay.js";

const FILES: { [path: string]: [file: string, type: string] } = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/page.js": ["page.js", "text/javascript; charset=utf-8"],
  "/page.css": ["page.css", "text/css; charset=utf-8"],
};
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};
const EVENTS = { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" };
/** Longer ids are not Rollcall's. */
const MOST_OF_AN_ID = 1024;

const server = Fastify({ forceCloseConnections: true });
const log = (message: string) => console.error(message);

// Who may see the page is for you to say here: a session cookie of your own, before anything else is done.
server.addHook("onRequest", async (_request, reply) => {
  reply.headers(HEADERS);
});

for (const [path, [file, type]] of Object.entries(FILES)) {
  const content = await readFile(new URL(`../page/${file}`, import.meta.url));
  server.get(path, (_request, reply) => reply.type(type).send(content));
}

server.get("/events", (request, reply) => {
  const lastEventId = request.headers["last-event-id"];
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  reply.hijack();
  reply.raw.writeHead(200, { ...HEADERS, ...EVENTS }).flushHeaders();
  const from = typeof lastEventId === "string" && lastEventId.length <= MOST_OF_AN_ID ? lastEventId : undefined;
  relay(reply.raw, from, gone.signal, log)
    .catch((error) => gone.signal.aborted || log(`a browser's stream failed: ${error}`))
    .finally(() => reply.raw.end());
});

const { HOST = "127.0.0.1", PORT = "3000" } = process.env;
console.log(`listening on ${await server.listen({ host: HOST, port: Number(PORT) })}`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => server.close());
