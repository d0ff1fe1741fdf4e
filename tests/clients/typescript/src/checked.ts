// Holds every answer that a client gets against the document it was generated from.
import type { Middleware } from "openapi-fetch";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Members = { [key: string]: Json };

function members(value: Json | undefined): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** What stands at a pointer of the document. */
function at(document: Members, path: string[]): Json | undefined {
  return path.reduce<Json | undefined>((value, key) => members(value)[key], document);
}

/** The path of a part of the document, or of what it refers to: several operations share responses and headers. */
function followed(document: Members, path: string[]): string[] {
  const reference = members(at(document, path))["$ref"];
  if (typeof reference !== "string") return path;
  const keys = reference.split("/").slice(1);
  return followed(document, keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~")));
}

const pointer = (...keys: string[]) => keys.map((key) => "/" + key.replaceAll("~", "~0").replaceAll("/", "~1")).join("");

function validators(document: Members): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat("int32", true).addFormat("int64", true).addFormat("double", true);
  for (const schema of Object.values(members(members(document["components"])["schemas"]))) {
    // A member that is not documented is one that no client knows.
    if ("properties" in members(schema)) members(schema)["additionalProperties"] ??= false;
  }
  return ajv.addSchema(document, "rollcall");
}

/** Throws at an event whose name or data the document does not have: `session_ended` is a `SessionEndedEvent`. */
export function checkedEvents(document: Members): (event: string, data: unknown) => void {
  const ajv = validators(document);
  return (event, data) => {
    const name = event.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
    const validate = ajv.getSchema(`rollcall#${pointer("components", "schemas", `${name}Event`)}`);
    if (validate === undefined) throw new Error(`the event ${event} is not documented`);
    if (!validate(data)) throw new Error(`${event}: ${ajv.errorsText(validate.errors)}`);
  };
}

/** Throws at an answer whose status, media type, required headers or body the document does not have. */
export function checkedAgainst(document: Members): Middleware {
  const ajv = validators(document);
  return {
    async onResponse({ request, response, schemaPath }) {
      const method = request.method.toLowerCase();
      const where = `${request.method} ${schemaPath}: ${response.status}`;
      const path = followed(document, ["paths", schemaPath, method, "responses", String(response.status)]);
      const declared = members(at(document, path));
      if (!("description" in declared)) throw new Error(`${where} is not documented`);
      for (const name of Object.keys(members(declared["headers"]))) {
        const header = members(at(document, followed(document, [...path, "headers", name])));
        if (header["required"] === true && !response.headers.has(name)) throw new Error(`${where} lacks ${name}`);
      }
      if (!("content" in declared)) {
        if ((await response.clone().text()) !== "") throw new Error(`${where} has a body, which is not documented`);
        return;
      }
      const mediaType = (response.headers.get("content-type") ?? "").split(";")[0] ?? "";
      if (!(mediaType in members(declared["content"]))) throw new Error(`${where} is ${mediaType}, which is not documented`);
      // It has no end: `checkedEvents` is for what comes.
      if (mediaType === "text/event-stream") return;
      const schema = [...path, "content", mediaType, "schema"];
      const validate = ajv.getSchema(`rollcall#${pointer(...schema)}`);
      if (validate === undefined) throw new Error(`${where} has no schema`);
      if (!validate(await response.clone().json())) throw new Error(`${where}: ${ajv.errorsText(validate.errors)}`);
    },
  };
}
