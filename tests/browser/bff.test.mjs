// The example of a back end for a page, in a real browser, beside a gateway that is killed and comes back.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

const { ROLLCALL, CHROMIUM } = process.env;
const children = [];
let browser, folder, config, gateway, api, bff, simulators, moderator, reader;

/** Starts a program and gives what `find` finds in what it prints. */
async function start(command, args, find, env = process.env) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"], env });
  children.push(child);
  let text = "";
  for await (const line of createInterface({ input: child.stdout })) {
    text += `${line}\n`;
    const found = find.exec(text)?.[1];
    if (found !== undefined) {
      child.stdout.resume();
      return { child, found };
    }
  }
  throw new Error(`${command} ${args.join(" ")} ended; it said: ${text}`);
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

const serve = async () => (gateway = (await start(ROLLCALL, ["serve", "--config", config], /"listen":"([^"]+)"/)).child);
const tokenFor = async (scope) => {
  return (await start(ROLLCALL, ["token", "--config", config, "--sub", scope, "--scope", scope], /^(ey\S+)/)).found;
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-bff-"));
  config = join(folder, "rollcall.toml");
  simulators = {};
  for (const service of ["huddle01", "realtimekit"]) {
    simulators[service] = await start(ROLLCALL, ["simulate", service, "--listen", "127.0.0.1:0"], /base_url = "([^"]+)"/);
  }
  const listen = `127.0.0.1:${await freePort()}`;
  api = `http://${listen}`;
  await writeFile(config, `
[server]
listen = "${listen}"
admin_listen = "127.0.0.1:0"
[auth]
issuer = "test"
audience = "rollcall"
hs256_secret = "0123456789abcdef0123456789abcdef"
[providers.huddle01]
kind = "huddle01"
api_key = "demo"
base_url = "${simulators.huddle01.found}"
[providers.realtimekit]
kind = "realtimekit"
account_id = "demo"
app_id = "demo"
api_token = "demo"
base_url = "${simulators.realtimekit.found}"
[cache]
fresh_for = "200ms"
revalidate_for = "500ms"
stale_for = "2s"
[events]
poll_for = "250ms"
`);
  await serve();
  moderator = await tokenFor("sessions:moderate");
  reader = await tokenFor("sessions:read");
  await writeFile(join(folder, "token"), `${reader}\n`);
  const env = { ...process.env, ROLLCALL_URL: api, ROLLCALL_TOKEN_FILE: join(folder, "token"), PORT: "0" };
  bff = (await start("node", ["../../examples/bff/dist/server.js"], /listening on (\S+)/, env)).found;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  for (const child of children) child.kill("SIGKILL");
  if (folder) await rm(folder, { recursive: true });
});

async function kickAll(room) {
  const headers = { authorization: `Bearer ${moderator}` };
  const answer = await fetch(`${api}/v1/live-sessions/realtimekit/${room}/kick-all`, { method: "POST", headers });
  assert.equal(answer.status, 200, await answer.text());
}

/** What a stream of the back end says, until `enough` of it is there. */
async function streamed(enough, headers = {}) {
  const answer = await fetch(`${bff}/events`, { headers, signal: AbortSignal.timeout(60_000) });
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of answer.body) {
    text += decoder.decode(piece, { stream: true });
    if (enough(text)) return text;
  }
  throw new Error(`the stream ended: ${text}`);
}

/** Nothing that is not for a browser. */
function assertHarmless(text) {
  for (const secret of [reader, moderator, reader.split(".")[2], "Bearer", '"detail"', '"problem"', "provider_error", "request_id", api]) {
    assert.ok(!text.includes(secret), `${secret} is in ${text.slice(0, 500)}`);
  }
}

const snapshots = (text) => /"provider":"huddle01".*"last":true/.test(text) && /"provider":"realtimekit".*"last":true/.test(text);

test("a change appears, and a gateway that is killed is said to be away and comes back", async () => {
  const page = await browser.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => /Content Security Policy|violat/i.test(message.text()) && faults.push(message.text()));
  const bodies = [];
  page.on("response", (response) => {
    if (!response.url().startsWith(bff)) faults.push(`left: ${response.url()}`);
    if (!response.url().endsWith("/events")) bodies.push(response.text().catch(() => ""));
  });
  await page.goto(bff);
  await page.waitForSelector('body[data-state="live"]');
  await page.waitForSelector('tr[data-provider="huddle01"]');
  const room = await page.locator('tr[data-provider="realtimekit"]').first().getAttribute("data-room");
  await kickAll(room);
  await page.waitForSelector(`tr[data-room="${room}"]`, { state: "detached" });

  gateway.kill("SIGKILL");
  await page.waitForSelector('body[data-state="lost"]');
  assert.match(await page.textContent("#state"), /Not connected/);
  assert.ok((await page.locator("#rooms tr").count()) > 0, "what was known stays, and is said to be old");
  await serve();
  await page.waitForSelector('body[data-state="live"]');
  const other = await page.locator('tr[data-provider="realtimekit"]').first().getAttribute("data-room");
  await kickAll(other);
  await page.waitForSelector(`tr[data-room="${other}"]`, { state: "detached" });

  assertHarmless((await Promise.all(bodies)).join("\n"));
  assert.ok(bodies.length >= 3, "the page, its script and its style");
  assert.deepEqual(faults, []);
  await page.close();
});

test("a browser that comes back gets what it has missed and no more", async () => {
  const text = await streamed(snapshots);
  assertHarmless(text);
  const lastEventId = [...text.matchAll(/^id: (\S+)$/gm)].at(-1)[1];
  const room = /"provider":"realtimekit","room_id":"([^"]+)"/.exec(text)[1];
  await kickAll(room);
  const missed = await streamed((said) => said.includes("event: session_ended") && said.includes(room), { "last-event-id": lastEventId });
  assert.ok(!missed.includes("event: snapshot"), missed);
});

test("a provider that fails is unknown, and why is not for a browser", async () => {
  const page = await browser.newPage();
  await page.goto(bff);
  await page.waitForSelector('tr[data-provider="huddle01"]');
  simulators.huddle01.child.kill("SIGKILL");
  await page.waitForSelector('#providers li[data-provider="huddle01"]:has-text("unknown")');
  await page.waitForSelector('tr[data-provider="huddle01"]', { state: "detached" });
  assertHarmless(await streamed((said) => said.includes('"status":"failed"')));
  await page.close();
});
