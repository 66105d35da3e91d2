#!/usr/bin/env python3
"""Installs the build into a fresh folder and looks at what is there: all our headers, and nothing in
the places that Apache's packages own (include/thrift, libthrift, thrift.pc, bin/thrift)."""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys

APACHE = re.compile(r"^(include/thrift/|(.*/)?libthrift(?!pp)|(.*/)?thrift(-\w+)?\.pc$|bin/thrift$)")
OURS = re.compile(r"^(include/thriftpp/|lib/.*thriftpp|bin/thriftpp$|share/.*thriftpp)")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("cmake", "build", "prefix", "include"):
        parser.add_argument(f"--{option}", required=True)
    options = parser.parse_args()

    prefix = pathlib.Path(options.prefix)
    shutil.rmtree(prefix, ignore_errors=True)
    subprocess.run([options.cmake, "--install", options.build, "--prefix", prefix], check=True,
                   stdout=subprocess.DEVNULL)
    installed = {p.relative_to(prefix).as_posix() for p in prefix.rglob("*") if not p.is_dir()}
    headers = {"include/" + p.relative_to(options.include).as_posix()
               for p in pathlib.Path(options.include).rglob("*.hpp")}

    problems = [f"not installed: {name}" for name in sorted(headers - installed)]
    problems += [f"Apache's own place: {name}" for name in sorted(installed) if APACHE.match(name)]
    problems += [f"not called thriftpp: {name}" for name in sorted(installed) if not OURS.match(name)]
    for text in (prefix / n for n in installed if n.endswith((".cmake", ".pc"))):
        if options.build in text.read_text(encoding="utf-8"):
            problems.append(f"names the build folder: {text.relative_to(prefix)}")
    print("\n".join(sorted(installed) + problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
