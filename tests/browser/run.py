#!/usr/bin/env python3
"""run.py modules: the page's modules that need no browser, in node.
run.py page --bin FOLDER --build FOLDER [--pictures FOLDER] [--url URL]: the page in headless Chromium,
served by `thriftpp gateway` with `thriftpp serve` behind it (or by whoever is at URL). Runs where
THRIFTPP_TEST_ALL is set, or --pictures, where screenshots go, or --url. Without Chromium, node or what npm
gives it says so and is skipped.
"""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import npm

SAMPLES = HERE.parent.parent / "idl_samples"
PACKAGES = {"playwright-core": "1.65.1", "axe-core": "4.14.1"}


def skip(reason):
    print(f"skipped: browser.{args.what} ({reason})")
    sys.exit(0)


@contextlib.contextmanager
def running(*command):
    """The URL that a server says it listens on."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        said = []
        for line in process.stderr:
            said.append(line)
            found = re.search(r"listening on (\S+)", line)
            if found:
                yield found.group(1)
                return
        raise AssertionError(f"{command[1]} did not start: {''.join(said)[-2000:]}")
    finally:
        process.terminate()
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def gateway(stack, idl, service, replies, *more):
    """The URL of a gateway in front of a server that answers with `replies`."""
    thriftpp = args.bin / "thriftpp"
    upstream = stack.enter_context(running(
        thriftpp, "serve", idl, service, "--listen", "tcp://127.0.0.1:0", "--replies", replies))
    return stack.enter_context(running(
        thriftpp, "gateway", idl, "--upstream", f"{service}={upstream}", "--listen", "http://127.0.0.1:0", *more))


def page(url, guarded="", changing="", idl=""):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        skip("no chromium")
    folder = npm.install(args.build / "npm", PACKAGES)
    if folder is None:
        skip("no node, or npm cannot install playwright-core and axe-core")
    environment = dict(os.environ, BROWSER=chromium, URL=url, GUARDED=guarded, CHANGING=changing, IDL=str(idl),
                       PICTURES=str(args.pictures or ""))
    return subprocess.run(["node", HERE / "page.mjs"], cwd=folder, env=environment, check=False,
                          timeout=880).returncode


def main():
    if args.what == "modules":
        if shutil.which("node") is None:
            skip("no node")
        return subprocess.run(["node", HERE / "modules.mjs"], check=False, timeout=100).returncode
    if args.url:
        return page(args.url)
    if not os.environ.get("THRIFTPP_TEST_ALL") and not args.pictures:
        skip("runs with tests/run --all")
    tokens = args.build / "tokens.txt"
    tokens.parent.mkdir(parents=True, exist_ok=True)
    tokens.write_text("sesame\n")
    with contextlib.ExitStack() as stack:
        url = gateway(stack, SAMPLES / "shop.thrift", "Shop", HERE / "replies.json")
        guarded = gateway(stack, HERE.parent / "gateway/annotated.thrift", "Annotated",
                          HERE / "annotated_replies.json", "--token-file", tokens)
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name in ("shop.thrift", "shared.thrift"):
            shutil.copy(SAMPLES / name, folder)
        idl = folder / "shop.thrift"
        changing = gateway(stack, idl, "Shop", HERE / "replies.json", "--watch", "--watch-interval", "50ms")
        return page(url, guarded, changing, idl)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("what", choices=("modules", "page"))
parser.add_argument("--bin", type=pathlib.Path)
parser.add_argument("--build", type=pathlib.Path)
parser.add_argument("--pictures", type=pathlib.Path)
parser.add_argument("--url")
args = parser.parse_args()
sys.exit(main())
