#!/usr/bin/env python3
"""Captures of real programs: each decodes to what Apache's runtime reads, and encodes back."""

import json
import unittest

import harness

REAL = harness.SHARED / "real"
TYPES = {1: "CALL", 2: "REPLY", 3: "EXCEPTION", 4: "ONEWAY"}
PROTOCOLS = {"b": "binary", "c": "compact", "j": "json"}
PLAIN = ["--enums", "number", "--maps", "pairs", "--no-warnings"]

# folder -> IDL and service of the messages in it
SERVICES = {
    "hive": ("TCLIService.thrift", "TCLIService"),
    "jaeger": ("agent.thrift", "Agent"),
    "scribe": ("scribe.thrift", "scribe"),
    "streams": ("tutorial.thrift", "Calculator"),
}
# folder -> IDL of the bare values in it
VALUES = {"jaeger": "jaeger.thrift", "zipkin": "zipkinCore.thrift"}


def line_of(message):
    """A message of the truth in the form of `decode --message`."""
    kind = TYPES[message["message_type"]]
    line = {"method": message["method"], "type": kind, "seqid": message["seqid"]}
    value = message["value"]
    if kind in ("CALL", "ONEWAY"):
        line["args"] = value
    elif kind == "EXCEPTION":
        line["error"] = value
    elif "success" in value:
        line["result"] = value["success"]
    elif value:
        line["exception"] = value
    return line


@unittest.skipUnless(REAL.is_dir(), "no ../shared/real")
class Real(harness.Case):
    def captures(self):
        """(bytes' file, protocol, truth) of every capture."""
        found = set()
        for truth_path in sorted(REAL.glob("*/*.json")):
            truth = json.loads(truth_path.read_text())
            capture = truth_path.with_suffix("")
            protocol = PROTOCOLS[truth.get("protocol", "b")]
            for name in ("compact", "json"):
                if f"-{name}." in capture.name:
                    protocol = name
            if protocol == "json" and not self.speaks("json"):
                continue
            found.add((protocol, capture))
            yield capture, protocol, truth
        self.assertGreaterEqual(sum(protocol == "binary" for protocol, _ in found), 30)
        self.assertGreaterEqual(sum(protocol == "compact" for protocol, _ in found), 3)

    def speaks(self, protocol):
        return harness.run("encode", REAL / "streams" / "tutorial.thrift", "i32", "--protocol",
                           protocol, "--no-warnings", stdin="1").code == 0

    def test_captures_decode_to_their_truth_and_encode_to_the_same_bytes(self):
        for capture, protocol, truth in self.captures():
            with self.subTest(capture.name):
                folder = capture.parent
                wire = capture.read_bytes()
                if "messages" in truth:
                    idl, service = SERVICES[folder.name]
                    wanted = [line_of(m) for m in truth["messages"]]
                    words = [folder / idl, service, "--message"]
                    words += ["--framed"] if folder.name == "scribe" else []
                    words += ["--protocol", protocol]
                    out = self.succeeds("decode", *words, *PLAIN, stdin=wire).out
                    given = [json.loads(line) for line in out.splitlines()]
                else:
                    idl = VALUES[folder.name]
                    kind = truth.get("struct") or f"list<{truth['list']}>"
                    wanted = truth["value"]
                    words = [folder / idl, kind, "--protocol", protocol]
                    out = self.succeeds("decode", *words, *PLAIN, stdin=wire).out
                    given = json.loads(out)
                self.assertEqual(given, wanted)
                again = self.succeeds("encode", *words, "--no-warnings", stdin=out).bytes
                self.assertEqual(again, wire)
                # The plainest JSON, with names and objects, is as good.
                out = self.succeeds("decode", *words, "--no-warnings", stdin=wire).out
                self.assertEqual(self.succeeds("encode", *words, "--no-warnings", stdin=out).bytes,
                                 wire)

    def test_invalid_utf8_is_kept_to_the_byte(self):
        folder = REAL / "scribe"
        wire = (folder / "scribe-node.c2s").read_bytes()
        words = [folder / "scribe.thrift", "scribe", "--message", "--framed", "--no-warnings"]
        out = self.succeeds("decode", *words, stdin=wire).out
        self.assertIn('"message":{"base64":"Wm/rIBU="}', out)
        self.assertEqual(self.succeeds("encode", *words, stdin=out).bytes, wire)

    def test_a_cut_capture_is_an_error_of_one_line(self):
        for capture, protocol, truth in self.captures():
            if "messages" in truth:
                continue
            kind = truth.get("struct") or f"list<{truth['list']}>"
            idl = capture.parent / VALUES[capture.parent.name]
            wire = capture.read_bytes()
            for size in (0, 1, len(wire) // 2, len(wire) - 1):
                with self.subTest(capture.name, size=size):
                    self.fails(1, "offset", "decode", idl, kind, "--no-warnings",
                               "--protocol", protocol, stdin=wire[:size])

    def test_parquet_footers_decode_to_their_truth_and_encode_as_it_says(self):
        folder = REAL / "parquet"
        words = [folder / "parquet.thrift", "FileMetaData", "--protocol", "compact"]
        found = 0
        for truth_path in sorted((folder / "truth").glob("*.json")):
            truth = json.loads(truth_path.read_text())
            name = truth_path.name.removesuffix(".json")
            wire = (folder / "footers" / f"{name}.FileMetaData.bin").read_bytes()
            with self.subTest(name):
                found += 1
                wire = wire[:truth["decoded_length"]]  # a signature stands behind one of them
                out = self.succeeds("decode", *words, *PLAIN, stdin=wire).out
                self.assertEqual(json.loads(out), truth["value"])
                if "unknown-logical-type" in name:  # a union without a member is not written
                    self.fails(1, "schema[2].logicalType: a union takes one member", "encode",
                               *words, "--no-warnings", stdin=out)
                else:
                    again = self.succeeds("encode", *words, "--no-warnings", stdin=out).bytes
                    self.assertEqual(again == wire, truth["reencodes_identically"])
                if not truth["reencodes_identically"]:  # they are the odd ones
                    self.fails(1, "offset", "decode", *words, "--strictness", "strict",
                               "--no-warnings", stdin=wire)
        self.assertEqual(found, 117)


if __name__ == "__main__":
    harness.main()
