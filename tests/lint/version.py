#!/usr/bin/env python3
"""The version is the same in the change log, in the macros and in CMake's project()."""

import re

import common


def check(root):
    places = {
        "CHANGELOG.md": r"^## \[(\d+\.\d+\.\d+)\]",
        "CMakeLists.txt": r"^project\(thriftpp VERSION (\d+\.\d+\.\d+)",
    }
    versions = {}
    for name, pattern in places.items():
        text = (root / name).read_text(encoding="utf-8") if (root / name).exists() else ""
        match = re.search(pattern, text, re.M)
        versions[name] = match.group(1) if match else "none"
    header = "include/thriftpp/base/export.hpp"
    text = (root / header).read_text(encoding="utf-8")
    macros = dict(re.findall(r"^#define THRIFTPP_VERSION_(MAJOR|MINOR|PATCH) (\d+)$", text, re.M))
    versions[header] = ".".join(macros.get(part, "?") for part in ("MAJOR", "MINOR", "PATCH"))
    if len(set(versions.values())) == 1 and "none" not in versions.values():
        return []
    return [f"{name}:1: says version {version}" for name, version in versions.items()]


if __name__ == "__main__":
    common.run(check, __doc__)
