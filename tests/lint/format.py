#!/usr/bin/env python3
"""The C++ sources are as clang-format writes them; with one version, for versions differ."""

import shutil
import subprocess

import common

TOOL = "clang-format-19"


def check(root):
    sources = [str(root / p) for p in common.files(root, "include", "src", "tools", "tests")
               if p.suffix in (".hpp", ".cpp")]
    if not sources:
        return []
    result = subprocess.run([TOOL, "--dry-run", "-Werror", "--style=file", *sources],
                            capture_output=True, text=True)
    return [line.replace(f"{root}/", "") for line in result.stderr.splitlines()
            if ": error: " in line] or ([result.stderr] if result.returncode else [])


if __name__ == "__main__":
    if shutil.which(TOOL):
        common.run(check, __doc__)
    else:
        print(f"skipped: lint.format (no {TOOL})")
