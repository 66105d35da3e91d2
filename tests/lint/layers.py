#!/usr/bin/env python3
"""Includes point down the table of layers, and third-party headers stay where they belong.

The table is layers.txt beside this script. Checked are include/, src/ and tools/; the public headers
more strictly: their whole closure holds nothing but our own public headers and C++'s, save for the
opt-in ones.
"""

import pathlib
import posixpath
import re

import common

INCLUDE = re.compile(r'^\s*#\s*include\s+(.*\S)')
NAME = re.compile(r'^(?:<([^>]+)>|"([^"]+)")')
SOURCES = (".hpp", ".cpp", ".h", ".ipp", ".inc")
TABLE = pathlib.Path(__file__).with_name("layers.txt")


class Table:
    """layers.txt, read."""

    def __init__(self, text):
        self.may_include = {}  # layer -> all layers it may include, itself among them
        self.libraries = {}    # prefix of a header's name -> folders
        self.system = []       # prefixes
        self.opt_in = {}       # public header -> prefixes
        section = None
        for line in text.splitlines():
            words = line.split("#", 1)[0].split()
            if not words:
                continue
            if words[0].startswith("["):
                section = words[0].strip("[]")
            elif section == "layers":
                below = [] if words[1:] == ["-"] else words[1:]
                # A layer stands below those that it may include, so this cannot be a circle.
                self.may_include[words[0]] = {words[0]}.union(
                    *(self.may_include[layer] for layer in below))
            elif section == "libraries":
                folders = [w for w in words if w == "tools" or w.startswith("src/")]
                for prefix in words[:len(words) - len(folders)]:
                    self.libraries[prefix] = folders
            elif section == "system":
                self.system += words
            elif section == "opt-in":
                self.opt_in[words[0]] = words[1:]


def is_cpp_standard(name):
    return re.fullmatch(r"[a-z_0-9]+", name) is not None


def layer_of(path, table):
    """(kind, layer): kind is public, private or tools; layer None = at the top of its folder."""
    parts = path.parts
    if parts[0] == "tools":
        return "tools", None
    kind, depth = ("public", 2) if parts[:2] == ("include", "thriftpp") else ("private", 1)
    return kind, parts[depth] if len(parts) > depth + 1 else None


def check_include(path, spelled, table, known):
    """Why `path` may not include what `spelled` says, or None."""
    match = NAME.match(spelled)
    if not match:
        return f"the included name `{spelled}` is computed, which no one can check"
    angled, quoted = match.groups()
    name = angled or quoted
    kind, layer = layer_of(path, table)
    reach = table.may_include.get(layer, set(table.may_include))

    if quoted:
        if kind == "public":
            return f"public headers are included as <thriftpp/...>, not \"{name}\""
        beside = posixpath.normpath(str(path.parent / name))
        target = next((t for t in (beside, "src/" + name) if t in known), None)
        if target is None:
            return f"\"{name}\" is neither beside the file nor in src"
        if kind == "tools":
            return None if target.startswith("tools/") else \
                f"tools may use public headers only, not {target}"
        target_layer = target.split("/")[1]
        return None if target_layer in reach else \
            f"layer {layer} may not include layer {target_layer} ({target})"

    if name.startswith("thriftpp/"):
        if "include/" + name not in known:
            return f"there is no public header <{name}>"
        target_layer = name.split("/")[1] if name.count("/") > 1 else None
        if target_layer is None:
            return None if layer is None else \
                f"layer {layer} may not include <{name}>, which is above all layers"
        if target_layer not in table.may_include:
            return f"layer {target_layer} is not in {TABLE.name}"
        return None if target_layer in reach else \
            f"layer {layer} may not include layer {target_layer} (<{name}>)"

    if is_cpp_standard(name):
        return None
    if kind == "public":
        shown = table.opt_in.get("/".join(path.parts[1:]), [])
        return None if name.startswith(tuple(shown)) else \
            f"a public header may not show <{name}>"
    if name.startswith(tuple(table.system)):
        return None
    for prefix, folders in table.libraries.items():
        if name.startswith(prefix):
            here = [str(folder) for folder in path.parents]
            return None if any(folder in here for folder in folders) else \
                f"<{name}> belongs in {', '.join(folders)} only"
    return f"<{name}> is not in {TABLE.name}"


def check(root):
    table = Table(TABLE.read_text(encoding="ascii"))
    sources = [p for p in common.files(root, "include", "src", "tools") if p.suffix in SOURCES]
    known = {str(p) for p in sources}
    findings = []
    for path in sources:
        kind, layer = layer_of(path, table)
        if layer is not None and layer not in table.may_include:
            findings.append(f"{path}:1: layer {layer} is not in {TABLE.name}")
            continue
        text = (root / path).read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            include = INCLUDE.match(line)
            problem = include and check_include(path, include.group(1), table, known)
            if problem:
                findings.append(f"{path}:{number}: {problem}")
    findings += check_umbrella(root, table)
    return findings


def check_umbrella(root, table):
    """The umbrella header leaves the opt-in headers out, over whatever way."""
    top = root / "include"
    seen, waiting = set(), ["thriftpp/thriftpp.hpp"]
    while waiting:
        name = waiting.pop()
        if name not in seen and (top / name).exists():
            seen.add(name)
            waiting += re.findall(r"^\s*#\s*include\s+<(thriftpp/[^>]+)>",
                                  (top / name).read_text(encoding="utf-8"), re.M)
    return [f"include/{name}:1: the umbrella header includes this one, which is opt-in"
            for name in sorted(seen & set(table.opt_in))]


if __name__ == "__main__":
    common.run(check, __doc__)
