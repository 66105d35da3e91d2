"""The side of Apache's Python runtime: generated code and the library of Debian's python3-thrift.

    peer.py GEN server SOCKET TRANSPORT PROTOCOL PATH    prints the port, serves until its input ends
    peer.py GEN client SOCKET TRANSPORT PROTOCOL PLACE   calls every method; PLACE is a port or path

SOCKET is tcp, unix or tls; TRANSPORT buffered, framed, zlib, http or header; PROTOCOL binary, compact,
json, header, or one of the first three with "multi-" before it, for multiplexed. GEN is where
`thrift --gen py` wrote the code. The protocols are those in pure Python: Apache's accelerated ones
(0.17) lose arguments without ids, whose numbers are negative.
"""

import os
import sys
import threading

sys.path.insert(0, sys.argv[1])

from thrift.protocol import (TBinaryProtocol, TCompactProtocol, THeaderProtocol, TJSONProtocol,
                             TMultiplexedProtocol)
from thrift.server import THttpServer, TServer
from thrift.Thrift import TApplicationException, TMessageType
from thrift.TMultiplexedProcessor import TMultiplexedProcessor
from thrift.transport import (THeaderTransport, THttpClient, TSocket, TSSLSocket, TTransport,
                              TZlibTransport)

# The header protocol takes the accelerated ones by itself.
THeaderProtocol.PROTOCOLS_BY_ID.update({
    THeaderTransport.THeaderSubprotocolID.BINARY: TBinaryProtocol.TBinaryProtocol,
    THeaderTransport.THeaderSubprotocolID.COMPACT: TCompactProtocol.TCompactProtocol,
})

from interop import Interop
from interop.ttypes import Choice, Colour, Everything, Inner, Refused
from interop_base.ttypes import NotFound


def example():
    return Everything(
        flag=True, tiny=-128, small=-32768, medium=2147483647, large=-7000000000000000123,
        real=0.1, text="Gr\u00fc\u00dfe \u2603", bytes=b"\0\1\2\xff\xfe\x80 bytes",
        colour=Colour.BLUE,
        inner=Inner(name="root", children=[Inner(name="leaf"), Inner(name="")]),
        numbers=[1, -1, 65536], words={"one", "two", "three"}, counts={"a": 1, "b": 1 << 40},
        nested={7: [Inner(name="seven"), Inner(name="sept")], 8: []},
        choice=Choice(text="chosen"), flags=[True, False, True],
        by_colour={Colour.RED: {1, 2}, Colour.GREEN: set()}, far="away")


def count(tree):
    return len(tree) + sum(count(inner.children or []) for inner in tree)


class Handler:
    def __init__(self):
        self.noted = []

    def hello(self, name):
        return "hello, " + name

    def nothing(self):
        pass

    def join(self, left, right):
        return left + "|" + right

    def echo(self, value):
        return value

    def example(self):
        return example()

    def bytes(self, bytes):
        return bytes

    def count(self, tree):
        if not tree:
            raise NotFound(what="a tree")
        return count(tree)

    def fail(self, how):
        if how == 1:
            raise NotFound(what="it")
        if how == 2:
            raise Refused(code=7, reason="no")
        if how == 3:
            raise RuntimeError("undeclared")

    def note(self, text):
        self.noted.append(text)

    def notes(self):
        return self.noted


class BoundSocket(TSocket.TServerSocket):
    """Listens once, so that the port is known before serving."""

    def listen(self):
        if self.handle is None:
            super().listen()


KEYS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../support/keys/")


def transport_factory(transport):
    if transport == "framed":
        return TTransport.TFramedTransportFactory()
    if transport == "zlib":
        return TZlibTransport.TZlibTransportFactory()
    return TTransport.TBufferedTransportFactory()


def protocol_factory(protocol):
    return {
        "binary": TBinaryProtocol.TBinaryProtocolFactory,
        "compact": TCompactProtocol.TCompactProtocolFactory,
        "json": TJSONProtocol.TJSONProtocolFactory,
        "header": THeaderProtocol.THeaderProtocolFactory,
    }[protocol.removeprefix("multi-")]()


def serve(socket, transport, protocol, path):
    processor = Interop.Processor(Handler())
    if protocol.startswith("multi-"):
        plain = processor
        processor = TMultiplexedProcessor()
        processor.registerProcessor("Interop", plain)
    if transport == "http":
        server = THttpServer.THttpServer(processor, ("127.0.0.1", 0), protocol_factory(protocol))
        print(server.httpd.server_address[1], flush=True)
    else:
        if socket == "unix":
            listener = BoundSocket(unix_socket=path)
        elif socket == "tls":
            class BoundTls(BoundSocket, TSSLSocket.TSSLServerSocket):
                pass
            listener = BoundTls(host="127.0.0.1", port=0, certfile=KEYS + "server.pem")
        else:
            listener = BoundSocket(host="127.0.0.1", port=0)
        listener.listen()
        print(path if socket == "unix" else listener.handle.getsockname()[1], flush=True)
        server = TServer.TThreadedServer(processor, listener, transport_factory(transport),
                                         protocol_factory(protocol), daemon=True)
    threading.Thread(target=server.serve, daemon=True).start()
    sys.stdin.read()
    os._exit(0)  # the threads of the runtime have no other end


failures = 0


def expect(what, got, wanted):
    global failures
    if got != wanted:
        failures += 1
        print("peer.py: %s: got %r, wanted %r" % (what, got, wanted), file=sys.stderr)


def thrown(call):
    try:
        call()
    except (NotFound, Refused) as error:
        return error
    except TApplicationException as error:
        return error.type
    return None


def call(socket, transport, protocol_name, place):
    import ssl
    if transport == "http":
        if socket == "tls":
            context = ssl.create_default_context(cafile=KEYS + "ca.pem")
            wrapped = THttpClient.THttpClient("https://127.0.0.1:%s/any" % place,
                                              ssl_context=context)
        else:
            wrapped = THttpClient.THttpClient("http://127.0.0.1:%s/any" % place)
        wrapped.setTimeout(20000)
    else:
        if socket == "unix":
            raw = TSocket.TSocket(unix_socket=place)
        elif socket == "tls":
            raw = TSSLSocket.TSSLSocket("127.0.0.1", int(place), ca_certs=KEYS + "ca.pem",
                                        cert_reqs=ssl.CERT_REQUIRED,
                                        validate_callback=lambda cert, name: None)
        else:
            raw = TSocket.TSocket("127.0.0.1", int(place))
        raw.setTimeout(20000)
        wrapped = transport_factory(transport).getTransport(raw)
    protocol = protocol_factory(protocol_name).getProtocol(wrapped)
    if protocol_name == "header":
        # both ways: what the client compresses is answered compressed
        protocol.trans.add_transform(THeaderTransport.THeaderTransformID.ZLIB)
        protocol.trans.set_header(b"from", b"python")
    bare = protocol
    if protocol_name.startswith("multi-"):
        protocol = TMultiplexedProtocol.TMultiplexedProtocol(protocol, "Interop")
    client = Interop.Client(protocol)
    wrapped.open()
    expect("hello", client.hello("you"), "hello, you")
    expect("nothing", client.nothing(), None)
    expect("join", client.join("a", "b"), "a|b")
    mine = example()
    expect("example", client.example(), mine)
    expect("echo", client.echo(mine), mine)
    mine.absent = "here"
    mine.choice = Choice(inner=Inner(name="deep"))
    mine.defaulted = -1
    mine.colour = 1234
    expect("echo of other fields", client.echo(mine), mine)
    # The JSON protocol in Python reads a character at a time.
    for size in (0, 1, 1000, 100000 if "json" in protocol_name else 1000000):
        expect("bytes", client.bytes(b"\x9c" * size) == b"\x9c" * size, True)
    tree = [Inner(name="a", children=[Inner(name="b")]), Inner(name="c")]
    expect("count", client.count(tree), 3)
    expect("count of none", thrown(lambda: client.count([])), NotFound(what="a tree"))
    expect("fail 0", thrown(lambda: client.fail(0)), None)
    expect("fail 1", thrown(lambda: client.fail(1)), NotFound(what="it"))
    expect("fail 2", thrown(lambda: client.fail(2)), Refused(code=7, reason="no"))
    expect("fail 3", thrown(lambda: client.fail(3)), TApplicationException.INTERNAL_ERROR)

    def nowhere():
        bare.writeMessageBegin("nowhere", TMessageType.CALL, 5)
        Interop.nothing_args().write(bare)
        bare.writeMessageEnd()
        bare.trans.flush()
        name, kind, sequence_id = bare.readMessageBegin()
        expect("unknown method's reply", (name, kind, sequence_id),
               ("nowhere", TMessageType.EXCEPTION, 5))
        error = TApplicationException()
        error.read(bare)
        bare.readMessageEnd()
        raise error

    expect("unknown method", thrown(nowhere), TApplicationException.UNKNOWN_METHOD)
    client.note("first")
    client.note("second")
    expect("notes", client.notes(), ["first", "second"])
    if transport == "http":  # which has one call at a time
        return failures
    # Several calls on their way at once are answered in order.
    for i in range(10):
        client.send_join("left", str(i))
    for i in range(10):
        expect("pipelined join", client.recv_join(), "left|%d" % i)
    wrapped.close()
    return failures


if __name__ == "__main__":
    _, _, role, socket, transport, protocol, place = sys.argv
    if role == "server":
        serve(socket, transport, protocol, place)
    sys.exit(1 if call(socket, transport, protocol, place) else 0)
