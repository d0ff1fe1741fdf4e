// The Huddle01 SDK's host is a constant: its requests are sent to the simulator instead. Nothing may leave this machine.
const SDK_ORIGIN = 'https://infra-api.huddle01.workers.dev';
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const simulator = new URL(process.env.HUDDLE01_BASE_URL).origin;
const realFetch = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  const target = request.url.startsWith(SDK_ORIGIN) ? simulator + request.url.slice(SDK_ORIGIN.length) : request.url;
  if (!LOOPBACK.has(new URL(target).hostname)) {
    throw new Error(`a test must not call ${target}`);
  }
  return realFetch(target === request.url ? request : new Request(target, request));
};
