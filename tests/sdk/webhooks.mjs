// Webhooks both ways: the services' own receivers accept what the simulators send, and Rollcall accepts what their own
// signers produce.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSign, createVerify, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';

import { WebhookReceiver } from '@huddle01/server-sdk/webhooks';

const children = [];
after(() => children.forEach((child) => child.kill('SIGTERM')));

/** Starts the program and gives what `find` finds in a line that it prints. */
async function rollcall(args, find) {
  const child = spawn(process.env.ROLLCALL, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const found = find(line);
    if (found) {
      child.stdout.resume();
      return found;
    }
  }
  throw new Error(`rollcall ${args.join(' ')} ended without saying where it listens`);
}

/** What a simulator sends while its world lives, until there are `count`. */
async function sent(service, count) {
  const got = [];
  let enough;
  const done = new Promise((resolve) => (enough = resolve));
  const server = createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    got.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
    response.writeHead(204).end();
    if (got.length === count) enough();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const to = `http://127.0.0.1:${server.address().port}/hook`;
  const base = await rollcall(
    ['simulate', service, '--listen', '127.0.0.1:0', '--webhooks-to', to],
    (line) => /^base_url = "(.*)"$/.exec(line)?.[1],
  );
  await done;
  server.close();
  return { base, got };
}

test('the receiver of the Huddle01 SDK accepts what the simulator sends', async () => {
  const { got } = await sent('huddle01', 3);
  const receiver = new WebhookReceiver({ apiKey: 'demo' });
  for (const { headers, body } of got) {
    const data = await receiver.receive(body, headers['huddle01-signature']);
    assert.match(data.event, /^(meeting|peer|recording):/);
    assert.equal(typeof data.payload.roomId, 'string');
    await assert.rejects(receiver.receive(body.replace('roomId', 'roomIe'), headers['huddle01-signature']));
  }
});

test('what the simulated RealtimeKit sends verifies with the key that it publishes', async () => {
  const { base, got } = await sent('realtimekit', 3);
  const published = await fetch(new URL('/.well-known/webhooks.json', base));
  const { data } = await published.json();
  for (const { headers, body } of got) {
    const verify = (text) => createVerify('RSA-SHA256').update(text).verify(data.publicKey, headers['rtk-signature'], 'base64');
    assert.ok(verify(body));
    assert.ok(!verify(`${body} `));
    assert.match(JSON.parse(body).event, /^(meeting|recording|livestreaming)\./);
  }
});

const API_KEY = 'a-key-of-the-sdk-tests';
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** A gateway that takes webhooks of both, and asks nobody. */
async function gateway() {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-webhooks-'));
  after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'key.pem'), publicKey);
  writeFileSync(
    join(folder, 'rollcall.toml'),
    `[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
[auth]
issuer = "i"
audience = "a"
hs256_secret = "a-secret-of-the-sdk-tests-32-bytes-long"
[providers.huddle01]
kind = "huddle01"
api_key = "${API_KEY}"
base_url = "http://127.0.0.1:9/"
webhooks = {}
[providers.rtk]
kind = "realtimekit"
account_id = "a"
app_id = "a"
api_token = "t"
base_url = "http://127.0.0.1:9/"
webhooks = { public_key_file = "key.pem" }
`,
  );
  const address = await rollcall(['serve', '--config', join(folder, 'rollcall.toml')], (line) => {
    return /"listen":"([^"]+)"/.exec(line)?.[1];
  });
  const send = async (provider, headers, body) => {
    return (await fetch(`http://${address}/v1/webhooks/${provider}`, { method: 'POST', headers, body })).status;
  };
  return send;
}

test('Rollcall accepts what the signers produce, and nothing else', async () => {
  const send = await gateway();
  const event = {
    id: 'whk_1',
    event: 'peer:joined',
    payload: { roomId: 'abc-defg-hij', text: 'Zoë 🦊 \u2028 "quoted"', n: [1.5, 1e21, 1e-7, -0, 0.1], 2: 'b', 1: 'a' },
  };
  // The SDK's own code makes the text and its HMAC.
  const receiver = new WebhookReceiver({ apiKey: API_KEY });
  const sign = async (algorithm, hash, body, key = API_KEY, t = Date.now()) => {
    const { hashPayload } = receiver.getBodyAndSignature(body, `t=${t},${algorithm}=00`);
    return `t=${t},${algorithm}=${await WebhookReceiver.asyncGenerateHmac(hash, hashPayload, key)}`;
  };
  for (const body of [JSON.stringify(event), JSON.stringify(event, null, 2), JSON.stringify(event, null, '\t')]) {
    for (const [algorithm, hash] of [['sha256', 'SHA-256'], ['sha512', 'SHA-512']]) {
      const signature = await sign(algorithm, hash, body);
      await receiver.receive(body, signature);
      assert.equal(await send('huddle01', { 'huddle01-signature': signature }, body), 204);
      assert.equal(await send('huddle01', { 'huddle01-signature': signature }, body.replace('abc', 'abd')), 401);
    }
    const stranger = await sign('sha256', 'SHA-256', body, 'another key');
    assert.equal(await send('huddle01', { 'huddle01-signature': stranger }, body), 401);
    const old = await sign('sha256', 'SHA-256', body, API_KEY, Date.now() - 600_000);
    assert.equal(await send('huddle01', { 'huddle01-signature': old }, body), 401);
  }
  const body = JSON.stringify({ event: 'meeting.started', meeting: { id: 'm', sessionId: 's', title: 'Zoë 🦊' } });
  const signature = createSign('RSA-SHA256').update(body).sign(privateKey, 'base64');
  for (const header of ['rtk-signature', 'dyte-signature']) {
    assert.equal(await send('rtk', { [header]: signature }, body), 204);
    assert.equal(await send('rtk', { [header]: signature }, `${body} `), 401);
  }
  assert.equal(await send('rtk', {}, body), 401);
  assert.equal(await send('nobody', { 'rtk-signature': signature }, body), 404);
});
