#!/usr/bin/env python3
"""tally.py counts what ctest reports: nothing that failed may pass for something else."""

import pathlib
import tempfile
import unittest

import tally

CASE = '<testcase name="{}" status="{}"><system-out>{}</system-out></testcase>'
SUMMARY = "[doctest] test cases:  {} | {} passed | {} failed | 0 skipped"


class TallyTest(unittest.TestCase):
    def tally(self, *cases, steps=""):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            if cases:
                text = "".join(CASE.format(*case) for case in cases)
                (folder / "release.xml").write_text(f"<testsuite>{text}</testsuite>")
            (folder / "steps.txt").write_text(steps)
            counted = tally.Tally()
            counted.read(folder)
            return (counted.passed, sum(n for _, n in counted.failed), counted.skipped)

    def test_a_case_counts_once(self):
        self.assertEqual(self.tally(("a", "run", ""), ("b", "fail", "")), (1, 1, []))

    def test_doctest_cases_count_each(self):
        self.assertEqual(self.tally(("a", "run", SUMMARY.format(19, 19, 0))), (19, 0, []))
        self.assertEqual(self.tally(("a", "fail", SUMMARY.format(19, 17, 2))), (17, 2, []))

    def test_a_crash_is_a_failure_with_and_without_a_summary(self):
        self.assertEqual(self.tally(("a", "fail", "Segmentation fault")), (0, 1, []))
        self.assertEqual(self.tally(("a", "fail", SUMMARY.format(3, 3, 0) + "\nleak")), (3, 1, []))

    def test_a_test_that_did_not_run_is_a_failure(self):
        self.assertEqual(self.tally(("a", "notrun", "")), (0, 1, []))

    def test_skips_are_named_and_not_passed(self):
        text = "x.cpp:3: MESSAGE: skipped: real (no ../shared)\n" + SUMMARY.format(3, 3, 0)
        self.assertEqual(self.tally(("a", "run", text)),
                         (2, 0, ["real (no ../shared) [release]"]))
        self.assertEqual(self.tally(("a", "run", "skipped: node (no npm)\n")),
                         (0, 0, ["node (no npm) [release]"]))

    def test_colours_do_not_matter(self):
        self.assertEqual(tally.COLOUR.sub("", "\x1b[0;32m4 passed\x1b[0m"), "4 passed")

    def test_steps(self):
        self.assertEqual(self.tally(steps="failed build-asan\npassed bench\n"), (1, 1, []))
        # ctest's own verdict does not count twice, and is not lost where the report shows nothing
        self.assertEqual(self.tally(("a", "fail", ""), steps="unsuccessful release\n"), (0, 1, []))
        self.assertEqual(self.tally(("a", "run", ""), steps="unsuccessful release\n"), (1, 1, []))
        self.assertEqual(self.tally(steps="unsuccessful release\n"), (0, 1, []))


if __name__ == "__main__":
    unittest.main(verbosity=0)
