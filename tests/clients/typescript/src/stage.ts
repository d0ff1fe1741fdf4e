// What ../stage.py has started beside us, and clients of it whose every answer is held against the document.
import { readFileSync } from "node:fs";

import createClient from "openapi-fetch";

import { checkedAgainst } from "./checked.js";
import type { paths } from "./schema.js";

export type RollcallClient = ReturnType<typeof createClient<paths>>;

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start this with run.sh`);
  return value;
}

export const documentText = readFileSync("../../../openapi/rollcall.v1.json", "utf8");
const parsed = JSON.parse(documentText);

/** Where a gateway is, and who we are there. */
export type Place = { url: string; token: string };

/** A gateway over both providers, and a token that may do everything. */
export const demo: Place = { url: variable("ROLLCALL_URL"), token: variable("ROLLCALL_TOKEN") };

/** A gateway whose RealtimeKit cannot be reached, and a token that may only read. */
export const impaired: Place = { url: variable("ROLLCALL_IMPAIRED_URL"), token: variable("ROLLCALL_IMPAIRED_TOKEN") };

export function clientOf({ url, token }: Place, document = parsed): RollcallClient {
  const client = createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${token}` } });
  client.use(checkedAgainst(document));
  return client;
}
