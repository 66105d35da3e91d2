"""Packages of npm that a test needs, in a folder of the build, fetched once."""

import json
import pathlib
import shutil
import subprocess


def install(folder, packages):
    """The folder whose node_modules has `packages` ({name: version}); None where there is no node, or
    npm cannot fetch them."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return None
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = json.dumps({"private": True, "dependencies": packages}, sort_keys=True)
    done = folder / "installed.json"
    if done.exists() and done.read_text() == wanted:
        return folder
    (folder / "package.json").write_text(wanted)
    npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        subprocess.run(npm, cwd=folder, check=True, capture_output=True, timeout=280)
    except (OSError, subprocess.SubprocessError):
        return None
    done.write_text(wanted)
    return folder
