// What the gateway serves, from openapi.json (which operations there are) and idl.json (everything
// about their types; the form is that of `thriftpp describe --format json`, one object an IDL).

// The gateway's root, wherever a proxy has put it: this page is root + "docs".
export const root = new URL(".", document.baseURI);

// Throws a LoadError.
export async function load(headers) {
  const seen = await generation(headers); // before what it counts, so that no change goes unseen
  const [openapi, idls] = await Promise.all([fetchJson("openapi.json", headers), fetchJson("idl.json", headers)]);
  return new Model(openapi, idls, seen);
}

// A number that the gateway raises whenever it has taken new IDLs.
export async function generation(headers) {
  return (await fetchJson("status", headers)).idl.generation;
}

export class LoadError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function fetchJson(name, headers) {
  const response = await fetch(new URL(name, root), { headers });
  if (!response.ok) throw new LoadError(`${name}: ${response.status} ${response.statusText}`, response.status);
  return JSON.parse(await response.text(), exact);
}

// Defaults beyond 2^53 stay what they are: as raw JSON, which JSON.stringify writes as it was read.
function exact(_, value, context) {
  const big = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  return big && context?.source && JSON.rawJSON ? JSON.rawJSON(context.source) : value;
}

class Model {
  constructor(openapi, idls, seen) {
    this.generation = seen;
    this.title = openapi.info.title;
    this.description = openapi.info.description;
    this.types = new Map(); // by id, "shop.Order": { id, kind, name, program, node }
    this.constants = new Map();
    this.services = []; // { name, node, program, methods }
    this.methods = new Map(); // by "Shop.place": { service, name, node, program, routes }
    this.programs = [];
    for (const idl of idls) for (const program of idl.programs) this.addProgram(program, idl);
    this.addServices(openapi);
    this.addUses();
  }

  addProgram(program, idl) {
    program.idl = idl;
    const same = this.programs.find((other) => other.path === program.path);
    program.id = same ? same.id : this.freeName(program.name);
    if (same) return; // two IDLs include it
    this.programs.push(program);
    const add = (kind, node) => {
      const id = `${program.id}.${node.name}`;
      this.types.set(id, { id, kind: node.kind ?? kind, name: node.name, program, node, uses: [] });
    };
    program.structs.forEach((node) => add("struct", node));
    program.enums.forEach((node) => add("enum", node));
    program.typedefs.forEach((node) => add("typedef", node));
    for (const node of program.constants) {
      const id = `${program.id}.${node.name}`;
      this.constants.set(id, { id, kind: "const", name: node.name, program, node });
    }
  }

  freeName(name) {
    let free = name;
    for (let i = 2; this.programs.some((program) => program.id === free); ++i) free = `${name}-${i}`;
    return free;
  }

  addServices(openapi) {
    for (const [path, operations] of Object.entries(openapi.paths)) {
      for (const [verb, operation] of Object.entries(operations)) {
        const thrift = operation["x-thrift"];
        if (!thrift) continue;
        const method = this.method(thrift.service, thrift.method);
        if (!method) continue;
        const direct = path === `/${thrift.service}/${thrift.method}` && verb === "post";
        method.routes.push({ verb: verb.toUpperCase(), path, operation, direct });
      }
    }
  }

  // Made when it is first asked for, from the service or the one that it inherits from.
  method(serviceName, name) {
    const key = `${serviceName}.${name}`;
    if (this.methods.has(key)) return this.methods.get(key);
    let service = this.services.find((s) => s.name === serviceName);
    if (!service) {
      const program = this.programs.find((p) => p.services.some((s) => s.name === serviceName));
      if (!program) return undefined;
      service = { name: serviceName, program, methods: [],
                  node: program.services.find((s) => s.name === serviceName) };
      this.services.push(service);
    }
    for (let at = service; at; at = this.base(at)) {
      const node = at.node.functions.find((f) => f.name === name);
      if (!node) continue;
      const method = { key, service, name, node, program: at.program, from: at.name, routes: [] };
      service.methods.push(method);
      this.methods.set(key, method);
      return method;
    }
    return undefined;
  }

  base({ node, program }) {
    if (!node.extends) return undefined;
    const there = this.canonical(program.idl.programs[node.extends.program]);
    const base = there.services.find((s) => s.name === node.extends.name);
    return base && { name: base.name, node: base, program: there };
  }

  canonical(program) {
    return this.programs.find((other) => other.path === program.path) ?? program;
  }

  // The definition that a type refers to, seen from the program where it is written.
  definition(type, program) {
    if (type.program === undefined) return undefined;
    return this.types.get(`${program.idl.programs[type.program].id}.${type.name}`);
  }

  // A type with its typedefs resolved: { type, program }, where `program` is where it is written.
  resolve(type, program) {
    let here = { type, program };
    for (let i = 0; here.type.kind === "typedef" && i < 100; ++i) {
      const target = this.definition(here.type, here.program);
      here = { type: target.node.type, program: target.program };
    }
    return here;
  }

  // Who refers to each type: methods and types, once each.
  addUses() {
    const note = (type, program, user) => {
      const used = this.definition(type, program);
      if (used && !used.uses.includes(user) && used !== user) used.uses.push(user);
      for (const part of [type.element, type.key, type.value]) if (part) note(part, program, user);
    };
    for (const method of this.methods.values()) {
      note(method.node.returns, method.program, method);
      for (const field of [...method.node.arguments, ...method.node.exceptions]) note(field.type, method.program, method);
    }
    for (const user of this.types.values()) {
      if (user.node.type) note(user.node.type, user.program, user);
      for (const field of user.node.fields ?? []) note(field.type, user.program, user);
    }
  }
}

// The JSON Schema of a type, which the gateway knows by the name that the IDL itself has for it: what is
// included by what is included has none.
export function schemaOf({ program, name }) {
  const [first] = program.idl.programs;
  const direct = first.includes.some((i) => program.idl.programs[i] === program);
  if (program !== first && !direct) return undefined;
  return `schema/${encodeURIComponent(program === first ? name : `${program.name}.${name}`)}.json`;
}

export function linkToMethod(method, body) {
  const hash = `#/call/${encodeURIComponent(method.service.name)}/${encodeURIComponent(method.name)}`;
  return body === undefined ? hash : `${hash}?body=${encodeURIComponent(body)}`;
}
export const linkToService = (service) => `#/service/${encodeURIComponent(service.name)}`;
export const linkToType = (type) => `#/${type.kind === "const" ? "constant" : "type"}/${encodeURIComponent(type.id)}`;
