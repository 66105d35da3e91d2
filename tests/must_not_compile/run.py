#!/usr/bin/env python3
"""Checks that what must not compile does not, and for the reason that was meant.

usage: run.py --state FILE SOURCE -- COMPILER FLAG...

SOURCE is an ordinary C++ file in which each bad line stands behind a switch of its own. The switch
names the mistake, and the comment behind it holds a regular expression for the compiler's message:

    #ifdef COPY_OF_A_BUFFER  // error: use of deleted function|call to deleted constructor
      const thrift::Buffer copy = buffer;
    #endif

With no switch on, the file must compile: so a failure below is the bad line's doing and not that of
a missing include. With each switch on in turn it must fail, and the message must match. Both g++
and clang have to say something that matches, hence the `|`.

FILE remembers what was checked (a hash over the compiler, its flags and the project's files that
SOURCE includes), so that a second run with nothing changed costs nothing.
"""

import argparse
import hashlib
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

SWITCH = re.compile(r"^\s*#\s*ifdef\s+([A-Z][A-Z0-9_]*)\s*(?://\s*error:\s*(.*\S))?\s*$", re.M)


def compile_with(command, source, *more):
    return subprocess.run([*command, "-fsyntax-only", *more, source], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, errors="replace")


def precompiled(command, source, folder):
    """The command with SOURCE's includes, which come first in it, read already."""
    includes = pathlib.Path(folder) / "includes.hpp"
    lines = pathlib.Path(source).read_text(encoding="utf-8").splitlines()
    includes.write_text("".join(line + "\n" for line in lines if line.startswith("#include")),
                        encoding="utf-8")
    done = subprocess.run([*command, "-x", "c++-header", includes, "-o", f"{includes}.gch"],
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return [*command, "-include", str(includes)] if done.returncode == 0 else command


def fingerprint(command, source):
    """A hash that changes when the outcome may, or None where the source does not preprocess."""
    listing = subprocess.run([*command, "-MM", source], capture_output=True, text=True)
    version = subprocess.run([command[0], "--version"], capture_output=True, text=True)
    if listing.returncode != 0:
        return None
    digest = hashlib.sha256(repr((command, version.stdout)).encode())
    # The list is "name.o: a.cpp b.hpp", continued over lines by backslashes, which escape blanks too.
    # An include behind a switch is not in the list, so the text of the script and of the source
    # (which is) has to be enough: includes do not belong behind a switch.
    listed = shlex.split(listing.stdout.split(":", 1)[1].replace("\\\n", " "))
    for name in [__file__, *listed]:
        digest.update(pathlib.Path(name).read_bytes() + b"\0")
    return digest.hexdigest()


def check(command, source):
    text = pathlib.Path(source).read_text(encoding="utf-8")
    switches = SWITCH.findall(text)
    if not switches:
        return [f"{source}: holds no `#ifdef SWITCH  // error: REGEX`"]
    with tempfile.TemporaryDirectory() as folder:
        return check_each(precompiled(command, source, folder), source, switches)


def check_each(command, source, switches):
    good = compile_with(command, source)
    if good.returncode != 0:
        return [f"{source}: must compile while no switch is on\n{good.stderr}"]
    problems = []
    for name, pattern in switches:
        if not pattern:
            problems.append(f"{source}: switch {name} says no `// error: REGEX`")
            continue
        bad = compile_with(command, source, f"-D{name}")
        if bad.returncode == 0:
            problems.append(f"{source}: compiles with {name} on, and must not")
        elif not re.search(pattern, bad.stderr):
            problems.append(f"{source}: with {name} on, no message matches /{pattern}/\n{bad.stderr}")
        else:
            print(f"ok: {name}")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--state", type=pathlib.Path, required=True)
    parser.add_argument("source")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()

    now = fingerprint(options.command, options.source)
    if now and options.state.exists() and options.state.read_text(encoding="ascii") == now:
        print("ok: nothing has changed since this was last checked")
        return 0
    problems = check(options.command, options.source)
    for problem in problems:
        print(problem)
    if problems or now is None:
        options.state.unlink(missing_ok=True)
        return 1
    options.state.write_text(now, encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
