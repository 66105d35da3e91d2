#!/usr/bin/python3
"""A program that uses thriftpy, by an IDL that it loads as we do.

    peer.py server IDL URL TRANSPORT PROTOCOL   one connection after the other, and prints each call
    peer.py client IDL URL TRANSPORT PROTOCOL   calls in one connection, and prints what comes of each

IDL is users.thrift or user.thrift, URL tcp://HOST:PORT or unix://PATH, TRANSPORT buffered or framed,
PROTOCOL binary (pure Python) or cybin (thriftpy's extension). Printed are lines of JSON; a server says
first where it listens.
"""

import base64
import json
import pathlib
import socket
import sys

import thriftpy
from thriftpy.protocol import TCyBinaryProtocolFactory
from thriftpy.protocol.binary import TBinaryProtocolFactory
from thriftpy.server import TSimpleServer
from thriftpy.thrift import TApplicationException, TClient, TProcessor
from thriftpy.transport import (TBufferedTransportFactory, TFramedTransportFactory, TServerSocket,
                                TSocket)
from thriftpy.transport.buffered import TBufferedTransportFactory as PureBufferedFactory
from thriftpy.transport.framed import TFramedTransportFactory as PureFramedFactory

role, idl, url, transport, protocol = sys.argv[1:]
users = thriftpy.load(idl, module_name=pathlib.Path(idl).stem + "_thrift")
small = not hasattr(users, "Role")  # user.thrift
factories = {  # the extension's protocol goes with the extension's transports alone
    ("buffered", "cybin"): TBufferedTransportFactory, ("framed", "cybin"): TFramedTransportFactory,
    ("buffered", "binary"): PureBufferedFactory, ("framed", "binary"): PureFramedFactory,
}
transports = factories[transport, protocol]()
protocols = (TCyBinaryProtocolFactory if protocol == "cybin" else TBinaryProtocolFactory)()
scheme, _, place = url.partition("://")


def to_json(value):
    """As plain JSON has it; thriftpy has text where bytes are UTF-8."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, (list, tuple, set)):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    if hasattr(value, "thrift_spec"):
        return {name: to_json(item) for name, item in vars(value).items() if item is not None}
    return value


def say(*words):
    print(json.dumps(to_json(words)), flush=True)


def zoe():
    if small:
        return users.User(id="7", name="Zo\u00eb \u2615", age=33)
    return users.User(id="7", name="Zo\u00eb \u2615", age=33, role=users.Role.ADMIN,
                      addresses=[users.Address(city="Ulm", floor=-2), users.Address(city="")],
                      counts={"big": 2**63 - 1, "small": -2**63}, groups=[5, -5], key=b"\x00\xff\x80",
                      score=-0.5, active=True, level=-128, visits=4)


class Handler:
    """The users; each call is told before it is answered."""

    def sum(self, numbers):
        say("sum", numbers)
        return sum(numbers)

    def getUser(self, user_id):  # pylint: disable=invalid-name
        say("getUser", user_id)
        if user_id == "0":
            raise users.NotFound(what="nobody is 0", code=404)
        if user_id == "-1":
            raise users.Refused(why="a negative id")
        return zoe().name if small else zoe()

    def updateUser(self, user_id, user):  # pylint: disable=invalid-name
        if small:  # thriftpy passes arguments by their ids, which fall
            user_id, user = user, user_id
        say("updateUser", user_id, user)
        if user_id == "-1":
            raise users.Refused(why="a negative id")

    def getAllUsers(self):  # pylint: disable=invalid-name
        say("getAllUsers")
        return [zoe(), users.User(id="8", name="", age=0)]

    def ping(self):
        say("ping")

    def note(self, text, level):
        say("note", text, level)


class Listener(TServerSocket):
    """On any port, and says on which; thriftpy's own wants an option that UNIX sockets need not have."""

    def listen(self):
        if scheme == "unix":
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.bind(place)
        else:
            host, _, port = place.rpartition(":")
            self.sock = socket.create_server((host, int(port)))
        self.sock.listen()
        where = self.sock.getsockname()
        say(where if scheme == "unix" else "%s:%d" % where)


def serve():
    TSimpleServer(TProcessor(users.UserService, Handler()), Listener(), transports, protocols).serve()


def call():
    if scheme == "unix":
        end = TSocket(unix_socket=place)
    else:
        host, _, port = place.rpartition(":")
        end = TSocket(host, int(port))
    end.set_timeout(30000)
    stream = transports.get_transport(end)
    client = TClient(users.UserService, protocols.get_protocol(stream))
    stream.open()

    declared = () if small else (users.NotFound, users.Refused)

    def shows(method, *words, **named):
        try:
            say("result", getattr(client, method)(*words, **named))
        except declared as error:
            say(type(error).__name__, error)
        except TApplicationException as error:
            say("TApplicationException", error.type, error.message)

    shows("getUser", "7")
    if not small:
        shows("note", "thriftpy sends it as a call that expects a reply", 3)
        shows("sum", [1, -2, 2**62])  # what follows must not take a reply to note for its own
    shows("updateUser", userId="7", updatedUser=zoe())
    shows("getAllUsers")
    if not small:
        shows("ping")
    stream.close()


{"server": serve, "client": call}[role]()
