"""What the lints share: which files there are, and how a finding is reported."""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys


def files(root, *tops):
    """The project's files under the folders `tops` (all of them where none is named), sorted and
    relative to `root`: what git knows or would add, or, outside of a checkout, what lies there."""
    root = pathlib.Path(root)
    names = None
    if (root / ".git").exists() and shutil.which("git"):
        listing = subprocess.run(
            ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            capture_output=True, text=True)
        if listing.returncode == 0:
            names = [name for name in listing.stdout.split("\0") if name]
    if names is None:
        names = []
        for folder, folders, here in os.walk(root):
            folders[:] = [f for f in folders
                          if f not in ("build", ".git", ".cache", "node_modules", "__pycache__")]
            names += [os.path.relpath(os.path.join(folder, name), root) for name in here]
    return sorted(pathlib.PurePosixPath(name) for name in set(names)
                  if (not tops or name.split("/", 1)[0] in tops) and (root / name).is_file())


def run(check, description):
    """Runs `check(root)`, which returns findings as "path:line: text"; the exit status tells."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[2])
    findings = check(parser.parse_args().root)
    for finding in findings:
        print(finding)
    print(f"{len(findings)} finding{'' if len(findings) == 1 else 's'}")
    sys.exit(1 if findings else 0)
