"""Bad bytes on the socket: wrong protocols, half messages, noise.  The daemon refuses each as
docs/FORMATS.md promises, closes what cannot go on, and answers the next good question.

    bad_bytes.py ADDRESS FOLDER STUBS
"""

import base64
import random
import socket
import ssl
import struct
import sys
import urllib.parse

import grpc

address, folder, stubs = sys.argv[1:4]
sys.path.insert(0, stubs)

from carnet.v1 import registry_pb2  # noqa: E402
from google.rpc import status_pb2  # noqa: E402
from hpack import Fields  # noqa: E402
from house import CALL_SECONDS, House  # noqa: E402

host, port = address.rsplit(":", 1)
house = House(None, folder, address)
faults = []
tried = 0
PATIENCE = 10

MAGIC = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 7, 8
END_STREAM, END_HEADERS = 1, 4


def wrong(text):
    print(text, file=sys.stderr, flush=True)
    faults.append(text)


question = registry_pb2.CheckRequest(
    exporter="line-plus", categories=["user.contact"], purpose="essential.service",
    recipients=[registry_pb2.Recipient(party="carrier-be")]).SerializeToString()
framed = b"\0" + struct.pack(">I", len(question)) + question


def still_answers(what):
    """On a connection of its own: bad bytes on one must not reach another."""
    global tried
    tried += 1
    with house.channel("checker") as channel:
        ask = channel.unary_unary("/carnet.v1.TransferService/Check")
        try:
            if not ask(question, timeout=CALL_SECONDS):
                wrong(f"{what}: afterwards an empty answer")
        except grpc.RpcError as error:
            wrong(f"{what}: afterwards {error.code()}: {error.details()}")


# ---------------------------------------------------------------------------
# Sockets

def plain():
    return socket.create_connection((host, int(port)), PATIENCE)


def context(role="checker"):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.load_verify_locations(f"{folder}/ca.pem")
    if role:
        tls.load_cert_chain(f"{folder}/{role}.pem", f"{folder}/{role}.key")
    tls.set_alpn_protocols(["h2"])
    return tls


def secure(tls=None):
    return (tls or context()).wrap_socket(plain(), server_hostname="localhost")


def read_to_end(connection):
    """Everything until the peer closes; None if it does not."""
    out = b""
    try:
        while True:
            part = connection.recv(65536)
            if not part:
                return out
            out += part
    except socket.timeout:
        return None
    except OSError:  # a reset closes as well
        return out


# ---------------------------------------------------------------------------
# Handshakes

def no_handshake(what, tls, alert):
    """The alert that says why.  TLS 1.3 tells a client about its certificate only once it reads."""
    said = "nothing"
    try:
        with secure(tls) as connection:
            connection.sendall(PREFACE)
            if connection.recv(9):
                wrong(f"{what}: the daemon speaks")
    except OSError as error:
        said = str(error)
    if alert not in said:
        wrong(f"{what}: the client is told '{said}', expected '{alert}'")
    still_answers(what)


def handshakes():
    old = context()
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    no_handshake("TLS 1.2", old, "alert protocol version")
    other = context()
    other.set_alpn_protocols(["http/1.1"])
    no_handshake("HTTP/1.1 by ALPN", other, "alert no application protocol")
    no_handshake("no certificate", context(None), "alert certificate required")
    with plain() as connection:
        connection.sendall(b"POST /carnet.v1.TransferService/Check HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = read_to_end(connection)
    if answer is None or b"HTTP/" in answer:
        wrong(f"plain HTTP on the TLS port: {answer!r}")
    still_answers("plain HTTP on the TLS port")
    with plain() as connection:
        connection.sendall(PREFACE)
        answer = read_to_end(connection)
    if answer is None or answer[3:4] == bytes([SETTINGS]):
        wrong(f"plain HTTP/2 on the TLS port: {answer!r}")
    still_answers("plain HTTP/2 on the TLS port")
    half_handshakes(context())


def half_handshakes(tls):
    """A client hello, cut at several lengths; the daemon must not wait on it for others."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    talk = tls.wrap_bio(incoming, outgoing, server_hostname="localhost")
    try:
        talk.do_handshake()
    except ssl.SSLWantReadError:
        pass
    hello = outgoing.read()
    waiting = []
    for size in (1, 5, 100, len(hello) - 1):
        waiting.append(plain())
        waiting[-1].sendall(hello[:size])
    still_answers("half a handshake")
    for connection in waiting:
        connection.close()
    still_answers("half a handshake, closed")


# ---------------------------------------------------------------------------
# HTTP/2 by hand

def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


# A client's first words, with windows that no answer fills.
PREFACE = (MAGIC + frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 1 << 24)) +
           frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 << 24)))


def headers(**more):
    """HPACK: literals without indexing (RFC 7541, 6.2.2), nothing shared."""
    fields = {":method": "POST", ":scheme": "https", ":path": "/carnet.v1.TransferService/Check",
              ":authority": "localhost", "content-type": "application/grpc", "te": "trailers"}
    fields.update({name.replace("_", "-"): value for name, value in more.items()})
    return b"".join(b"\0" + text(name) + text(value) for name, value in fields.items() if value is not None)


def text(value):
    raw = value.encode("ascii")
    if len(raw) > 126:
        raise ValueError("one byte of length is enough here")
    return bytes([len(raw)]) + raw


def frames(data):
    while len(data) >= 9:
        size = int.from_bytes(data[:3], "big")
        yield data[3], data[4], int.from_bytes(data[5:9], "big"), data[9:9 + size]
        data = data[9 + size:]


def talk(*parts, patience=PATIENCE):
    """Sends frames on a new connection, and returns what came back."""
    with secure() as connection:
        connection.sendall(PREFACE + b"".join(parts))
        connection.settimeout(patience)
        out = b""
        try:
            while not ended(out):
                part = connection.recv(65536)
                if not part:
                    break
                out += part
        except OSError:
            pass
        return list(frames(out))


def ended(data):
    """The stream has its answer, or the connection its end."""
    return any(kind in (RST_STREAM, GOAWAY) or (stream == 1 and flags & END_STREAM)
               for kind, flags, stream, _ in frames(data))


def fields_of(answer):
    """What the daemon says of stream 1 before and after its message, all that came of it."""
    fields, all_fields = Fields(), {}
    for kind, _, stream, payload in answer:
        if kind == HEADERS and stream == 1:
            all_fields.update(fields.read(payload))
    return all_fields


def ends(what, expected, *parts):
    """With this grpc-status."""
    answer = talk(*parts)
    got = fields_of(answer).get("grpc-status")
    if got != str(expected):
        wrong(f"{what}: grpc-status {got}, expected {expected}; {[(k, s) for k, _, s, _ in answer]}")
    still_answers(what)


def violation(text):
    """"field: what", or "Message is ..."."""
    field, colon, rest = text.partition(": ")
    return (field, rest) if " " not in field else (field.split(" ")[0], text)


def fails(what, status, reason, text, *parts):
    """With this status and reason, and the whole of what a person is told: what is wrong, and the cure."""
    fields = fields_of(talk(*parts))
    told = urllib.parse.unquote(fields.get("grpc-message", ""))
    packed = fields.get("grpc-status-details-bin", "")
    details = status_pb2.Status.FromString(base64.b64decode(packed + "=" * (-len(packed) % 4)))
    if fields.get("grpc-status") != str(status) or told != text:
        wrong(f"{what}: {fields.get('grpc-status')} '{told}', expected {status} '{text}'")
    if (details.code, details.message) != (status, text):
        wrong(f"{what}: the details say {details.code} '{details.message}', expected {status} '{text}'")
    infos, violations = [], []
    for detail in details.details:
        if detail.type_url.endswith("google.rpc.ErrorInfo"):
            info = status_pb2.ErrorInfo.FromString(detail.value)
            infos.append((info.reason, info.domain))
        elif detail.type_url.endswith("google.rpc.BadRequest"):
            bad = status_pb2.BadRequest.FromString(detail.value)
            violations += [(one.field, one.description) for one in bad.field_violations]
    if infos != [(reason, "carnet")]:
        wrong(f"{what}: the reason is {infos}, expected {reason} of carnet")
    if violations != ([violation(text)] if status == INVALID else []):
        wrong(f"{what}: the fields are {violations}")
    still_answers(what)


def http_status(what, expected, *parts):
    """An answer of plain HTTP, of which nothing else is said."""
    got = fields_of(talk(*parts))
    if got.get(":status") != expected or "grpc-status" in got:
        wrong(f"{what}: {got}, expected {expected}")
    still_answers(what)


def goes(what, *parts):
    """Whatever the daemon says, the connection ends or is silent, and nobody else notices."""
    talk(*parts)
    still_answers(what)


OK, INVALID, LATE, EXHAUSTED, UNIMPLEMENTED, INTERNAL = 0, 3, 4, 8, 12, 13
CUT = "the request ends in the middle of a message; send five bytes of prefix and as many as they say"
MANY = "the method takes one message; more came: ask with a call for each"
NONE = "the method takes one message; none came: send one, even if it is empty"
COMPRESSED = "the message is compressed; send it with grpc-encoding identity"
TIMEOUT = "grpc-timeout: malformed; write one to eight digits and a unit, H, M, S, m, u or n"


def calls():
    opened = frame(HEADERS, END_HEADERS, 1, headers())
    ends("a good question by hand", OK, opened, frame(DATA, END_STREAM, 1, framed))
    for size in (1, 4, 5, 6, len(framed) - 1):
        fails(f"{size} bytes of a frame", INTERNAL, "PROTOCOL", CUT, opened, frame(DATA, END_STREAM, 1, framed[:size]))
    fails("no message at all", UNIMPLEMENTED, "NOT_IMPLEMENTED", NONE, opened, frame(DATA, END_STREAM, 1, b""))
    fails("nothing but headers", UNIMPLEMENTED, "NOT_IMPLEMENTED", NONE,
          frame(HEADERS, END_HEADERS | END_STREAM, 1, headers()))
    fails("two messages", UNIMPLEMENTED, "NOT_IMPLEMENTED", MANY, opened, frame(DATA, END_STREAM, 1, framed + framed))
    fails("a message said to be 4 GB", EXHAUSTED, "TOO_LARGE",
          f"the message has {2 ** 32 - 1} bytes; the limit is {4 << 20}: send less at a time",
          opened, frame(DATA, 0, 1, b"\0\xff\xff\xff\xff" + question))
    fails("a compressed message without its name", UNIMPLEMENTED, "NOT_IMPLEMENTED", COMPRESSED, opened,
          frame(DATA, END_STREAM, 1, b"\1" + framed[1:]))
    fails("compression that is named", UNIMPLEMENTED, "NOT_IMPLEMENTED",
          "grpc-encoding: messages must not be compressed; send them with identity",
          frame(HEADERS, END_HEADERS, 1, headers(grpc_encoding="gzip")), frame(DATA, END_STREAM, 1, framed))
    fails("a frame that begins with 7", INTERNAL, "PROTOCOL",
          "a message begins with byte 7; send 0, which says that it is not compressed",
          opened, frame(DATA, END_STREAM, 1, b"\7" + framed[1:]))
    fails("a message that is none", INVALID, "INVALID_REQUEST",
          "CheckRequest is malformed: a value is cut off or has no type", opened,
          frame(DATA, END_STREAM, 1, b"\0\0\0\0\1\x0a"))
    fails("a method that is none", UNIMPLEMENTED, "NOT_IMPLEMENTED",
          "there is no method /carnet.v1.TransferService/Chekc",
          frame(HEADERS, END_HEADERS, 1, headers(**{":path": "/carnet.v1.TransferService/Chekc"})),
          frame(DATA, END_STREAM, 1, framed))
    for timeout in ("", "1", "S", "-1S", "1Y", "123456789S", "1.5S"):
        fails(f"the timeout '{timeout}'", INVALID, "INVALID_REQUEST", TIMEOUT,
              frame(HEADERS, END_HEADERS, 1, headers(grpc_timeout=timeout)), frame(DATA, END_STREAM, 1, framed))
    fails("a deadline of now", LATE, "DEADLINE_EXCEEDED", "the deadline has passed; allow more in grpc-timeout",
          frame(HEADERS, END_HEADERS, 1, headers(grpc_timeout="0n")), frame(DATA, END_STREAM, 1, framed))
    http_status("GET", "405", frame(HEADERS, END_HEADERS | END_STREAM, 1, headers(**{":method": "GET"})))
    http_status("JSON", "415", frame(HEADERS, END_HEADERS, 1, headers(content_type="application/json")),
                frame(DATA, END_STREAM, 1, b"{}"))
    http_status("no content type", "415", frame(HEADERS, END_HEADERS, 1, headers(content_type=None)),
                frame(DATA, END_STREAM, 1, framed))


def protocol():
    opened = frame(HEADERS, END_HEADERS, 1, headers())
    goes("half a header block", frame(HEADERS, END_HEADERS, 1, headers()[:-5]))
    goes("noise for headers", frame(HEADERS, END_HEADERS, 1, b"\xff" * 200))
    goes("a header in capitals", frame(HEADERS, END_HEADERS, 1, headers(X_Capital="1")),
         frame(DATA, END_STREAM, 1, framed))
    goes("a timeout with a space before it", frame(HEADERS, END_HEADERS, 1, headers(grpc_timeout=" 1S")))
    goes("no path", frame(HEADERS, END_HEADERS, 1, headers(**{":path": None})), frame(DATA, END_STREAM, 1, framed))
    goes("an even stream", frame(HEADERS, END_HEADERS, 2, headers()))
    goes("data without a stream", frame(DATA, END_STREAM, 1, framed))
    goes("data on stream 0", frame(DATA, END_STREAM, 0, framed))
    goes("a frame of 16 MB", opened, b"\xff\xff\xff\x00\x01\x00\x00\x00\x01")
    goes("settings of 5 bytes", frame(SETTINGS, 0, 0, b"12345"))
    goes("a window of nothing", frame(WINDOW_UPDATE, 0, 0, b"\0\0\0\0"))
    goes("a frame nobody knows", frame(77, 255, 1, b"x" * 100), opened, frame(DATA, END_STREAM, 1, framed))
    talk(opened, frame(DATA, END_STREAM, 1, framed), frame(RST_STREAM, 0, 1, b"\0\0\0\x08"), patience=0.2)
    still_answers("a question taken back")
    chance = random.Random(1)
    for size in (1, 9, 24, 1000, 65536):
        with secure() as connection:
            try:
                connection.sendall(bytes(chance.randrange(256) for _ in range(size)))
            except OSError:
                pass
        still_answers(f"{size} bytes of noise within TLS")
    with plain() as connection:
        connection.sendall(bytes(chance.randrange(256) for _ in range(5000)))
    still_answers("noise on the socket")
    for _ in range(50):  # half a question, and gone
        connection = secure()
        connection.sendall(PREFACE + opened + frame(DATA, 0, 1, framed[:20]))
        connection.close()
    still_answers("fifty who went in the middle of a question")
    for _ in range(50):  # a whole question, and gone before the answer
        connection = secure()
        connection.sendall(PREFACE + opened + frame(DATA, END_STREAM, 1, framed))
        connection.close()
    still_answers("fifty who did not wait for the answer")


def main():
    still_answers("at first")
    for part in (handshakes, calls, protocol):
        part()
    print(f"bad bytes: {tried} tried, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
