#!/usr/bin/env python3
"""decode and encode: bytes to JSON and back, in every format, and what they say to wrong input."""

import base64
import json
import pathlib
import struct
import subprocess
import tempfile

import harness
from harness import SAMPLES, run

USER = SAMPLES / "user.thrift"
SHOP = SAMPLES / "shop.thrift"
LANGUAGE = SAMPLES / "language.thrift"
ANN = '{"id":"1","name":"Ann","age":30}'
ANN_BYTES = bytes.fromhex("0b000100000001310b000200000003416e6e0800030000001e00")
UUID = "5e2ab188-1726-4e75-a04f-1ed9a6a89c4c"


class Codec(harness.Case):
    def test_a_struct_goes_to_bytes_and_back(self):
        ran = self.succeeds("encode", USER, "User", stdin=ANN)
        self.assertEqual(ran.bytes, ANN_BYTES)
        self.assertEqual(self.succeeds("decode", USER, "User", stdin=ANN_BYTES).out, ANN + "\n")

    def test_bytes_may_be_text(self):
        for form, text in {"hex": ANN_BYTES.hex(), "base64": base64.b64encode(ANN_BYTES).decode()
                           }.items():
            ran = self.succeeds("encode", USER, "User", "--format", form, stdin=ANN)
            self.assertEqual(ran.out, text + "\n")
            broken = "\n ".join([text[:8], text[8:].upper() if form == "hex" else text[8:]])
            ran = self.succeeds("decode", USER, "User", "--format", form, stdin=broken)
            self.assertEqual(ran.out, ANN + "\n")
        self.fails(1, "`0g` is no hexadecimal byte", "decode", USER, "User", "--format", "hex",
                   stdin="0b000g")
        self.fails(1, "odd number of hexadecimal digits", "decode", USER, "User", "--format", "hex",
                   stdin="0b0")
        self.fails(1, "not base64", "decode", USER, "User", "--format", "base64", stdin="!")

    def test_values_of_the_idl_itself_are_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            idl = pathlib.Path(folder) / "whole.thrift"
            idl.write_text('struct In { 1: i32 x, 2: required i32 z = 4 }\n'
                           'struct D { 1: required In inn = {"x": 7} }\n'
                           'union U { 1: i32 a = 5, 2: string b }\n')
            for protocol, wire in (("binary", "0c0001080001000000070800020000000400" "00"),
                                   ("compact", "1c150e150800" "00")):
                ran = self.succeeds("encode", idl, "D", "--protocol", protocol, "--format", "hex",
                                    stdin="{}")  # as Apache's Python writes D()
                self.assertEqual(ran.out, wire + "\n")
            ran = self.succeeds("encode", idl, "D", "--protocol", "json", stdin="{}")
            self.assertEqual(json.loads(ran.out), {"1": {"rec": {"1": {"i32": 7}, "2": {"i32": 4}}}})
            member = self.succeeds("encode", idl, "U", stdin='{"b":"x"}').bytes
            ran = self.succeeds("decode", idl, "U", "--defaults", "write", stdin=member)
            self.assertEqual(ran.out, '{"b":"x"}\n')

    def test_compact_ends_a_struct_by_the_low_half_of_a_header(self):
        for text in ("00", "10", "f0"):
            ran = self.succeeds("decode", USER, "list<User>", "--protocol", "compact", "--format", "hex",
                                stdin="1c" "180131" "1803416e6e" "153c" + text)
            self.assertEqual(ran.out, "[%s]\n" % ANN)

    def test_any_type_can_stand_alone(self):
        for kind, text, wire in [
            ("i64", "-2", struct.pack(">q", -2)),
            ("string", '"\u00e9"', b"\0\0\0\2\xc3\xa9"),
            ("list<User>", f"[{ANN}]", b"\x0c\0\0\0\1" + ANN_BYTES),
            ("map<string, i64>", '{"a":1}', b"\x0b\x0a\0\0\0\1\0\0\0\1a" + struct.pack(">q", 1)),
            ("set<bool>", "[true]", b"\x02\0\0\0\1\1"),
            ("uuid", f'"{UUID}"', bytes.fromhex(UUID.replace("-", ""))),
        ]:
            with self.subTest(kind):
                self.assertEqual(self.succeeds("encode", USER, kind, stdin=text).bytes, wire)
                ran = self.succeeds("decode", USER, kind, stdin=wire)
                self.assertEqual(ran.out, text + "\n")

    def test_json_options(self):
        value = ('{"id":"%s","name":"x","price":{"amount":9007199254740993,"currency":"JPY"},'
                 '"thumbnail":"YQ==","attributes":{"k":"v"}}' % UUID)
        wire = self.succeeds("encode", SHOP, "Product", stdin=value).bytes
        for options, part in [
            ([], '"currency":"JPY"'),
            (["--enums", "number"], '"currency":3'),
            ([], '"attributes":{"k":"v"}'),
            (["--maps", "pairs"], '"attributes":[["k","v"]]'),
            ([], '"amount":9007199254740993'),
            (["--int64", "string"], '"amount":"9007199254740993"'),
            ([], '"thumbnail":"YQ=="'),
            (["--binary", "text"], '"thumbnail":"a"'),
            (["--defaults", "write"], '"category":"OTHER"'),
            (["--indent", "2"], '\n  "name": "x",\n'),
        ]:
            with self.subTest(options):
                ran = self.succeeds("decode", SHOP, "Product", *options, stdin=wire)
                self.assertIn(part, ran.out)
                text = [] if options != ["--binary", "text"] else options
                again = self.succeeds("encode", SHOP, "Product", *text, stdin=ran.out)
                if options != ["--defaults", "write"]:
                    self.assertEqual(again.bytes, wire)
        self.assertNotIn("category", self.succeeds("decode", SHOP, "Product", stdin=wire).out)

    def test_unset_defaults_are_written_when_wanted(self):
        plain = self.succeeds("encode", SHOP, "OrderLine", stdin=f'{{"product":"{UUID}"}}').bytes
        full = self.succeeds("encode", SHOP, "OrderLine", "--defaults", "write",
                             stdin=f'{{"product":"{UUID}"}}').bytes
        self.assertEqual(len(full), len(plain) + 5)
        decoded = json.loads(self.succeeds("decode", SHOP, "OrderLine", stdin=full).out)
        self.assertEqual(decoded["count"], 1)

    def test_every_kind_of_type_comes_back(self):
        value = {
            "names": ["a", ""], "numbers": [3, -1],
            "nested": {"LOW": [{"1": "AA=="}], "URGENT": []},
            "by_point": [[{"x": 0.5, "y": -0.0}, "half"]],
            "hints": ["NaN", "-Infinity", 1e300], "sets": [[UUID], []],
        }
        wire = self.succeeds("encode", LANGUAGE, "Containers", stdin=json.dumps(value)).bytes
        self.assertEqual(json.loads(self.succeeds("decode", LANGUAGE, "Containers",
                                                  stdin=wire).out), value)

    def test_text_that_is_not_utf8_keeps_its_bytes(self):
        wire = b"\0\0\0\3a\xff\x00"
        ran = self.succeeds("decode", USER, "string", stdin=wire)
        self.assertEqual(ran.out, '{"base64":"Yf8A"}\n')
        self.assertEqual(self.succeeds("encode", USER, "string", stdin=ran.out).bytes, wire)

    def test_trailing_bytes_are_an_error_unless_skipped(self):
        self.fails(1, "at offset 26", "decode", USER, "User", stdin=ANN_BYTES + b"xy")
        ran = self.succeeds("decode", USER, "User", "--trailing", "skip", stdin=ANN_BYTES + b"xy")
        self.assertEqual(ran.out, ANN + "\n")

    def test_compact(self):
        wire = bytes.fromhex("18013118" "03416e6e" "153c00")
        compact = ["--protocol", "compact"]
        self.assertEqual(self.succeeds("encode", USER, "User", *compact, stdin=ANN).bytes, wire)
        self.assertEqual(self.succeeds("decode", USER, "User", *compact, stdin=wire).out,
                         ANN + "\n")
        self.assertEqual(self.succeeds("encode", USER, "list<bool>", *compact,
                                       stdin="[true,false]").bytes, b"\x21\x01\x02")
        for size in range(len(wire)):
            self.fails(1, "offset", "decode", USER, "User", *compact, stdin=wire[:size])

    def test_strictness_is_a_choice(self):
        # A field of another type than the IDL's, before those that it has.
        odd = b"\x08\0\2\0\0\0\1" + ANN_BYTES
        for words in ([], ["--strictness", "default"], ["--strictness", "like_apache"]):
            ran = self.succeeds("decode", USER, "User", *words, stdin=odd)
            self.assertEqual(ran.out, ANN + "\n")
        self.fails(1, "name", "decode", USER, "User", "--strictness", "strict", stdin=odd)
        self.assertEqual(self.succeeds("decode", USER, "User", "--strictness", "strict",
                                       stdin=ANN_BYTES).out, ANN + "\n")
        more = ANN_BYTES + b"x"
        self.fails(1, "at offset 26", "decode", USER, "User", "--strictness", "strict", stdin=more)
        for words in (["--strictness", "like_apache"], ["--strictness", "strict", "--trailing",
                                                        "skip"]):
            self.assertEqual(self.succeeds("decode", USER, "User", *words, stdin=more).out,
                             ANN + "\n")
        self.fails(1, "at offset 26", "decode", USER, "User", "--strictness", "like_apache",
                   "--trailing", "error", stdin=more)
        self.fails(2, "none of default|strict|like_apache", "decode", USER, "User",
                   "--strictness", "lax", stdin=more)

    def test_wrong_input_is_told_in_one_line_with_its_place(self):
        for wire, message in [
            (ANN_BYTES[:-2], "offset"),
            (b"", "offset 0"),
            (b"\0", "required"),
            (ANN_BYTES.replace(b"\0\0\0\3Ann", b"\x7f\0\0\3Ann"), "name"),
        ]:
            with self.subTest(wire):
                self.fails(1, message, "decode", USER, "User", stdin=wire)
        for text, message in [
            ('{"id": "1", "name": "Ann"}', "age: required field"),
            ('{"id": "1", "name": "Ann", "age": 3000000000}', "age: 3000000000 does not fit `i32`"),
            ('{"id": "1", "nmae": "Ann"}', "no field `nmae`; did you mean `name`?"),
            ('{"id": 1}', "id: expected `string`, got `1`"),
            ('{"id": "1",\n "name" 2}', "not JSON at line 2, column 9"),
        ]:
            with self.subTest(text):
                self.fails(1, message, "encode", USER, "User", stdin=text)

    def test_misuse_is_told(self):
        self.fails(1, "no type `Usr`; did you mean `User`?", "decode", USER, "Usr")
        self.fails(1, "list<User", "decode", USER, "list<User")
        self.fails(2, "`xml` is none of binary|compact|json", "decode", USER, "User",
                   "--protocol", "xml")
        self.fails(2, "`octal` is none of raw|hex|base64", "encode", USER, "User",
                   "--format", "octal")
        self.fails(2, "--framed goes with --message", "decode", USER, "User", "--framed")
        self.fails(2, "TYPE is required", "decode", USER)
        self.fails(1, "`no.thrift` does not exist", "decode", "no.thrift", "User")


class Messages(harness.Case):
    LINES = [
        '{"method":"getUser","type":"CALL","seqid":1,"args":{"userId":"1"}}',
        '{"method":"getUser","type":"REPLY","seqid":1,"result":"Ann"}',
        '{"method":"updateUser","type":"REPLY","seqid":2}',
        '{"method":"getAllUsers","type":"REPLY","seqid":-3,"result":[%s]}' % ANN,
        '{"method":"getUser","type":"EXCEPTION","seqid":4,"error":{"message":"no","type":6}}',
        '{"method":"getUsre","type":"EXCEPTION","seqid":5,"error":{"message":"unknown","type":1}}',
    ]

    def test_a_stream_of_messages_is_a_stream_of_lines(self):
        text = "\n".join(self.LINES) + "\n"
        for framed in ([], ["--framed"]):
            wire = self.succeeds("encode", USER, "UserService", "--message", *framed,
                                 stdin=text).bytes
            ran = self.succeeds("decode", USER, "UserService", "--message", *framed, stdin=wire)
            self.assertEqual(ran.out, text)
        ran = self.succeeds("decode", USER, "UserService", "--message", "--framed", "--format",
                            "hex", stdin=wire.hex())
        self.assertEqual(ran.out, text)

    def test_exceptions_and_oneway(self):
        text = ('{"method":"product","type":"REPLY","seqid":1,"exception":{"missing":{"what":"x"}}}\n'
                '{"method":"note","type":"ONEWAY","seqid":0,"args":{"text":"inherited"}}\n')
        wire = self.succeeds("encode", SHOP, "Shop", "--message", stdin=text).bytes
        self.assertEqual(self.succeeds("decode", SHOP, "Shop", "--message", stdin=wire).out, text)

    def test_messages_are_printed_as_they_come(self):
        wire = self.succeeds("encode", USER, "UserService", "--message", stdin=self.LINES[0]).bytes
        with subprocess.Popen([harness.THRIFTPP, "decode", USER, "UserService", "--message",
                               "--no-warnings"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            process.stdin.write(wire + wire[:5])
            process.stdin.flush()
            self.assertEqual(process.stdout.readline().decode(), self.LINES[0] + "\n")
            process.stdin.write(wire[5:])
            process.stdin.close()
            self.assertEqual(process.stdout.readline().decode(), self.LINES[0] + "\n")
            self.assertEqual(process.wait(harness.LIMIT), 0)

    def test_an_unfinished_stream_is_an_error_behind_its_whole_messages(self):
        wire = self.succeeds("encode", USER, "UserService", "--message",
                             stdin="\n".join(self.LINES[:2])).bytes
        ran = run("decode", USER, "UserService", "--message", "--no-warnings", stdin=wire[:-1])
        self.assertEqual(ran.code, 1)
        self.assertEqual(ran.out, self.LINES[0] + "\n")
        self.assertIn("the input ends inside of the message at offset 28", ran.err)

    def test_mistakes_name_the_message(self):
        wire = self.succeeds("encode", USER, "UserService", "--message", stdin=self.LINES[1]).bytes
        wrong = wire.replace(b"getUser", b"getUsre")
        ran = run("decode", USER, "UserService", "--message", "--no-warnings", stdin=wire + wrong)
        self.assertEqual((ran.code, ran.out), (1, self.LINES[1] + "\n"))
        self.assertIn(f"message at offset {len(wire)}: ", ran.err)
        self.assertIn("`getUsre`; did you mean `getUser`?", ran.err)
        ran = run("decode", USER, "UserService", "--message", "--framed", "--no-warnings", stdin=wire)
        self.assertEqual(ran.code, 1)
        self.assertIn("is the stream framed?", ran.err)
        ran = run("encode", USER, "UserService", "--message", "--no-warnings",
                  stdin=self.LINES[0] + "\n\n" + '{"method":"getUser","type":"CALL"}')
        self.assertEqual((ran.code, ran.out), (1, ""))
        self.assertIn("line 3: ", ran.err)


if __name__ == "__main__":
    harness.main()
