#!/usr/bin/env python3
"""OpenAPI documents and JSON Schemas, as validators of others see them (npm's
@seriousme/openapi-schema-validator, and ajv): the documents of the samples' services and of the
corpus, and that random values of random schemas are valid by the schemas of their types.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import npm

parser = argparse.ArgumentParser()
for name in ("program", "source", "shared", "build"):
    parser.add_argument("--" + name, type=pathlib.Path, required=True)
args, rest = parser.parse_known_args()

HERE = pathlib.Path(__file__).resolve().parent
ALL = bool(os.environ.get("THRIFTPP_TEST_ALL"))


class Documents(unittest.TestCase):
    def check(self, *words, some_do_not_load=False):
        """How many documents there were; fails with what is wrong."""
        made = subprocess.run([args.program, *words], capture_output=True, timeout=200, check=False)
        self.assertEqual(made.returncode, 0, made.stderr.decode()[-2000:])
        looked = subprocess.run(["node", HERE / "documents.mjs"], input=made.stdout, cwd=FOLDER,
                                capture_output=True, timeout=800, check=False)
        self.assertEqual(looked.returncode, 0, looked.stderr.decode()[-2000:])
        *wrong, last = looked.stdout.decode().splitlines()
        self.assertEqual(wrong, [])
        failed = made.stdout.count(b'","error":')
        self.assertLess(failed, len(words) if some_do_not_load else 1)
        return int(last.split()[0])

    def test_openapi_of_the_samples(self):
        files = sorted((args.source / "idl_samples").glob("*.thrift"))
        self.assertEqual(self.check("openapi", *files), 2 * len(files))

    def test_openapi_of_annotated_routes(self):
        self.assertEqual(self.check("openapi", HERE / "annotated.thrift"), 2)

    def test_openapi_of_the_corpus(self):
        corpus = args.shared / "corpus/files"
        if not corpus.exists():
            print("skipped: openapi of the corpus (no ../shared/corpus)")
            return
        # A few of them, all where there is time; some do not load, for want of includes.
        files = sorted(corpus.rglob("*.thrift"))[::1 if ALL else 100]
        count = self.check("openapi", *files, some_do_not_load=True)
        self.assertEqual(count, 2 * len(files))

    def test_values_are_valid_by_the_schemas_of_their_types(self):
        for seed in range(1, 6 if ALL else 2):
            self.assertEqual(self.check("schemas", str(seed)), 6 * 16)


FOLDER = npm.install(args.build / "npm", {"@seriousme/openapi-schema-validator": "2.11.0"})
if FOLDER is None:
    print("skipped: gateway.documents (no node, or npm cannot install its packages)")
    sys.exit(0)
result = unittest.main(argv=[sys.argv[0], *rest], exit=False).result
failed = len({id(case) for case, _ in result.failures + result.errors})
print(f"test cases: {result.testsRun} | {result.testsRun - failed} passed | {failed} failed | 0 skipped")
sys.exit(bool(failed))
