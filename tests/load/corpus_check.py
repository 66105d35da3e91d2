"""Runs ../shared/idl_check.py, which holds the command against Apache's compiler.

  corpus_check.py THRIFTPP SHARED_DIR cases|corpus [crlf|bom|comments]

Passes, and says so, where SHARED_DIR is not there.
"""

import os
import subprocess
import sys


def main():
    tool, shared, what = sys.argv[1:4]
    checker = os.path.join(shared, "idl_check.py")
    data = os.path.join(shared, "idl-cases/cases.json" if what == "cases" else "corpus")
    if not os.path.exists(checker) or not os.path.exists(data):
        print(f"skipped: load.{'.'.join(sys.argv[3:])} (no ../shared)")
        return 0
    transform = ["--transform", sys.argv[4]] if len(sys.argv) > 4 else []
    return subprocess.run([sys.executable, checker, what, tool, data, *transform, "-v"]).returncode


sys.exit(main())
