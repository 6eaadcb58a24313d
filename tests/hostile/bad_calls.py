"""Bad input through gRPC: each kind gets the answer that docs/FORMATS.md promises, and after each the
daemon answers a good question.

    bad_calls.py ADDRESS FOLDER STUBS
"""

import sys

import grpc

address, folder, stubs = sys.argv[1:4]
sys.path.insert(0, stubs)

from carnet.v1 import receipt_pb2, registry_pb2, transfer_pb2  # noqa: E402
from google.rpc import status_pb2  # noqa: E402
from house import CALL_SECONDS, House  # noqa: E402

Code = grpc.StatusCode
TRANSFER, REGISTRY, RECEIPT = (f"/carnet.v1.{name}Service/" for name in ("Transfer", "Registry", "Receipt"))
LARGE = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1),
         ("grpc.max_metadata_size", 1 << 20)]

house = House(None, folder, address)
channels = {role: house.channel(role, LARGE) for role in ("checker", "editor", "approver", "auditor")}
faults = []
tried = 0


def wrong(text):
    print(text, file=sys.stderr, flush=True)
    faults.append(text)


# ---------------------------------------------------------------------------
# Calling

class Failed:
    """How a call ended that did not end well."""

    def __init__(self, error):
        self.code = error.code()
        self.text = error.details()
        self.reason, self.domain, self.fields, self.retry = None, None, [], False
        packed = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
        self.status = status_pb2.Status.FromString(packed)
        for detail in self.status.details:
            self.read(detail)

    def read(self, detail):
        kind = detail.type_url.rsplit(".", 1)[-1]
        if kind == "ErrorInfo":
            info = status_pb2.ErrorInfo.FromString(detail.value)
            self.reason, self.domain = info.reason, info.domain
        elif kind == "BadRequest":
            bad = status_pb2.BadRequest.FromString(detail.value)
            self.fields = [violation.field for violation in bad.field_violations]
        elif kind == "RetryInfo":
            self.retry = True


def call(role, method, message, metadata=(), **options):
    """The answer's bytes, or Failed.  The message may be any bytes."""
    raw = message if isinstance(message, bytes) else message.SerializeToString()
    try:
        return channels[role].unary_unary(method)(raw, timeout=CALL_SECONDS, metadata=metadata, **options)
    except grpc.RpcError as error:
        return Failed(error)


def question(**fields):
    values = {"exporter": "line-plus", "categories": ["user.contact.phone_number"],
              "purpose": "essential.service",
              "recipients": [registry_pb2.Recipient(party="carrier-be")], **fields}
    return registry_pb2.CheckRequest(**{name: value for name, value in values.items() if value is not None})


good_question = question().SerializeToString()


def still_answers(what):
    answer = call("checker", TRANSFER + "Check", good_question)
    if isinstance(answer, Failed):
        wrong(f"{what}: afterwards a good question gets {answer.code}: {answer.text}")
        return
    response = transfer_pb2.CheckResponse.FromString(answer)
    if response.decision.verdict == 0 or not response.receipt.leaf:
        wrong(f"{what}: afterwards a good question is not answered")


def refused(what, got, code, reason, text, fields=None):
    """The call must have failed so, and the daemon go on."""
    global tried
    tried += 1
    if not isinstance(got, Failed):
        wrong(f"{what}: OK, expected {code}")
    elif (got.code, got.reason, got.domain) != (code, reason, "carnet") or text not in got.text:
        wrong(f"{what}: {got.code} {got.reason} of {got.domain}, '{got.text}'; expected {code} {reason} "
              f"of carnet, '{text}'")
    elif code == Code.INVALID_ARGUMENT and not got.fields:
        wrong(f"{what}: no field is named")
    elif fields is not None and got.fields != fields:
        wrong(f"{what}: the fields {got.fields}, expected {fields}")
    elif got.status.code != code.value[0] or got.text not in got.status.message:
        wrong(f"{what}: the status in the details says {got.status.code} '{got.status.message}'")
    elif got.retry != (code == Code.UNAVAILABLE):
        wrong(f"{what}: RetryInfo {got.retry}")
    still_answers(what)


def lacks(role, other):
    return f"spiffe://carnet.dev/role/{role} lacks the role {other}"


OTHER_LOG = "this daemon keeps the log 'carnet.dev/n1', not 'nobody/n1'"
COMPRESSED = "grpc-encoding: messages must not be compressed; send them with identity"


# ---------------------------------------------------------------------------
# Words that nobody knows are answered: a denial, with its receipt

def unknown(what, code, field, given, meant, request):
    global tried
    tried += 1
    answer = call("checker", TRANSFER + "Check", request)
    if isinstance(answer, Failed):
        wrong(f"{what}: {answer.code} '{answer.text}', expected a denial")
        return
    response = transfer_pb2.CheckResponse.FromString(answer)
    decision = response.decision
    near = [(one.field, one.given, one.did_you_mean) for one in decision.did_you_mean]
    if decision.verdict != registry_pb2.VERDICT_DENIED or decision.authorises:
        wrong(f"{what}: the verdict is {decision.verdict}")
    if code not in [reason.code for reason in decision.reasons]:
        wrong(f"{what}: the reasons are {[reason.code for reason in decision.reasons]}, expected {code}")
    if meant and (field, given, meant) not in near:
        wrong(f"{what}: did-you-mean is {near}, expected {(field, given, meant)}")
    if not meant and near:
        wrong(f"{what}: did-you-mean is {near}, expected none")
    if not response.receipt.leaf or not response.receipt.checkpoint:
        wrong(f"{what}: no receipt")
    still_answers(what)


AREAS = ("AT BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK CH GB US CA JP KR AU NZ "
         "SG TH VN PH MY ID").split()


def someone(**fields):
    return [registry_pb2.Recipient(**{"party": "carrier-be", **fields})]


def unknown_words():
    unknown("an unknown party", "UNKNOWN_PARTY", "recipients[0].party", "carrier-bee", "carrier-be",
            question(recipients=someone(party="carrier-bee")))
    unknown("an unknown exporter", "UNKNOWN_PARTY", "exporter", "line-plsu", "line-plus",
            question(exporter="line-plsu"))
    unknown("an unknown area", "UNKNOWN_AREA", "recipients[0].storage[0]", "KRR", "KR",
            question(recipients=someone(storage=["KRR"])))
    unknown("an unknown area of access", "UNKNOWN_AREA", "recipients[0].access[1]", "JPP", "JP",
            question(recipients=someone(access=["KR", "JPP"])))
    unknown("an unknown category", "UNKNOWN_CATEGORY", "categories[0]", "user.contact.phone_nunber",
            "user.contact.phone_number", question(categories=["user.contact.phone_nunber"]))
    unknown("an unknown purpose", "UNKNOWN_PURPOSE", "purpose", "essential.servcie", "essential.service",
            question(purpose="essential.servcie"))
    unknown("an unknown data-set", "UNKNOWN_DATA_SET", "data_set", "line-out-acounts", "line-out-accounts",
            question(data_set="line-out-acounts", categories=None))
    unknown("a party like no other", "UNKNOWN_PARTY", "recipients[0].party", "\u0645\u0631\u062d\u0628\u0627",
            "", question(recipients=someone(party="\u0645\u0631\u062d\u0628\u0627")))
    unknown("a party of control characters", "UNKNOWN_PARTY", "recipients[0].party", "\x01\x1b[2J", "",
            question(recipients=someone(party="\x01\x1b[2J")))


# ---------------------------------------------------------------------------
# Malformed questions

# What each of them is told, whole: what is wrong, and the cure.
TEXTS = {
    "a day that does not exist": "as_of: date 2025-02-30 does not exist",
    "a word for a day": "as_of: 'tomorrow' is not a date: write YYYY-MM-DD",
    "a day without zeros": "as_of: '2025-1-1' is not a date: write YYYY-MM-DD",
    "a day with more behind it": "as_of: '2025-01-01T00:00:00Z' is not a date: write YYYY-MM-DD",
    "the year 0": "as_of: date 0000-01-01 does not exist",
    "an empty request": "exporter: missing; name the party that lets the data go, or a data-set of its own",
    "no recipients": "recipients: missing; name at least one party that gets the data",
    "an empty recipient": "recipients[0].party: missing; name the party that gets the data",
    "an empty category": "categories[0]: empty; name a data-category or leave the entry out",
    "an empty area": "recipients[0].storage[1]: empty; name an area or leave the entry out",
    "a category twice": "categories[1]: 'user' stands twice; leave one out",
    "no exporter": "exporter: missing; name the party that lets the data go, or a data-set of its own",
    "an id longer than any": "exporter: longer than 128 bytes: no id is; shorten it",
    "an access mode that is none":
        "recipients[0].mode: an enum value that this version does not know; use one of its own",
    "a fact without a value": "facts[0]: a name without its value; set both",
    "a fact without a name": "facts[0]: without a name; say which fact it is",
    "a number beyond 2^53": "facts[0].value: a number of 2^53 or more; send it as text",
    "a list within a list": "facts[0][0]: a list within a list; write one flat list",
    "a duty answered by nothing": "performs[0]: neither yes nor no; say one or leave it out",
    "1,025 recipients": "recipients: 1025 entries, at most ",
    "a party twice in a row":
        "recipients[1].party: the chain comes back to 'carrier-be', which has had the data already; "
        "end the chain before, and ask the way back as a question of its own",
    "a chain back to its exporter":
        "recipients[1].party: the chain comes back to 'line-plus', which has had the data already; "
        "end the chain before, and ask the way back as a question of its own",
    "a chain back to the data-set's exporter":
        "recipients[1].party: the chain comes back to 'line-plus', which has had the data already; "
        "end the chain before, and ask the way back as a question of its own",
    "257 areas": "recipients[0].storage: 257 entries, at most 256 are taken; ask twice",
    "1,025 categories": "categories: 1025 entries, at most 1024 are taken; ask twice",
    "a long reference": "reference: 257 bytes, at most 256 are taken",
    "a record without a kind": "given[0]: a record without a kind; set its body",
}


def bad(what, fields, request):
    got = call("checker", TRANSFER + "Check", request)
    refused(what, got, Code.INVALID_ARGUMENT, "INVALID_REQUEST", TEXTS[what], fields)
    if isinstance(got, Failed) and got.text != TEXTS[what] and not TEXTS[what].endswith(" "):
        wrong(f"{what}: '{got.text}'")


def bad_questions():
    bad("a day that does not exist", ["as_of"], question(as_of="2025-02-30"))
    bad("a word for a day", ["as_of"], question(as_of="tomorrow"))
    bad("a day without zeros", ["as_of"], question(as_of="2025-1-1"))
    bad("a day with more behind it", ["as_of"], question(as_of="2025-01-01T00:00:00Z"))
    bad("the year 0", ["as_of"], question(as_of="0000-01-01"))
    bad("an empty request", ["exporter", "recipients"], b"")
    bad("no recipients", ["recipients"], question(recipients=[]))
    bad("an empty recipient", ["recipients[0].party"], question(recipients=[registry_pb2.Recipient()]))
    bad("an empty category", ["categories[0]"], question(categories=[""]))
    bad("an empty area", ["recipients[0].storage[1]"], question(recipients=someone(storage=["KR", ""])))
    bad("a category twice", ["categories[1]"], question(categories=["user", "user"]))
    bad("no exporter", ["exporter"], question(exporter=""))
    bad("an id longer than any", ["exporter"], question(exporter="x" * 129))
    bad("an access mode that is none", ["recipients[0].mode"], question(recipients=someone(mode=99)))
    bad("a fact without a value", ["facts[0]"], question(facts=[registry_pb2.Fact(name="subject.age")]))
    bad("a fact without a name", ["facts[0]"],
        question(facts=[registry_pb2.Fact(value=registry_pb2.Value(flag=True))]))
    bad("a number beyond 2^53", ["facts[0].value"], question(facts=[registry_pb2.Fact(
        name="subject.age", value=registry_pb2.Value(number=1 << 62))]))
    bad("a list within a list", ["facts[0][0]"], question(facts=[registry_pb2.Fact(
        name="subject.age", value=registry_pb2.Value(list=registry_pb2.Values(of=[registry_pb2.Value(
            list=registry_pb2.Values())])))]))
    bad("a duty answered by nothing", ["performs[0]"],
        question(performs=[registry_pb2.Performance(duty="contract-measures")]))
    bad("1,025 recipients", ["recipients"], question(recipients=[
        registry_pb2.Recipient(party=f"p{i}") for i in range(1025)]))
    bad("a party twice in a row", ["recipients[1].party"], question(recipients=someone() * 2))
    bad("a chain back to its exporter", ["recipients[1].party"],
        question(recipients=someone() + someone(party="line-plus")))
    bad("a chain back to the data-set's exporter", ["recipients[1].party"],
        question(exporter=None, data_set="line-out-calls", recipients=someone() + someone(party="line-plus")))
    bad("257 areas", ["recipients[0].storage"], question(recipients=someone(storage=["KR"] * 257)))
    bad("1,025 categories", ["categories"], question(categories=[f"user.c{i}" for i in range(1025)]))
    bad("a long reference", ["reference"], question(reference="x" * 257))
    bad("a record without a kind", ["given[0]"], question(given=[registry_pb2.Record(id="x")]))
    listed = registry_pb2.ListRecordsResponse.FromString(call("auditor", REGISTRY + "List",
        registry_pb2.ListRecordsRequest(kind="data-category", page_size=60)))
    known = [stored.record.id for stored in listed.records]
    got = call("checker", TRANSFER + "Check", question(
        categories=known, recipients=someone(storage=AREAS[:20], access=AREAS[20:])))
    refused(f"{len(known)} categories for 40 areas", got, Code.INVALID_ARGUMENT, "INVALID_REQUEST",
            "legs (recipients' areas times categories), at most 1024 are judged: ask for fewer at a time", ["recipients"])
    got = call("checker", TRANSFER + "Check", question(known_at=1 << 60))
    refused("a revision far ahead", got, Code.INVALID_ARGUMENT, "INVALID_REQUEST",
            "is not known yet; the newest is 1", ["known_at"])
    got = call("checker", TRANSFER + "Check", question(min_revision=1 << 60))
    refused("a revision to wait for", got, Code.UNAVAILABLE, "REVISION_NOT_REACHED",
            f"the registry is at revision 1, not yet {1 << 60}")
    # Everything wrong at once must not lose the details.
    got = call("checker", TRANSFER + "Check", question(categories=["x" * 300 + str(i) for i in range(100)]))
    refused("a hundred things wrong", got, Code.INVALID_ARGUMENT, "INVALID_REQUEST",
            "categories[0]: longer than 128 bytes: no id is; shorten it")
    got = call("checker", TRANSFER + "BatchCheck", transfer_pb2.BatchCheckRequest(items=[question()] * 1001))
    refused("1,001 questions", got, Code.INVALID_ARGUMENT, "INVALID_REQUEST", "items: at most 1,000", ["items"])
    # No questions have no answers, and that is no error.
    got = call("checker", TRANSFER + "BatchCheck", transfer_pb2.BatchCheckRequest())
    if isinstance(got, Failed) or transfer_pb2.BatchCheckResponse.FromString(got).items:
        wrong(f"an empty batch: {got}")
    got = call("checker", TRANSFER + "Check", question(request_id="x" * 129))
    refused("a long request id", got, Code.INVALID_ARGUMENT, "INVALID_REQUEST",
            "request_id: 129 bytes, at most 128 are taken", ["request_id"])
    call("checker", TRANSFER + "Check", question(request_id="bad-calls-1"))
    got = call("checker", TRANSFER + "Check", question(request_id="bad-calls-1", purpose="essential"))
    refused("a request id with another question", got, Code.ALREADY_EXISTS, "REQUEST_ID_REUSED",
            "the request id 'bad-calls-1' was used with another request")


def bad_items():
    """One bad item never fails the others."""
    global tried
    tried += 1
    answer = call("checker", TRANSFER + "BatchCheck", transfer_pb2.BatchCheckRequest(
        items=[question(), question(as_of="2025-02-30"), question(recipients=someone(party="nobody"))]))
    if isinstance(answer, Failed):
        wrong(f"a bad item: {answer.code} '{answer.text}'")
        return
    items = transfer_pb2.BatchCheckResponse.FromString(answer).items
    got = [item.WhichOneof("result") for item in items]
    if got != ["response", "error", "response"] or items[1].error.code != Code.INVALID_ARGUMENT.value[0]:
        wrong(f"a bad item: {got}, code {items[1].error.code}")
    still_answers("a bad item")


# ---------------------------------------------------------------------------
# Bytes that are no message

def field(number, payload):
    """One length-delimited field."""
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def nested(limit):
    """Condition.not in Condition.not ... in a rulebook's `applies` in a given record."""
    layers, size = [], 0
    while size < limit:
        layers.append(varint(3 << 3 | 2) + varint(size))
        size += len(layers[-1])
    return field(10, field(33, field(3, b"".join(reversed(layers)))))


def bad_messages():
    check = TRANSFER + "Check"
    whole = question().SerializeToString()
    large = question(reference="x").SerializeToString() + field(12, b"x" * (5 << 20))
    exhausted = (Code.RESOURCE_EXHAUSTED, "TOO_LARGE")
    invalid = (Code.INVALID_ARGUMENT, "INVALID_REQUEST")
    refused("a message of 5 MB", call("checker", check, large), *exhausted, "the limit is 4194304: send less at a time")
    refused("a message of 5 MB to Get", call("auditor", REGISTRY + "Get", field(2, b"x" * (5 << 20))),
            *exhausted, "the limit is 4194304: send less at a time")
    refused("a proposal of 65 MB", call("editor", REGISTRY + "Propose", field(2, b"x" * (65 << 20))),
            *exhausted, "the limit is 67108864: send less at a time")
    refused("900 kB of nesting", call("checker", check, whole + nested(900_000)), *exhausted,
            "more messages inside each other than allowed; send it flatter")
    refused("900 kB of nesting to Propose",
            call("editor", REGISTRY + "Propose", field(1, field(2, nested(900_000)[4:]))),
            *exhausted, "more messages inside each other than allowed; send it flatter")
    refused("a million empty fields", call("checker", check, whole + field(3, b"") * 1_000_000), *exhausted,
            "too many fields and elements; send fewer at a time")
    for what, raw in {"bad UTF-8": b"line\xffplus", "half a character": b"line\xe2\x82",
                      "a surrogate": b"\xed\xa0\x80", "an overlong slash": b"\xc0\xaf",
                      "a NUL in an id": b"line\0plus", "a NUL behind an id": b"line-plus\0"}.items():
        refused(what, call("checker", check, field(1, raw) + whole[11:]), *invalid,
                "CheckRequest.exporter is not UTF-8 text without NUL", ["CheckRequest.exporter"])
    refused("a NUL in an id of Get", call("auditor", REGISTRY + "Get", field(1, b"area") + field(2, b"K\0R")),
            *invalid, "GetRecordRequest.id is not UTF-8 text without NUL")
    refused("bad UTF-8 to Propose", call("editor", REGISTRY + "Propose", field(1, field(4, b"\xff"))), *invalid,
            "ChangeSet.reason is not UTF-8 text without NUL")
    refused("an id twice", call("checker", check, field(1, b"line-plus") + whole), *invalid,
            "CheckRequest.exporter is given twice")
    refused("another wire type", call("checker", check, b"\x08\x01" + whole[11:]), *invalid,
            "CheckRequest.exporter has another wire type than its own")
    refused("a group", call("checker", check, b"\x0b\x0c"), *invalid, "CheckRequest is malformed: groups are refused")
    refused("a field 0", call("checker", check, b"\x02\x00"), *invalid, "CheckRequest is malformed: a field's tag is none")
    refused("a length beyond the end", call("checker", check, b"\x0a\xff\xff\xff\xff\x0f"), *invalid,
            "CheckRequest is malformed: a value is cut off or has no type")
    refused("an endless number", call("checker", check, b"\xff" * 20), *invalid,
            "CheckRequest is malformed: a field's tag is none")
    for seed in range(40):
        noise = bytes((seed * 7919 + i * i * 31 + (i >> 3) * 101) & 255 for i in range(1 + seed * 5))
        got = call("checker", check, noise)
        if isinstance(got, Failed) and got.code not in (Code.INVALID_ARGUMENT, Code.RESOURCE_EXHAUSTED):
            wrong(f"noise {seed}: {got.code} '{got.text}'")
    still_answers("noise")
    for size in range(1, len(whole)):
        got = call("checker", check, whole[:size])
        if isinstance(got, Failed) and got.code != Code.INVALID_ARGUMENT:
            wrong(f"the first {size} bytes of a question: {got.code} '{got.text}'")
    still_answers("half a question")


def bad_calls():
    unimplemented = (Code.UNIMPLEMENTED, "NOT_IMPLEMENTED")
    whole = question()
    refused("no such method", call("checker", TRANSFER + "Chekc", whole), *unimplemented,
            "there is no method /carnet.v1.TransferService/Chekc")
    refused("no such service", call("checker", "/carnet.v2.TransferService/Check", whole), *unimplemented,
            "there is no method /carnet.v2.TransferService/Check")
    refused("no path to speak of", call("checker", "/", whole), *unimplemented, "there is no method /")
    refused("a compressed message", call("checker", TRANSFER + "Check", question(reference="x" * 200),
                                         compression=grpc.Compression.Gzip), *unimplemented, COMPRESSED)
    got = call("checker", TRANSFER + "Check", whole, metadata=[("x-large", "x" * 20_000)])
    refused("20 kB of headers", got, Code.RESOURCE_EXHAUSTED, "TOO_LARGE",
            "the request's headers are too large; send fewer or shorter ones")
    # Beyond 64 kB nobody has read them, and the connection ends.
    got = call("checker", TRANSFER + "Check", whole, metadata=[("x-large", "x" * 100_000)])
    if not isinstance(got, Failed) or got.code not in (Code.RESOURCE_EXHAUSTED, Code.UNAVAILABLE):
        wrong(f"100 kB of headers: {got}")
    still_answers("100 kB of headers")
    denied = (Code.PERMISSION_DENIED, "ROLE_MISSING")
    refused("a question of an auditor", call("auditor", TRANSFER + "Check", whole), *denied, lacks("auditor", "checker"))
    refused("a proposal of a checker", call("checker", REGISTRY + "Propose", registry_pb2.ProposeRequest()), *denied,
            lacks("checker", "editor"))
    refused("an approval of an editor", call("editor", REGISTRY + "Approve", registry_pb2.ApproveRequest()), *denied,
            lacks("editor", "approver"))


# ---------------------------------------------------------------------------
# The other doors

def bad_looks():
    invalid = (Code.INVALID_ARGUMENT, "INVALID_REQUEST")
    get, record = REGISTRY + "Get", registry_pb2.GetRecordRequest
    refused("a kind that is none", call("auditor", get, record(kind="aera", id="KR")), Code.INVALID_ARGUMENT,
            "UNKNOWN_KIND", "kind: 'aera' is no kind of record; write one like data-set")
    refused("no kind", call("auditor", get, record(id="KR")), Code.INVALID_ARGUMENT, "UNKNOWN_KIND",
            "kind: '' is no kind of record; write one like data-set")
    refused("a record nobody wrote", call("auditor", get, record(kind="area", id="XX")), Code.NOT_FOUND,
            "NO_RECORD", "no record area/XX speaks on that day")
    refused("no id", call("auditor", get, record(kind="area")), Code.NOT_FOUND, "NO_RECORD",
            "no record area/ speaks on that day")
    refused("a record on no day", call("auditor", get, record(kind="area", id="KR", as_of="2025-13-01")), *invalid,
            "as_of: date 2025-13-01 does not exist")
    refused("a record from the future", call("auditor", get, record(kind="area", id="KR", known_at=99999)),
            *invalid, "known_at: the newest revision is 1")
    refused("a page that nobody gave", call("auditor", REGISTRY + "List", registry_pb2.ListRecordsRequest(
        kind="area", page_token="AAAA")), *invalid, "page_token: is none that this method gave")
    refused("a page in no alphabet", call("auditor", REGISTRY + "List", registry_pb2.ListRecordsRequest(
        kind="area", page_token="!!!")), *invalid, "page_token: is none that this method gave")
    for method in "FindRecipients", "FindDestinations":
        find = TRANSFER + method
        refused(f"{method} of nothing", call("checker", find, b""), *invalid,
                "question: missing; ask with what is known, and one place left open", ["question"])
        refused(f"{method} in no alphabet", call("checker", find, transfer_pb2.FindRequest(
            question=question(), page_token="!!!")), *invalid, "page_token: is none that this search gave: send the "
                "token of its page before with the same question, or begin again without one", ["page_token"])
        refused(f"{method} of a question with a bad day", call("checker", find, transfer_pb2.FindRequest(
            question=question(as_of="2025-02-30"))), *invalid, "question.as_of: date 2025-02-30 does not exist",
                ["question.as_of"])
        refused(f"{method} by an editor", call("editor", find, transfer_pb2.FindRequest(question=question())),
                Code.PERMISSION_DENIED, "ROLE_MISSING", lacks("editor", "checker"))
    got, receipt = RECEIPT + "Get", receipt_pb2.GetReceiptRequest
    refused("a receipt beyond the log", call("auditor", got, receipt(index=(1 << 64) - 1)), Code.NOT_FOUND,
            "NOT_FOUND", f"entries, none is number {(1 << 64) - 1}")
    refused("a receipt of another log", call("auditor", got, receipt(origin="nobody/n1")), Code.NOT_FOUND,
            "UNKNOWN_LOG", OTHER_LOG)
    refused("a receipt of another jti", call("auditor", got, receipt(index=0, jti="A" * 22)), Code.NOT_FOUND,
            "NO_RECEIPT", "the receipt with this index has another jti")
    refused("somebody else's receipt", call("checker", got, receipt(index=0)), Code.PERMISSION_DENIED, "ROLE_MISSING",
            lacks("checker", "auditor"))
    refused("another log's checkpoint", call("auditor", RECEIPT + "GetCheckpoint",
            receipt_pb2.GetCheckpointRequest(origin="nobody/n1")), Code.NOT_FOUND, "UNKNOWN_LOG", OTHER_LOG)


def party(**fields):
    values = {"id": "bad-party", "name": "A bad party", "source": ["a test"], "from": "2025-01-01", **fields}
    body = registry_pb2.Party(kind=registry_pb2.PARTY_KIND_ORGANISATION, area=values.pop("area", "KR"),
                              bound_by=[registry_pb2.BoundBy(rulebook="none")])
    return registry_pb2.Record(party=body, **values)


def propose(*records, base=1, reason="a test"):
    return call("editor", REGISTRY + "Propose", registry_pb2.ProposeRequest(change_set=registry_pb2.ChangeSet(
        base_revision=base, reason=reason, records=records)))


def bad_edits():
    changes = (Code.INVALID_ARGUMENT, "INVALID_CHANGE_SET")
    refused("no change set", call("editor", REGISTRY + "Propose", registry_pb2.ProposeRequest()),
            Code.INVALID_ARGUMENT, "INVALID_REQUEST", "change_set: is missing")
    refused("an empty change set", propose(), *changes,
            "records: the change set changes nothing; every record is registered as it stands")
    refused("a record from a day that does not exist", propose(party(**{"from": "2025-02-30"})), *changes,
            "party/bad-party@2025-02-30: from: date 2025-02-30 does not exist")
    refused("a record of nothing", propose(registry_pb2.Record(id="x")), Code.INVALID_ARGUMENT, "INVALID_REQUEST",
            "records[0]: a record without a kind; set its body")
    refused("a party in no known area", propose(party(area="KRR")), *changes,
            "party/bad-party@2025-01-01: area: 'KRR' is not registered as an area; did you mean 'KR'?")
    refused("an id with a space", propose(party(id="bad party")), *changes,
            "party/bad party@2025-01-01: id: 'bad party' is no id; use 1 to 128 of a-z A-Z 0-9")
    refused("an id of 10,000 letters", propose(party(id="x" * 10_000)), *changes, "party/xxxxxxxxxx")
    refused("a party without an id", propose(party(id="")), *changes,
            "party/@2025-01-01: id: is missing; give it one")
    refused("a record twice", propose(party(), party()), *changes,
            "party/bad-party@2025-01-01: stands twice in the change set; name each slice once")
    refused("an end before the beginning", propose(party(until="2024-01-01")), *changes,
            "party/bad-party@2025-01-01: until: 2024-01-01 is before from, 2025-01-01; until is the first day that no longer counts")
    refused("a base that is not yet", propose(party(), base=77), Code.ABORTED, "REGISTRY_MOVED",
            "base_revision: the change set was made against revision 77, the registry is at 1; read again")
    gone = registry_pb2.ChangeSet(base_revision=1, reason="x", retire=[registry_pb2.RecordKey(kind="area", id="KR")])
    refused("an area that others need", call("editor", REGISTRY + "Propose", registry_pb2.ProposeRequest(
        change_set=gone)), *changes, "'KR' is retired; name another, or keep it registered")
    approve = REGISTRY + "Approve"
    refused("a proposal without an id", call("approver", approve, registry_pb2.ApproveRequest()),
            Code.INVALID_ARGUMENT, "INVALID_REQUEST", "proposal: is no id of a proposal")
    refused("a proposal with a wrong id", call("approver", approve, registry_pb2.ApproveRequest(proposal="!")),
            Code.INVALID_ARGUMENT, "INVALID_REQUEST", "proposal: is no id of a proposal")
    refused("a proposal nobody made", call("approver", approve, registry_pb2.ApproveRequest(proposal="A" * 43)),
            Code.NOT_FOUND, "NO_PROPOSAL", "there is no such proposal")


def main():
    still_answers("at first")
    for part in (unknown_words, bad_questions, bad_items, bad_messages, bad_calls, bad_looks, bad_edits):
        part()
    print(f"bad calls: {tried} tried, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
