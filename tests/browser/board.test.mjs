// The board in a real browser, beside real gateways.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

const { ROLLCALL, CHROMIUM } = process.env;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const children = [];
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  for (const child of children) child.kill("SIGKILL");
});

/** Starts the program and gives what it printed up to the line that `last` matches. */
async function start(args, last) {
  const child = spawn(ROLLCALL, args, { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  child.stderr.resume();
  const lines = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (last.test(line)) break;
  }
  child.stdout.resume();
  return { child, text: lines.join("\n") };
}

/** A page that notes all that must not happen. */
async function openPage(t) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted|violat/i.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    const origin = page.url() === "about:blank" ? undefined : new URL(page.url()).origin;
    if (origin && new URL(request.url()).origin !== origin) faults.push(`a request left the origin: ${request.url()}`);
  });
  t.after(() => assert.deepEqual(faults, []));
  return page;
}

async function demo() {
  const { text } = await start(["demo", "--listen", "127.0.0.1:0"], /^Ctrl-C/);
  const [, link] = /signed in:\s+(\S+)/.exec(text);
  const kick = /curl .*\/kick/.exec(text)[0];
  const [, api, room] = /(http:\S+)\/v1\/live-sessions\/realtimekit\/(\S+)\/kick/.exec(kick);
  const [, token] = /export TOKEN=(\S+)/.exec(text);
  return { link, api, room, token };
}

const state = (page, name) => page.waitForSelector(`body[data-state="${name}"]`);
const row = (provider, room) => `tr[data-provider="${provider}"][data-room="${room}"]`;

test("a kick shows on the board and among the people of the room, without a reload", async (t) => {
  const { link, api, room, token } = await demo();
  const page = await openPage(t);
  await page.goto(link);
  await state(page, "live");
  assert.ok(!page.url().includes("token"), "the token leaves the address at once");
  assert.equal(await page.evaluate(() => sessionStorage.length), 0, "a token that may moderate is kept in memory only");
  await page.waitForSelector(row("realtimekit", room));
  await page.click(`${row("realtimekit", room)} button`);
  await page.waitForSelector("#people-list li");
  const guest = page.locator("#people-list li", { hasText: /rowdy/i });
  await guest.waitFor();
  const answer = await fetch(`${api}/v1/live-sessions/realtimekit/${room}/kick-all`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(answer.status, 200, await answer.text());
  await guest.waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#people").isHidden());
});

test("the keyboard reaches a room and comes back to where it was; no serious fault for a screen reader", async (t) => {
  const { link } = await demo();
  for (const colorScheme of ["light", "dark"]) {
    const page = await openPage(t);
    await page.emulateMedia({ colorScheme });
    await page.goto(link);
    await state(page, "live");
    const button = page.locator("#rooms tr button").first();
    await button.waitFor();
    await button.focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("#people-list li");
    assert.equal(await page.evaluate(() => document.activeElement.id), "people-title");
    // Not by a script element, which the page's policy forbids.
    const context = await page.context().newCDPSession(page);
    await context.send("Runtime.evaluate", { expression: axe });
    const { violations } = await page.evaluate(() => axe.run());
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], colorScheme);
    await page.keyboard.press("Escape");
    assert.ok(await button.evaluate((element) => element === document.activeElement));
  }
});

test("what providers say stays text", async (t) => {
  const { link } = await demo();
  const page = await openPage(t);
  const title = `<img src=x onerror="document.body.dataset.state='stolen'"><script>document.title='stolen'</script>`;
  const session = { provider: "huddle01", room_id: `"><b>r`, session_id: null, title, participant_count: 1 };
  const entry = { provider: "huddle01", status: "ok", session_count: 1, fetched_at: null, problem: null };
  const data = JSON.stringify({ provider: "huddle01", entry, poll_seconds: 2, data: [session], first: true, last: true });
  await page.route("**/v1/events", (route) => route.fulfill({
    headers: { "content-type": "text/event-stream" },
    body: `retry: 60000\nid: 1\nevent: snapshot\ndata: ${data}\n\n`,
  }));
  await page.goto(link);
  await page.waitForSelector("#rooms tr");
  assert.equal(await page.locator("#rooms tr button").textContent(), title);
  assert.equal(await page.locator("#rooms img, #rooms script, #rooms b").count(), 0);
  assert.equal(await page.title(), "Rollcall: who is live");
  await state(page, "offline");
});

test("a provider that goes away is said to be unknown, and nothing is said to be live there", async (t) => {
  const simulators = {};
  for (const service of ["huddle01", "realtimekit"]) {
    const { child, text } = await start(["simulate", service, "--listen", "127.0.0.1:0"], /http:/);
    simulators[service] = { child, url: /"(http:.+)"/.exec(text)[1] };
  }
  const folder = await mkdtemp(join(tmpdir(), "rollcall-"));
  t.after(() => rm(folder, { recursive: true }));
  const config = join(folder, "rollcall.toml");
  await writeFile(config, `
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
[auth]
issuer = "test"
audience = "rollcall"
hs256_secret = "0123456789abcdef0123456789abcdef"
[providers.huddle01]
kind = "huddle01"
api_key = "demo"
base_url = "${simulators.huddle01.url}"
[providers.realtimekit]
kind = "realtimekit"
account_id = "demo"
app_id = "demo"
api_token = "demo"
base_url = "${simulators.realtimekit.url}"
[cache]
stale_for = "2s"
`);
  const { text } = await start(["serve", "--config", config], /"serving"/);
  const [, address] = /"listen":"([^"]+)"/.exec(text);
  const { text: token } = await start(["token", "--config", config, "--sub", "board", "--scope", "sessions:read"], /^ey/);
  const page = await openPage(t);
  await page.goto(`http://${address}/`);
  await page.fill("#token", token.trim());
  await page.keyboard.press("Enter");
  await state(page, "live");
  assert.equal(await page.evaluate(() => sessionStorage.length), 1, "a token that may only read lasts for a reload");
  await page.waitForSelector('tr[data-provider="huddle01"]');
  simulators.huddle01.child.kill("SIGKILL");
  await page.waitForSelector('#providers li[data-provider="huddle01"][data-status="failed"]', { timeout: 60_000 });
  await page.waitForSelector('tr[data-provider="huddle01"]', { state: "detached" });
  await page.waitForSelector('tr[data-provider="realtimekit"]');
  await page.reload();
  await state(page, "live");
  await page.click("#sign-out");
  await state(page, "signed-out");
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await page.fill("#token", "eyJ.wrong.token");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#token-fault:not(:empty)");
});
