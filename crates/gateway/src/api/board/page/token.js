// Where the token is kept. One that may moderate is worth more than the comfort of a reload: it stays in memory.

const KEPT = "rollcall.token";
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

function mayModerate(token) {
  try {
    const payload = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const { scope } = JSON.parse(atob(payload));
    const scopes = Array.isArray(scope) ? scope : String(scope ?? "").split(" ");
    return !scopes.every((value) => value === "sessions:read"); // Another claim, or none, may say anything.
  } catch {
    return true; // What cannot be read is not kept.
  }
}

export function keep(token) {
  if (mayModerate(token)) forget();
  else sessionStorage.setItem(KEPT, token);
}

export function forget() {
  sessionStorage.removeItem(KEPT);
}

/** The token of the address, on this machine alone, or the one that was kept. It leaves the address at once. */
export function found() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given !== null) history.replaceState(null, "", location.pathname + location.search);
  if (given && LOOPBACK.test(location.hostname)) {
    keep(given);
    return given;
  }
  return sessionStorage.getItem(KEPT);
}
