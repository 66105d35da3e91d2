#!/usr/bin/python3
"""The gateway in front of servers of Apache's Python runtime, knowing nothing but their IDL.

    apache_python_test.py --bin FOLDER --source FOLDER --shared FOLDER

Every method of every service is called with plausible arguments, over framed binary, framed compact
and HTTP. What the server got, and what it answered, is turned into JSON here, by the tables that
Apache's compiler generates, and compared with what went into the gateway and came out.
"""

import argparse
import base64
import importlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("--bin", type=pathlib.Path, required=True)
parser.add_argument("--source", type=pathlib.Path, required=True)
parser.add_argument("--shared", type=pathlib.Path, required=True)
arguments = parser.parse_args()
THRIFTPP = arguments.bin / "thriftpp"
CORPUS = arguments.shared / "corpus" / "files"

SERVICES = [  # file, service
    (arguments.source / "idl_samples" / "user.thrift", "UserService"),
    (arguments.source / "idl_samples" / "shop.thrift", "Shop"),
    (CORPUS / "apache__thrift" / "tutorial" / "tutorial.thrift", "Calculator"),
    (arguments.shared / "real" / "hive" / "TCLIService.thrift", "TCLIService"),
]
WAYS = ["framed-binary", "framed-compact", "http"]


def skip(reason):
    print("skipped: gateway.apache_python (%s)" % reason)
    sys.exit(0)


try:
    from thrift.protocol import TBinaryProtocol, TCompactProtocol
    from thrift.server import THttpServer, TServer
    from thrift.Thrift import TType
    from thrift.transport import TSocket, TTransport
except ImportError:
    skip("no python3-thrift, or no python3-six, which it needs")
if shutil.which("thrift") is None:
    skip("no thrift-compiler")


class Values:
    """Values of generated types, and their JSON."""

    def __init__(self, unions):
        self.unions = unions

    def make(self, kind, args, name, depth=0):
        if kind == TType.BOOL:
            return True
        if kind in (TType.BYTE, TType.I16, TType.I32):
            return 1
        if kind == TType.I64:
            return 2 ** 53 + 1
        if kind == TType.DOUBLE:
            return 1.5
        if kind == TType.STRING:
            return b"\x00\xff" if args == "BINARY" else name + " \u00e9"
        if kind == TType.STRUCT:
            return self.make_struct(args[0], depth)
        if depth > 4:
            return {TType.LIST: [], TType.SET: set(), TType.MAP: {}}[kind]
        if kind == TType.MAP:
            return {self.make(args[0], args[1], name, depth + 1):
                    self.make(args[2], args[3], name, depth + 1)}
        one = self.make(args[0], args[1], name, depth + 1)
        return [one] if kind == TType.LIST else {one}

    def make_struct(self, cls, depth=0):
        fields = {}
        for field in cls.thrift_spec or ():
            if field is None:
                continue
            if depth <= 6:
                fields[field[2]] = self.make(field[1], field[3], field[2], depth + 1)
            if cls.__name__ in self.unions:
                break
        return cls(**fields)  # exceptions cannot be changed afterwards

    def to_json(self, kind, args, value):
        if kind == TType.STRING and args == "BINARY":
            return base64.b64encode(value).decode()
        if kind == TType.STRUCT:
            return self.struct_to_json(value)
        if kind == TType.MAP:
            pairs = [[self.to_json(args[0], args[1], k), self.to_json(args[2], args[3], v)]
                     for k, v in value.items()]
            if args[0] == TType.STRUCT:
                return pairs
            return {k if isinstance(k, str) else json.dumps(k): v for k, v in pairs}
        if kind in (TType.LIST, TType.SET):
            return [self.to_json(args[0], args[1], one) for one in value]
        return value

    def struct_to_json(self, value):
        out = {}
        for field in value.thrift_spec or ():
            if field is None or getattr(value, field[2]) is None:
                continue
            out[field[2]] = self.to_json(field[1], field[3], getattr(value, field[2]))
        return out


class QuietHttpServer(THttpServer.THttpServer):
    """Without a line on standard error for each request."""

    def __init__(self, *given):
        super().__init__(*given)
        self.httpd.RequestHandlerClass.log_message = lambda *_: None


class Handler:
    """Answers every method plausibly, or raises what it declares, and keeps what it got."""

    def __init__(self, module, values):
        self.module = module
        self.values = values
        self.raising = False
        self.got = None

    def spec(self, method, suffix):
        """The class of a method's arguments or result: its own, or an inherited one."""
        for module in (self.module, *self.module.bases):
            found = getattr(module, method + suffix, None)
            if found is not None:
                return found
        return None

    def result(self, method):
        """Its field of success and those of exceptions; two times nothing where it is oneway."""
        if self.spec(method, "_result") is None:
            return None, None
        fields = [f for f in self.spec(method, "_result").thrift_spec or () if f is not None]
        success = [f for f in fields if f[0] == 0]
        raises = [f for f in fields if f[0] != 0]
        return (success[0] if success else None), raises

    def __getattr__(self, method):
        def call(*given):
            spec = [f for f in self.spec(method, "_args").thrift_spec or () if f is not None]
            # generated code gives arguments by position, in order of their ids
            self.got = {f[2]: self.values.to_json(f[1], f[3], value)
                        for f, value in zip(spec, given) if value is not None}
            success, raises = self.result(method)
            if self.raising and raises:
                raise self.values.make_struct(raises[0][3][0])
            if success is not None:
                return self.values.make(success[1], success[3], success[2])
            return None
        return call


def start_server(processor, way):
    """Its URL for the gateway."""
    if way == "http":
        server = QuietHttpServer(processor, ("127.0.0.1", 0),
                                 TBinaryProtocol.TBinaryProtocolFactory())
        port = server.httpd.server_address[1]
        threading.Thread(target=server.serve, daemon=True).start()
        return "http://127.0.0.1:%d/" % port
    protocol = TCompactProtocol.TCompactProtocolFactory() if way == "framed-compact" \
        else TBinaryProtocol.TBinaryProtocolFactory()
    listener = TSocket.TServerSocket("127.0.0.1", 0)
    listener.listen()
    port = listener.handle.getsockname()[1]
    listener.listen = lambda: None  # it does already
    server = TServer.TThreadedServer(processor, listener, TTransport.TFramedTransportFactory(),
                                     protocol, daemon=True)
    threading.Thread(target=server.serve, daemon=True).start()
    return "tcp://127.0.0.1:%d?transport=framed&protocol=%s" % (
        port, "compact" if way == "framed-compact" else "binary")


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, json.loads(reply.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def check(what, wanted, got):
    if wanted != got:
        sys.exit("%s:\n  wanted %s\n  got    %s" % (what, json.dumps(wanted), json.dumps(got)))


def call_all(base, service, handler, values, names):
    for method in names:
        case = "%s.%s" % (service, method)
        spec = handler.spec(method, "_args")
        given = values.struct_to_json(values.make_struct(spec))
        handler.raising = False
        status, reply = post("%s/%s/%s?enums=number" % (base, service, method), given)
        success, raises = handler.result(method)
        if raises is None:
            check(case, 202, status)
            continue
        check(case + ", status of " + json.dumps(reply), 200, status)
        check(case + ", what the server got", given, handler.got)
        wanted = None
        if success is not None:
            wanted = values.to_json(success[1], success[3],
                                    values.make(success[1], success[3], success[2]))
        check(case + ", the result", wanted, reply)
        if not raises:
            continue
        handler.raising = True
        status, reply = post("%s/%s/%s?enums=number" % (base, service, method), given)
        raised = values.make_struct(raises[0][3][0])
        check(case + ", status of the exception", 418, status)
        check(case + ", the exception",
              {"error": {"name": type(raised).__name__, "status": 418,
                         "exception": values.struct_to_json(raised)}}, reply)


def as_apache_knows_it(file, folder):
    """Debian's compiler is 0.17, which has no uuid: samples are served with strings in their place."""
    if file.parent != arguments.source / "idl_samples":
        return file
    for sample in file.parent.glob("*.thrift"):
        text = re.sub(r"\buuid\b", "string", sample.read_text())
        (folder / sample.name).write_text(text)
    return folder / file.name


def run_service(file, service, folder):
    description = json.loads(subprocess.run(
        [THRIFTPP, "describe", file, "--format", "json"], check=True, capture_output=True).stdout)
    structs = [s for program in description["programs"] for s in program["structs"]]
    unions = {s["name"] for s in structs if s["kind"] == "union"}
    exceptions = {s["name"] for s in structs if s["kind"] == "exception"}
    subprocess.run(["thrift", "-r", "--gen", "py", "-out", folder, file], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found = next(path for path in pathlib.Path(folder).rglob(service + ".py"))
    name = ".".join(found.relative_to(folder).with_suffix("").parts)
    module = importlib.import_module(name)
    module.bases = []
    for base in module.Iface.__mro__[1:-1]:
        module.bases.append(sys.modules[base.__module__])
    names = [m for m in dir(module.Iface) if not m.startswith("_")]
    values = Values(unions)
    for way in WAYS:
        handler = Handler(module, values)
        upstream = start_server(module.Processor(handler), way)
        command = [THRIFTPP, "gateway", file, "--upstream", service + "=" + upstream, "--listen",
                   "http://127.0.0.1:0", "--threads", "1"]
        for exception in sorted(exceptions):
            command += ["--map", exception + "=418"]
        gateway = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            for line in gateway.stderr:
                started = re.match(r"listening on (\S+)$", line)
                if started:
                    break
            else:
                sys.exit("the gateway did not start")
            threading.Thread(target=gateway.stderr.read, daemon=True).start()
            call_all(started.group(1), service, handler, values, names)
            gateway.terminate()
            check("how the gateway ended", 0, gateway.wait(60))
        finally:
            gateway.kill()
            gateway.wait()
        print("%s over %s: %d methods" % (service, way, len(names)))


def main():
    with tempfile.TemporaryDirectory(prefix="thriftpp-") as root:
        for number, (file, service) in enumerate(SERVICES):
            if not file.exists():
                print("skipped: gateway.apache_python.%s (no %s)" % (service, file.name))
                continue
            folder = pathlib.Path(root) / str(number)
            folder.mkdir()
            generated = folder / "generated"
            generated.mkdir()
            sys.path.insert(0, str(generated))
            run_service(str(as_apache_knows_it(file, folder)), service, str(generated))
            sys.path.pop(0)


main()
