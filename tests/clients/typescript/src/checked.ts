// Holds every answer that a client gets against the document it was generated from.
import type { Middleware } from "openapi-fetch";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Members = { [key: string]: Json };

function members(value: Json | undefined): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

const pointer = (...keys: string[]) => keys.map((key) => "/" + key.replaceAll("~", "~0").replaceAll("/", "~1")).join("");

/** Throws at an answer whose status, media type, required headers or body the document does not have. */
export function checkedAgainst(document: Members): Middleware {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat("int32", true).addFormat("int64", true).addFormat("double", true);
  for (const schema of Object.values(members(members(document["components"])["schemas"]))) {
    // A member that is not documented is one that no client knows.
    if ("properties" in members(schema)) members(schema)["additionalProperties"] ??= false;
  }
  ajv.addSchema(document, "rollcall");

  return {
    async onResponse({ request, response, schemaPath }) {
      const method = request.method.toLowerCase();
      const at = `${request.method} ${schemaPath}: ${response.status}`;
      const operation = members(members(members(document["paths"])[schemaPath])[method]);
      const declared = members(members(operation["responses"])[String(response.status)]);
      if (!("description" in declared)) throw new Error(`${at} is not documented`);
      for (const [name, header] of Object.entries(members(declared["headers"]))) {
        if (members(header)["required"] === true && !response.headers.has(name)) throw new Error(`${at} lacks ${name}`);
      }
      const mediaType = (response.headers.get("content-type") ?? "").split(";")[0] ?? "";
      if (!(mediaType in members(declared["content"]))) throw new Error(`${at} is ${mediaType}, which is not documented`);
      const schema = ["paths", schemaPath, method, "responses", String(response.status), "content", mediaType, "schema"];
      const validate = ajv.getSchema(`rollcall#${pointer(...schema)}`);
      if (validate === undefined) throw new Error(`${at} has no schema`);
      if (!validate(await response.clone().json())) throw new Error(`${at}: ${ajv.errorsText(validate.errors)}`);
    },
  };
}
