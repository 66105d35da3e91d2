"""Holds `thriftpp describe --format json` against src/load/describe.schema.json.

  describe_schema.py THRIFTPP SCHEMA SAMPLES_DIR [CORPUS_DIR]

Every file of the samples, and of the corpus that loads, must fit the schema; and the schema must
refuse what does not fit (a few texts made wrong on purpose). Python's jsonschema is not needed: this
knows the keywords that the schema uses, and complains of others.
"""

import copy
import csv
import json
import os
import subprocess
import sys

KNOWN = {"$schema", "$defs", "$ref", "title", "description", "type", "required",
         "additionalProperties", "properties", "items", "minItems", "maxItems", "minimum", "maximum",
         "enum", "const", "oneOf"}
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


def fault(schema, value, root, path="$"):
    """The first place where `value` does not fit, or None."""
    unknown = set(schema) - KNOWN
    if unknown:
        return f"{path}: the schema uses {sorted(unknown)}, which this test does not know"
    if "$ref" in schema:
        return fault(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], value, root, path)
    if "oneOf" in schema:
        fits = [s for s in schema["oneOf"] if fault(s, value, root, path) is None]
        if len(fits) != 1:
            return f"{path}: fits {len(fits)} of the alternatives: {json.dumps(value)[:200]}"
    if "const" in schema and (value != schema["const"] or type(value) is not type(schema["const"])):
        return f"{path}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{path}: {value!r} is none of {schema['enum']}"
    if "type" in schema:
        wanted = TYPES[schema["type"]]
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            return f"{path}: {value!r} is no {schema['type']}"
    if "minimum" in schema and value < schema["minimum"]:
        return f"{path}: {value} is too small"
    if "maximum" in schema and value > schema["maximum"]:
        return f"{path}: {value} is too large"
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            return f"{path}: has {len(value)} items"
        for i, item in enumerate(value):
            wrong = fault(schema.get("items", {}), item, root, f"{path}[{i}]")
            if wrong:
                return wrong
    if isinstance(value, dict) and "properties" in schema:
        for key in schema.get("required", []):
            if key not in value:
                return f"{path}: lacks {key!r}"
        for key, member in value.items():
            if key not in schema["properties"]:
                return f"{path}: has {key!r}, which the schema does not know"
            wrong = fault(schema["properties"][key], member, root, f"{path}.{key}")
            if wrong:
                return wrong
    return None


def describe(tool, cwd, include_dirs, path):
    """The described file, or None where it does not load."""
    command = [tool, "describe", "--format", "json", "--no-warnings"]
    for folder in include_dirs:
        command += ["-I", folder]
    run = subprocess.run(command + [path], cwd=cwd, capture_output=True, timeout=60)
    return json.loads(run.stdout) if run.returncode == 0 else None


def files(samples, corpus):
    for name in sorted(os.listdir(samples)):
        if name.endswith(".thrift"):
            yield samples, [], name, True
    if corpus is None or not os.path.isdir(corpus):
        print("skipped: the corpus against the schema (no ../shared)")
        return
    with open(os.path.join(corpus, "MANIFEST.tsv"), encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            folders = [d for d in row["include_dirs"].split(";") if d]
            yield os.path.join(corpus, "files"), folders, row["path"], row["want"] == "accept"


def main():
    tool, schema_file, samples = (os.path.abspath(a) for a in sys.argv[1:4])
    with open(schema_file, encoding="utf-8") as f:
        schema = json.load(f)
    faults, described, last = [], 0, None
    for cwd, folders, name, must_load in files(samples, sys.argv[4] if len(sys.argv) > 4 else None):
        value = describe(tool, cwd, folders, name)
        if value is None:
            if must_load:
                faults.append(f"{name}: does not load")
            continue
        described, last = described + 1, value
        wrong = fault(schema, value, schema)
        if wrong:
            faults.append(f"{name}: {wrong}")
    for damage in (lambda v: v.pop("version"), lambda v: v["programs"][0].update(more=1),
                   lambda v: v["programs"][0].update(includes=["x"]), lambda v: v.update(programs=[])):
        damaged = copy.deepcopy(last)
        damage(damaged)
        if fault(schema, damaged, schema) is None:
            faults.append("the schema takes a text that was made wrong")
    print("\n".join(faults[:20] + [f"{described} files described, {len(faults)} faults"]))
    return 1 if faults or described == 0 else 0


sys.exit(main())
