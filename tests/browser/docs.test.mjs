// The documentation page in a real browser: small, offline, and what it offers to try works in the demo as it stands.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

const { ROLLCALL, CHROMIUM } = process.env;
let browser, child, api, token;

before(async () => {
  child = spawn(ROLLCALL, ["demo", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "ignore"] });
  const lines = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.startsWith("Ctrl-C")) break;
  }
  child.stdout.resume();
  const text = lines.join("\n");
  token = /export TOKEN=(\S+)/.exec(text)[1];
  api = /http:\/\/127\.0\.0\.1:\d+/.exec(text)[0];
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  child?.kill("SIGKILL");
});

test("the page is short, loads nothing from elsewhere, and keeps the token in memory alone", async (t) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  t.after(() => context.close());
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (/Content Security Policy|violat|resolver error/i.test(message.text())) faults.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(api) && !request.url().startsWith("data:")) faults.push(`left: ${request.url()}`);
  });
  await page.goto(`${api}/docs`);
  await page.waitForSelector(".opblock[id$=\"-list_live_sessions\"]");
  assert.equal(await page.locator(".topbar").count(), 0, "no bar that asks for another document");
  assert.equal(await page.locator(".opblock.is-open").count(), 0, "operations are one line each");
  assert.equal(await page.locator(".models.is-open").count(), 0, "schemas are closed");
  assert.equal(await page.locator(".errors-wrapper").count(), 0, "no fault in the document");

  await page.click(".btn.authorize");
  await page.fill(".auth-container input", token);
  await page.click(".auth-btn-wrapper .authorize");
  await page.click(".auth-btn-wrapper .btn-done");

  for (const [operation, status] of [
    ["list_providers", "200"],
    ["list_live_sessions", "200"],
    ["get_live_session", "200"],
    ["list_live_participants", "200"],
    ["get_session", "200"],
    ["kick_participants", "200"],
    ["create_poll", "201"],
    ["get_problem_type", "200"],
  ]) {
    const block = page.locator(`.opblock[id$="-${operation}"]`);
    await block.locator(".opblock-summary-control").click();
    const height = await block.evaluate((element) => element.scrollHeight);
    assert.ok(height < 4000, `${operation} is ${height} pixels high`);
    await block.locator(".btn.execute").click();
    const answered = block.locator(".live-responses-table .response-col_status").nth(1);
    await answered.waitFor();
    assert.match(await answered.innerText(), new RegExp(`^${status}`), `${operation} as it is prefilled`);
    await block.locator(".opblock-summary-control").click();
  }
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  assert.ok(!kept.includes(token), "the token is in the page's memory alone");
  await page.reload();
  await page.waitForSelector(".btn.authorize.unlocked");
  assert.deepEqual(faults, []);
});
