"""The side of Apache's Python runtime: generated code and the library of Debian's python3-thrift.

    peer.py GEN server tcp|unix buffered|framed PATH    prints the port, serves until its input ends
    peer.py GEN client tcp|unix buffered|framed PLACE   calls every method; PLACE is a port or path

GEN is where `thrift --gen py` wrote the code. The protocol is the one in pure Python: Apache's
accelerated one (0.17) loses arguments without ids, whose numbers are negative.
"""

import os
import sys
import threading

sys.path.insert(0, sys.argv[1])

from thrift.protocol import TBinaryProtocol
from thrift.server import TServer
from thrift.Thrift import TApplicationException, TMessageType
from thrift.transport import TSocket, TTransport

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


def transport_factory(transport):
    if transport == "framed":
        return TTransport.TFramedTransportFactory()
    return TTransport.TBufferedTransportFactory()


def serve(socket, transport, path):
    if socket == "unix":
        listener = BoundSocket(unix_socket=path)
    else:
        listener = BoundSocket(host="127.0.0.1", port=0)
    listener.listen()
    print(path if socket == "unix" else listener.handle.getsockname()[1], flush=True)
    server = TServer.TThreadedServer(
        Interop.Processor(Handler()), listener, transport_factory(transport),
        TBinaryProtocol.TBinaryProtocolFactory(), daemon=True)
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


def call(socket, transport, place):
    if socket == "unix":
        raw = TSocket.TSocket(unix_socket=place)
    else:
        raw = TSocket.TSocket("127.0.0.1", int(place))
    raw.setTimeout(20000)
    wrapped = transport_factory(transport).getTransport(raw)
    protocol = TBinaryProtocol.TBinaryProtocol(wrapped)
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
    for size in (0, 1, 1000, 1000000):
        expect("bytes", client.bytes(b"\x9c" * size) == b"\x9c" * size, True)
    tree = [Inner(name="a", children=[Inner(name="b")]), Inner(name="c")]
    expect("count", client.count(tree), 3)
    expect("count of none", thrown(lambda: client.count([])), NotFound(what="a tree"))
    expect("fail 0", thrown(lambda: client.fail(0)), None)
    expect("fail 1", thrown(lambda: client.fail(1)), NotFound(what="it"))
    expect("fail 2", thrown(lambda: client.fail(2)), Refused(code=7, reason="no"))
    expect("fail 3", thrown(lambda: client.fail(3)), TApplicationException.INTERNAL_ERROR)

    def nowhere():
        protocol.writeMessageBegin("nowhere", TMessageType.CALL, 5)
        Interop.nothing_args().write(protocol)
        protocol.writeMessageEnd()
        wrapped.flush()
        name, kind, sequence_id = protocol.readMessageBegin()
        expect("unknown method's reply", (name, kind, sequence_id),
               ("nowhere", TMessageType.EXCEPTION, 5))
        error = TApplicationException()
        error.read(protocol)
        protocol.readMessageEnd()
        raise error

    expect("unknown method", thrown(nowhere), TApplicationException.UNKNOWN_METHOD)
    client.note("first")
    client.note("second")
    expect("notes", client.notes(), ["first", "second"])
    # Several calls on their way at once are answered in order.
    for i in range(10):
        client.send_join("left", str(i))
    for i in range(10):
        expect("pipelined join", client.recv_join(), "left|%d" % i)
    wrapped.close()
    return failures


if __name__ == "__main__":
    _, _, role, socket, transport, place = sys.argv
    if role == "server":
        serve(socket, transport, place)
    sys.exit(1 if call(socket, transport, place) else 0)
