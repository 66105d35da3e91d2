"""What peers there are: how each is built and started, and which combinations its library has."""

import dataclasses
import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
IDL = HERE / "cross.thrift"
PLAIN = ("binary", "compact", "json", "header")
MULTI = ("multi", "multic", "multij", "multih")


@dataclasses.dataclass(frozen=True)
class Case:
    language: str
    protocol: str
    transport: str
    socket: str

    def name(self):
        return "interop.peers.%s.%s-%s-%s" % (self.language, self.protocol, self.transport,
                                              self.socket)


def run(*command, **options):
    """Runs a step of a build; what it says is shown where it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise SystemExit("%s ended with %d\n%s" % (" ".join(map(str, command)), done.returncode,
                                                  done.stdout))
    return done.stdout


def works(*command):
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              stdin=subprocess.DEVNULL, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def debian_version(package):
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return "%s %s" % (package, found.partition("-")[0])


class Peer:
    name = ""
    generator = ""
    protocols = ("binary", "compact", "json", "multi", "multic", "multij")
    transports = {"ip": ("buffered", "framed")}  # by socket
    quick = False

    def __init__(self, folder, certs):
        self.folder, self.certs = folder, certs
        self.gen = folder / "gen"

    def why_not(self):
        if shutil.which("thrift") is None:
            return "no thrift-compiler"
        return self.missing()

    def missing(self):
        """Why its library or language cannot be had; None where it can."""
        raise NotImplementedError

    def build(self):
        self.gen.mkdir(parents=True, exist_ok=True)
        run("thrift", "--gen", self.generator, "-out", self.gen, IDL)

    def command(self, role):
        raise NotImplementedError

    def environment(self):
        return dict(os.environ)

    def is_quick(self, case):
        """Whether the combination is one of those that every run of the tests has."""
        return case.socket == "ip" and case.protocol in ("binary", "compact", "json", "header", "multi")

    def has(self, role, case):
        """Whether the library has that side of it."""
        return True

    def cases(self):
        for socket, transports in self.transports.items():
            for transport in transports:
                for protocol in self.protocols:
                    yield Case(self.name, protocol, transport, socket)


class Python(Peer):
    name = "py"
    generator = "py"
    protocols = PLAIN + MULTI + ("accel", "accelc")
    transports = {"ip": ("buffered", "framed", "zlib", "http"),
                  "ssl": ("buffered", "framed", "http"),
                  "domain": ("buffered", "framed")}
    python = "/usr/bin/python3"  # the one that Debian's packages belong to
    quick = True

    def library(self):
        return debian_version("python3-thrift")

    def missing(self):
        if not works(self.python, "-c", "from thrift.protocol import TBinaryProtocol"):
            return "no python3-thrift, or no python3-six, which it needs"
        return None

    def command(self, role):
        return [self.python, HERE / "py/peer.py", role]

    def environment(self):
        return dict(os.environ, PYTHONPATH=str(self.gen))


class Cpp(Peer):
    name = "cpp"
    generator = "cpp"
    protocols = PLAIN + MULTI
    transports = {"ip": ("buffered", "framed", "evframed", "zlib", "http"),
                  "ssl": ("buffered", "framed", "zlib", "http"),
                  "domain": ("buffered", "framed", "zlib"),
                  "abstract": ("buffered", "framed")}

    def library(self):
        return debian_version("libthrift-dev")

    def missing(self):
        if not pathlib.Path("/usr/include/thrift/Thrift.h").exists():
            return "no libthrift-dev"
        if shutil.which("g++") is None:
            return "no g++"
        return None

    def build(self):
        super().build()
        sources = [HERE / "cpp/peer.cpp"] + [self.gen / name for name in
                                             ("ThriftTest.cpp", "SecondService.cpp", "cross_types.cpp")]
        ccache = ["ccache"] if shutil.which("ccache") else []
        objects = [self.folder / (source.stem + ".o") for source in sources]
        for source, made in zip(sources, objects):
            run(*ccache, "g++", "-std=c++17", "-O1", "-I", self.gen, "-c", source, "-o", made)
        run("g++", *objects, "-lthrift", "-lthriftz", "-lthriftnb", "-levent", "-lssl", "-lcrypto",
            "-lz", "-lpthread", "-o", self.folder / "peer")

    def command(self, role):
        return [self.folder / "peer", role]


class Node(Peer):
    name = "node"
    generator = "js:node"
    protocols = PLAIN + MULTI
    transports = {"ip": ("buffered", "framed", "http"), "ssl": ("buffered", "framed", "http"),
                  "domain": ("buffered", "framed")}

    def library(self):
        return "npm's thrift 0.17.0"

    def missing(self):
        """From the registry, once a build folder."""
        if shutil.which("node") is None or shutil.which("npm") is None:
            return "no nodejs and npm"
        if (self.folder / "node_modules/thrift").exists():
            return None
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "node/package.json", self.folder)
        if not works("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts",
                     "--prefix", str(self.folder)):
            return "npm cannot install thrift 0.17.0"
        return None

    def command(self, role):
        return ["node", HERE / "node/peer.js", role]

    def environment(self):
        return dict(os.environ, NODE_PATH="%s:%s" % (self.folder / "node_modules", self.gen))


class Ruby(Peer):
    name = "rb"
    generator = "rb"
    protocols = ("binary", "compact", "json", "multi", "multic", "multij", "accel")
    transports = {"ip": ("buffered", "framed", "http"), "ssl": ("buffered", "framed"),
                  "domain": ("buffered", "framed")}

    def library(self):
        return debian_version("ruby-thrift")

    def missing(self):
        return None if works("ruby", "-e", "require 'thrift'") else "no ruby-thrift"

    def command(self, role):
        return ["ruby", "-I", self.gen, HERE / "rb/peer.rb", role]

    def has(self, role, case):
        return role == "client" or case.transport != "http"  # its server wants the gem thin


class Perl(Peer):
    name = "pl"
    generator = "perl"
    protocols = ("binary", "multi")
    transports = {"ip": ("buffered", "framed", "http"), "ssl": ("buffered", "framed"),
                  "domain": ("buffered", "framed")}

    def library(self):
        return debian_version("libthrift-perl")

    def missing(self):
        if not works("perl", "-MThrift", "-MBit::Vector", "-e", "1"):
            return "no libthrift-perl"
        if not works("perl", "-MIO::Socket::SSL", "-MThrift::HttpClient", "-MClass::Accessor",
                     "-e", "1"):
            return "no libclass-accessor-perl, libio-socket-ssl-perl, libio-string-perl or libwww-perl"
        return None

    def command(self, role):
        return ["perl", "-I", self.gen, HERE / "pl/peer.pl", role]

    def has(self, role, case):
        return role == "client" or case.transport != "http"


class Php(Peer):
    name = "php"
    generator = "php:server"
    protocols = ("binary", "compact", "json", "multi", "multic", "multij", "accel")
    transports = {"ip": ("buffered", "framed", "http"), "ssl": ("buffered", "framed", "http")}

    def library(self):
        return debian_version("php-thrift")

    def missing(self):
        if not works("php", "-r", "require '/usr/lib/php/Base/TBase.php';"):
            return "no php-cli or php-thrift"
        return None

    def command(self, role):
        return ["php", "-d", "openssl.cafile=%s/CA.pem" % self.certs, HERE / "php/peer.php", role]

    def environment(self):
        return dict(os.environ, PEER_GEN=str(self.gen))

    def has(self, role, case):
        return role == "client" or case.socket == "ip"


class Java(Peer):
    name = "java"
    generator = "java:generated_annotations=suppress"
    transports = {"ip": ("buffered", "framed", "fastframed", "evframed", "zlib", "http"),
                  "ssl": ("buffered", "framed")}
    jars = ["/usr/share/java/%s.jar" % name for name in ("thrift", "slf4j-api", "slf4j-nop")]

    def library(self):
        return debian_version("libthrift-java")

    def missing(self):
        if not all(pathlib.Path(jar).exists() for jar in self.jars):
            return "no libthrift-java, or no libslf4j-java, which it needs"
        return None if works("javac", "-version") else "no default-jdk-headless"

    def build(self):
        super().build()
        run("javac", "-nowarn", "-cp", ":".join(self.jars), "-d", self.folder / "classes",
            *sorted(self.gen.glob("cross/*.java")), HERE / "java/Peer.java")
        # Java keeps certificates in stores of its own.
        for side in ("server", "client"):
            run("openssl", "pkcs12", "-export", "-in", self.certs / (side + ".pem"), "-passout",
                "pass:thrift", "-out", self.folder / (side + ".p12"))
        trust = self.folder / "trust.p12"
        trust.unlink(missing_ok=True)
        run("keytool", "-importcert", "-noprompt", "-file", self.certs / "CA.pem", "-storetype",
            "PKCS12", "-storepass", "thrift", "-keystore", trust)

    def command(self, role):
        return ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
                ":".join([str(self.folder / "classes")] + self.jars), "Peer", role]

    def environment(self):
        return dict(os.environ, PEER_STORES=str(self.folder))

    def has(self, role, case):
        return role == "client" or case.transport != "http"  # its server is a servlet


PEERS = {peer.name: peer for peer in (Python, Cpp, Node, Ruby, Perl, Php, Java)}
