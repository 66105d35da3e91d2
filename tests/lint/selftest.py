#!/usr/bin/env python3
"""Each lint finds the violation that is planted for it, and nothing in the tree without it."""

import pathlib
import tempfile
import unittest

import format as format_lint
import isa
import layers
import shutil
import sources
import version

CLEAN = {
    "CMakeLists.txt": "project(thriftpp VERSION 1.2.3 LANGUAGES CXX)\n",
    "CHANGELOG.md": "# Changes\n\n## [1.2.3] - unreleased\n\n## [1.2.2] - 2020-01-01\n",
    ".clang-format": "BasedOnStyle: Google\n",
    "include/thriftpp/base/export.hpp": "#define THRIFTPP_VERSION_MAJOR 1\n"
                                        "#define THRIFTPP_VERSION_MINOR 2\n"
                                        "#define THRIFTPP_VERSION_PATCH 3\n",
    "include/thriftpp/schema/type.hpp": "#include <string>\n#include <thriftpp/base/export.hpp>\n",
    "include/thriftpp/value/value.hpp": "#include <thriftpp/schema/type.hpp>\n",
    "include/thriftpp/thriftpp.hpp": "#include <thriftpp/value/value.hpp>\n",
    "include/thriftpp/asio.hpp": "#include <asio.hpp>\n",
    "src/idl/grammar.hpp": "#include <tao/pegtl.hpp>\n",
    "src/idl/parser.cpp": '#include "grammar.hpp"\n#include "idl/grammar.hpp"\n',
    "src/transport/socket.cpp": "#include <openssl/ssl.h>\n#include <sys/socket.h>\n",
    "tools/main.cpp": "#include <CLI/CLI.hpp>\n#include <thriftpp/thriftpp.hpp>\n",
}


class Lint(unittest.TestCase):
    def findings(self, lint, path=None, text=None):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, content in {**CLEAN, **({path: text} if path else {})}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(content if isinstance(content, bytes)
                                          else content.encode())
            return lint.check(root)

    def planted(self, lint, path, text, expected):
        found = self.findings(lint, path, text)
        self.assertTrue(any(f.startswith(path) and expected in f for f in found),
                        f"{path} with {text!r}: wanted `{expected}`, found {found}")

    def test_the_clean_tree_is_clean(self):
        for lint in (layers, sources, version):
            self.assertEqual(self.findings(lint), [], lint.__name__)

    def test_layers(self):
        for path, text, expected in [
            # up, sideways, and past a layer that is not below
            ("include/thriftpp/schema/type.hpp", "#include <thriftpp/value/value.hpp>\n",
             "layer schema may not include layer value"),
            ("src/schema/type.cpp", '#include "idl/grammar.hpp"\n', "may not include layer idl"),
            ("src/value/value.cpp", "#include <thriftpp/thriftpp.hpp>\n", "above all layers"),
            ("src/unheard/of.cpp", "\n", "layer unheard is not in"),
            ("src/base/a.cpp", "#include <thriftpp/base/gone.hpp>\n", "no public header"),
            ("src/base/a.cpp", "  #  include MACRO\n", "computed"),
            # third parties where they do not belong, or unknown
            ("src/load/a.cpp", "#include <tao/pegtl.hpp>\n", "belongs in src/idl only"),
            ("src/protocol/a.cpp", "#include <nlohmann/json.hpp>\n", "belongs in src/json"),
            ("tools/a.cpp", "#include <asio.hpp>\n", "belongs in src/rpc"),
            ("src/base/a.cpp", "#include <fmt/format.h>\n", "is not in layers.txt"),
            # tools see public headers only
            ("tools/a.cpp", '#include "../src/idl/grammar.hpp"\n', "public headers only"),
            # public headers show C++ and ourselves
            ("include/thriftpp/idl/a.hpp", "#include <tao/pegtl.hpp>\n", "may not show"),
            ("include/thriftpp/idl/a.hpp", "#include <unistd.h>\n", "may not show"),
            ("include/thriftpp/nlohmann.hpp", "#include <asio.hpp>\n", "may not show"),
            ("include/thriftpp/idl/a.hpp", '#include "grammar.hpp"\n', "are included as"),
            ("include/thriftpp/asio.hpp", "#include <thriftpp/nlohmann.hpp>\n", "no public header"),
            ("include/thriftpp/thriftpp.hpp", "#include <thriftpp/asio.hpp>\n", "opt-in"),
        ]:
            with self.subTest(path=path, text=text):
                if "opt-in" in expected:
                    found = self.findings(layers, path, text)
                    self.assertTrue(any("opt-in" in f for f in found), found)
                else:
                    self.planted(layers, path, text, expected)

    def test_sources(self):
        for path, text, expected in [
            ("src/base/a.cpp", "// caf\u00e9\n", "U+00E9"),
            ("tests/base/a_test.cpp", "\tint x;\n", "a tab"),
            ("tools/a.cpp", "int x;", "no newline"),
            ("tools/run", "#!/bin/bash\necho \n", "blanks"),
            ("src/base/a.cpp", "int x;\r\n", "carriage return"),
            ("src/base/a.cpp", "\n" * 601, "over 600"),
            ("README.md", "see /ho" "me/ann/notes\n", "a path of one machine"),
        ]:
            with self.subTest(path=path, expected=expected):
                self.planted(sources, path, text, expected)
        self.assertEqual(self.findings(sources, "tests/base/a_test.cpp", "\n" * 601), [])
        self.assertEqual(self.findings(sources, "src/a.bin", b"\xff\t"), [])

    def test_version(self):
        self.planted(version, "CHANGELOG.md", "## [1.2.4] - unreleased\n", "1.2.4")
        self.planted(version, "CMakeLists.txt", "project(thriftpp VERSION 1.3.3)\n", "1.3.3")
        self.planted(version, "CHANGELOG.md", "nothing\n", "none")

    def test_isa(self):
        own = "0000000000000000 W thrift::binary::v3::decode(thrift::DecodeState&)\n"
        others = ("0000000000000000 W std::max(int, int)\n0000000000000000 T thrift::f()\n"
                  "0000000000000000 u thrift::binary::least_sizes\n")
        self.assertEqual(isa.check(own), [])
        self.assertEqual(isa.check(own + others), ["std::max(int, int)"])

    @unittest.skipUnless(shutil.which(format_lint.TOOL), format_lint.TOOL)
    def test_format(self):
        self.assertEqual(self.findings(format_lint, "src/base/a.cpp", "int f();\n"), [])
        self.planted(format_lint, "src/base/a.cpp", "int  f( ) ;\n", "clang-format")


if __name__ == "__main__":
    unittest.main(verbosity=0)
