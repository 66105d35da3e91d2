// node documents.mjs < lines: validates what thriftpp_gateway_documents printed, and prints a line for
// each thing that is wrong, then "N documents". Run in a folder whose node_modules has
// @seriousme/openapi-schema-validator, and with it ajv.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(process.cwd() + "/");
const { Validator } = await import(
  require.resolve("@seriousme/openapi-schema-validator"));
const Ajv = require("ajv/dist/2020").default;
const formats = require("ajv-formats").default;

// Compiled anew for each schema, as they have no ids; unknown formats would be mistakes of ours.
function schemas() {
  const ajv = new Ajv({ strict: true, strictTypes: false, strictTuple: false, allErrors: true,
                        validateFormats: true });
  formats(ajv);
  return ajv;
}

async function openapi(line) {
  if (line.error) return;  // an IDL that does not load
  const wrong = [];
  const validator = new Validator();
  const result = await validator.validate(structuredClone(line.openapi));
  if (!result.valid) wrong.push(JSON.stringify(result.errors).slice(0, 500));
  if (validator.version !== "3.1") wrong.push(`taken for version ${validator.version}`);
  // Each component is a JSON Schema, and every reference leads somewhere.
  const root = { $id: "http://document.test/", components: line.openapi.components };
  const ajv = schemas();
  ajv.addKeyword("components");
  ajv.addSchema(root);
  for (const name of Object.keys(line.openapi.components.schemas)) {
    try {
      ajv.compile({ $ref: `http://document.test/#/components/schemas/${name}` });
    } catch (error) {
      wrong.push(`${name}: ${error.message}`);
    }
  }
  // OpenAPI's own rules, which no schema says: ids differ, parameters of the path are all there.
  const ids = new Set();
  for (const [path, { parameters: shared, ...methods }] of Object.entries(line.openapi.paths)) {
    for (const { $ref } of shared) {
      if (!line.openapi.components.parameters[$ref.split("/").at(-1)]) wrong.push(`${$ref} is missing`);
    }
    for (const operation of Object.values(methods)) {
      if (ids.has(operation.operationId)) wrong.push(`${operation.operationId} twice`);
      ids.add(operation.operationId);
      const there = (operation.parameters ?? []).filter((p) => p.in === "path").map((p) => p.name);
      const wanted = [...path.matchAll(/\{([^}]*)\}/g)].map((match) => match[1]);
      if (String(there.sort()) !== String(wanted.sort())) wrong.push(`${path}: ${there}`);
    }
  }
  for (const text of wrong) console.log(`${line.file}: ${text}`);
}

function values(line) {
  const ajv = schemas();
  let check;
  try {
    check = ajv.compile(line.schema);
  } catch (error) {
    console.log(`${error.message}: ${JSON.stringify(line.schema).slice(0, 1000)}`);
    return;
  }
  for (const value of line.values) {
    if (!check(value)) {
      console.log(`${JSON.stringify(check.errors).slice(0, 1000)}: ${JSON.stringify(value).slice(0, 1000)}`);
    }
  }
}

let count = 0;
for await (const text of createInterface({ input: process.stdin })) {
  const line = JSON.parse(text);
  if (line.schema) values(line);
  else await openapi(line);
  ++count;
}
console.log(`${count} documents`);
