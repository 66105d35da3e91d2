#!/usr/bin/env python3
"""usage: tally.py FOLDER: sums up what a run of tests/run left in FOLDER.

Read are ctest's JUnit files, NAME.xml, and steps.txt, whose lines are "passed NAME", "failed NAME" or
"unsuccessful NAME" (ctest ended with an error; NAME.xml has to say why).

Each ctest case counts once, unless it prints doctest's summary line
`test cases: 19 | 18 passed | 1 failed | 0 skipped`, which a script that is many tests in one may
print as well: then its cases count. Whoever cannot run for want of something prints the line
`skipped: NAME (reason)`, alone or as a doctest MESSAGE, and counts as skipped and not as passed.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree

SUMMARY = re.compile(r"test cases:\s*(\d+)\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed")
SKIPPED = re.compile(r"^(?:.*MESSAGE: )?skipped: (.*\S)\s*$", re.M)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = []   # (name, how many)
        self.skipped = []  # lines

    def add_case(self, build, case):
        """One <testcase> of ctest's report."""
        name = f"{build}/{case.get('name')}"
        text = COLOUR.sub("", case.findtext("system-out") or "")
        skips = sorted(set(SKIPPED.findall(text)))
        self.skipped += [f"{skip} [{build}]" for skip in skips]
        if case.get("status") == "disabled":
            self.skipped.append(f"{case.get('name')} (disabled) [{build}]")
            return
        good = case.get("status") == "run"
        passed, failed = (1, 0) if good else (0, 1)
        summaries = SUMMARY.findall(text)
        if summaries:
            passed = sum(int(s[1]) for s in summaries)
            # A crash behind the summary, or one that left none for its case, is a failure too.
            failed = max(sum(int(s[2]) for s in summaries), 0 if good else 1)
        self.passed += max(passed - len(skips), 0)
        if failed:
            self.failed.append((name, failed))

    def read(self, folder):
        reports = {}
        for path in sorted(folder.glob("*.xml")):
            try:
                reports[path.stem] = xml.etree.ElementTree.parse(path).getroot()
            except xml.etree.ElementTree.ParseError as error:
                self.failed.append((f"{path.name}: {error}", 1))
        for build, suite in reports.items():
            for case in suite.iter("testcase"):
                self.add_case(build, case)
        steps = folder / "steps.txt"
        for line in steps.read_text(encoding="utf-8").splitlines() if steps.exists() else []:
            verdict, name = line.split(" ", 1)
            if verdict == "passed":
                self.passed += 1
            elif verdict == "failed":
                self.failed.append((name, 1))
            elif not any(failure.startswith(name + "/") for failure, _ in self.failed):
                self.failed.append((f"{name}: ctest failed and reports no failing test", 1))

    def show(self):
        for skip in self.skipped:
            print(f"skipped: {skip}")
        for name, count in self.failed:
            print(f"failed: {name}" + (f" ({count} cases)" if count > 1 else ""))
        failures = sum(count for _, count in self.failed)
        print(f"{self.passed} passed, {failures} failed, {len(self.skipped)} skipped")
        return 1 if failures or not self.passed else 0


if __name__ == "__main__":
    tally = Tally()
    tally.read(pathlib.Path(sys.argv[1]))
    sys.exit(tally.show())
