"""What the tests of the command share: running it, servers, and a summary that tests/tally.py reads.

Each test script is run by ctest with `--bin FOLDER --source FOLDER --shared FOLDER`.
"""

import argparse
import pathlib
import re
import signal
import subprocess
import sys
import unittest

parser = argparse.ArgumentParser()
parser.add_argument("--bin", type=pathlib.Path, required=True)
parser.add_argument("--source", type=pathlib.Path, required=True)
parser.add_argument("--shared", type=pathlib.Path, required=True)
arguments, rest = parser.parse_known_args()

THRIFTPP = arguments.bin / "thriftpp"
SAMPLES = arguments.source / "idl_samples"
SHARED = arguments.shared
LIMIT = 60  # seconds that one command may take: for what hangs, not for what is slow


class Ran:
    """What a command left behind."""

    def __init__(self, code, out, err):
        self.code = code
        self.bytes = out
        self.out = out.decode("utf-8", "replace")
        self.err = err.decode("utf-8", "replace")

    def __repr__(self):
        return f"exit {self.code}\nstdout: {self.out[:2000]}\nstderr: {self.err[:2000]}"


def run(*words, stdin=b"", env=None):
    if isinstance(stdin, str):
        stdin = stdin.encode()
    done = subprocess.run([THRIFTPP, *words], input=stdin, capture_output=True, timeout=LIMIT,
                          check=False, env=env)
    return Ran(done.returncode, done.stdout, done.stderr)


class Serving:
    """`with Serving(FILE, SERVICE, ...) as url:` a `thriftpp serve` on a free port of loopback."""

    def __init__(self, file, service, *more, listen="tcp://127.0.0.1:0"):
        self.command = [THRIFTPP, "serve", file, service, "--listen", listen, *more]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        line = ""
        self.earlier = []  # what it said first: it answers as soon as it listens
        for line in self.process.stderr:
            started = re.match(r"listening on (\S+)$", line)
            if started:
                self.url = started.group(1)
                return self
            self.earlier.append(line)
        raise AssertionError(f"the server did not start: {line}")

    def stop(self, how=signal.SIGTERM):
        """The exit code, and what it wrote to standard error since it started."""
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=LIMIT)
        assert out == "", out
        return self.process.returncode, err

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


class Case(unittest.TestCase):
    maxDiff = 2000

    def succeeds(self, *words, stdin=b"", env=None):
        ran = run(*words, stdin=stdin, env=env)
        self.assertEqual(ran.code, 0, ran)
        return ran

    def fails(self, code, message, *words, stdin=b"", env=None):
        """It ends with that code, says that on standard error in one line, and prints nothing."""
        ran = run(*words, stdin=stdin, env=env)
        self.assertEqual(ran.code, code, ran)
        self.assertIn(message, ran.err, ran)
        self.assertEqual(ran.out, "", ran)
        self.assertEqual(ran.err.count("\n"), 1, ran)
        return ran


def main():
    program = unittest.main(argv=[sys.argv[0], *rest], exit=False)
    result = program.result
    # A test fails once, however many of its subtests do.
    failed = len({getattr(case, "test_case", case).id()
                  for case, _ in result.failures + result.errors})
    for case, reason in result.skipped:
        print(f"skipped: tool.{case.id().split('.', 1)[1]} ({reason})")
    # tally.py takes the skipped ones off itself
    passed = result.testsRun - failed
    print(f"test cases: {result.testsRun} | {passed} passed | {failed} failed | 0 skipped")
    sys.exit(1 if failed else 0)
