#!/usr/bin/env python3
"""The form of the sources: ASCII, no tabs, a final newline, no blanks at line ends, no file that is
too long, no path of somebody's machine.

Looked at is what people write: C++, CMake, Python and shell. Data (.thrift, .json, bytes) is as odd
as its purpose wants, and prose may hold any letter.
"""

import re

import common

CODE = {".hpp", ".cpp", ".h", ".ipp", ".inc", ".py", ".sh", ".cmake", ".in"}
PROSE = {".md", ".txt"}
LIMIT = 600  # lines, outside of tests

# path -> why it may be longer than LIMIT
LONG = {
}

MACHINE_PATH = re.compile(r"(?<![\w.$}/-])/(?:home|root|work|Users)/[\w.-]+")


def is_script(data):
    return data.startswith(b"#!") and b"\0" not in data


def check(root):
    findings = []
    for path in common.files(root):
        data = (root / path).read_bytes()
        code = path.suffix in CODE or path.name == "CMakeLists.txt" or is_script(data)
        if not code and path.suffix not in PROSE:
            continue
        if path.parts[0] == "tests" and {"data", "corpus", "golden"} & set(path.parts):
            continue
        lines = data.split(b"\n")
        if data and lines.pop() != b"":
            findings.append(f"{path}:{len(lines) + 1}: no newline at the end of the file")
        for number, line in enumerate(lines, 1):
            where = f"{path}:{number}:"
            machine = MACHINE_PATH.search(line.decode("utf-8", "replace"))
            if machine:
                findings.append(f"{where} a path of one machine: {machine.group()}")
            if not code:
                continue
            if not line.isascii():
                odd = next(c for c in line.decode("utf-8", "replace") if not c.isascii())
                findings.append(f"{where} a character outside ASCII: U+{ord(odd):04X}")
            if b"\t" in line:
                findings.append(f"{where} a tab")
            if line.endswith((b" ", b"\r")):
                findings.append(f"{where} blanks or a carriage return at the end of the line")
        if code and path.parts[0] != "tests" and len(lines) > LIMIT and str(path) not in LONG:
            findings.append(f"{path}:{LIMIT + 1}: {len(lines)} lines, over {LIMIT}: split it")
    return findings


if __name__ == "__main__":
    common.run(check, __doc__)
