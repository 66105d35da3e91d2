"""Packages of npm, fetched by the test that needs them, once a build folder."""

import os
import pathlib
import shutil
import signal
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
INSTALL_SECONDS = 600  # a slow registry; else it takes a moment
SECONDS = 60


def why_not(name, folder):
    """Why the packages that NAME/package.json asks for cannot be had; None where they are in `folder`."""
    if not os.environ.get("THRIFTPP_TEST_ALL"):
        return "fetches from npm; tests/run --all runs it"
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "no nodejs and npm"
    wanted = HERE / name / "package.json"
    # npm writes it last, so that one that was broken off begins anew
    done = folder / "node_modules/.package-lock.json"
    if done.exists() and (folder / "package.json").read_text() == wanted.read_text():
        return None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(wanted, folder)
    status, output = ends(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix",
                           str(folder)], INSTALL_SECONDS)
    if status == 0 and done.exists():
        return None
    print(output)
    return "npm cannot install what %s/package.json asks for" % name


def node(script, folder, *words):
    """Runs a script with the packages in `folder`: its exit code, and what it wrote."""
    return ends(["node", str(HERE / script), *map(str, words)], SECONDS,
                dict(os.environ, NODE_PATH=str(folder / "node_modules")))


def ends(command, seconds, environment=None):
    """The exit code, or None where it took too long and was ended with all that it started."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, env=environment,
                               start_new_session=True)
    try:
        output, _ = process.communicate(timeout=seconds)
        return process.returncode, output
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        return None, output + "\n(no end)"
