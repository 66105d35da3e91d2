#!/usr/bin/env python3
"""check and describe: the samples are clean, mistakes are told in each format and in colour."""

import json
import os
import pathlib
import pty
import subprocess
import tempfile

import harness
from harness import SAMPLES, THRIFTPP, run

BROKEN = "struct User { 1: Strng name }\n"
PLACE = "broken.thrift:1:18: error: unknown type `Strng`"


class Check(harness.Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "broken.thrift"
        self.file.write_text(BROKEN)

    def test_the_samples_are_clean(self):
        samples = sorted(SAMPLES.glob("*.thrift"))
        self.assertGreaterEqual(len(samples), 4)
        ran = self.succeeds("check", *samples)
        self.assertEqual((ran.out, ran.err), ("", ""))

    def test_mistakes_go_to_standard_error_as_text(self):
        ran = run("check", self.file, SAMPLES / "user.thrift")
        self.assertEqual((ran.code, ran.out), (1, ""))
        self.assertIn(PLACE, ran.err)
        self.assertNotIn("\x1b", ran.err)

    def test_other_formats_go_to_standard_output(self):
        ran = run("check", self.file, "--format", "json")
        self.assertEqual((ran.code, ran.err), (1, ""))
        self.assertIn("Strng", json.dumps(json.loads(ran.out)))
        ran = run("check", self.file, "--format", "github")
        self.assertEqual((ran.code, ran.err), (1, ""))
        self.assertTrue(ran.out.startswith("::error "), ran)

    def test_a_folder_is_all_files_below_it(self):
        inner = self.file.parent / "inner"
        inner.mkdir()
        (inner / "other.thrift").write_text("const i32 A = x\n")
        (inner / "notes.txt").write_text("no Thrift")
        ran = run("check", self.file.parent)
        self.assertEqual((ran.code, ran.out), (1, ""))
        self.assertIn(PLACE, ran.err)
        self.assertIn("other.thrift:1:15: error: no constant", ran.err)
        self.assertNotIn("notes", ran.err)
        self.assertEqual(self.succeeds("check", SAMPLES).err, "")
        empty = inner / "empty"
        empty.mkdir()
        self.fails(1, "holds no .thrift file", "check", empty)

    def test_reading_can_be_confined_to_folders(self):
        inner = self.file.parent / "inner"
        inner.mkdir()
        (inner / "a.thrift").write_text('include "../b.thrift"\nstruct A { 1: b.B b }\n')
        (self.file.parent / "b.thrift").write_text("struct B {}\n")
        for verb in (["check"], ["describe"], ["decode", "A"]):
            ran = run(verb[0], "--root", inner, inner / "a.thrift", *verb[1:])
            self.assertEqual((ran.code, ran.out), (1, ""))
            self.assertIn("a.thrift:1:9: error: ", ran.err)
            self.assertIn("[outside-roots]", ran.err)
        self.succeeds("check", "--root", inner, "--root", self.file.parent, inner / "a.thrift")

    def test_a_file_that_is_not_there_is_a_mistake(self):
        self.fails(1, "does not exist", "check", "no.thrift")
        self.fails(1, "does not exist", "describe", "no.thrift")

    def test_other_verbs_show_the_mistakes_too(self):
        ran = run("decode", self.file, "User")
        self.assertEqual((ran.code, ran.out), (1, ""))
        self.assertIn(PLACE, ran.err)

    def on_terminal(self, **env):
        try:
            master, slave = pty.openpty()
        except OSError:
            self.skipTest("no pseudo-terminals")  # as in a root without /dev/pts
        with subprocess.Popen([THRIFTPP, "check", self.file], stderr=slave,
                              env={**os.environ, **env}):
            os.close(slave)
            seen = b""
            try:
                while some := os.read(master, 4096):
                    seen += some
            except OSError:
                pass  # how a terminal whose other end is closed says so
        os.close(master)
        return seen

    def test_a_terminal_gets_colours_unless_told_otherwise(self):
        self.assertIn(b"\x1b[", self.on_terminal(NO_COLOR=""))
        plain = self.on_terminal(NO_COLOR="1")
        self.assertNotIn(b"\x1b[", plain)
        self.assertIn(b"unknown type `Strng`", plain)


class Describe(harness.Case):
    def test_a_listing_and_one_definition(self):
        listing = self.succeeds("describe", SAMPLES / "shop.thrift").out
        for part in ("service Shop", "union Payment", "MAX_LINES", "shop as its customers"):
            self.assertIn(part, listing)
        one = self.succeeds("describe", SAMPLES / "shop.thrift", "Product").out
        self.assertIn("4: Category category = Category.OTHER", one)
        self.fails(1, "`Prodct`; did you mean `Product`?", "describe", SAMPLES / "shop.thrift",
                   "Prodct")

    def test_the_json_formats_are_json(self):
        for form in ("json", "apache-json"):
            for sample in sorted(SAMPLES.glob("*.thrift")):
                with self.subTest(form, sample=sample.name):
                    ran = self.succeeds("describe", sample, "--format", form)
                    self.assertIn(sample.stem, ran.out)
                    json.loads(ran.out)
        self.fails(2, "NAME goes with `--format text` only", "describe", SAMPLES / "user.thrift",
                   "User", "--format", "json")


if __name__ == "__main__":
    harness.main()
