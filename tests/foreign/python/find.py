"""Searches over mutual TLS with stubs from protoc and stock grpcio: pages of every
size hold exactly the words that a Check of each would permit, a token serves its own
search alone, what does not finish is an error, and a search goes on in the registry
it began with whatever is approved in between.

    find.py HOST:PORT CA CERTIFICATE KEY STUBS COMMAND

COMMAND approves, when run, an edit after which every search finds something else.
"""

import json
import subprocess
import sys

import grpc

target, ca, certificate, key, stubs, command = sys.argv[1:7]
sys.path.insert(0, stubs)

from carnet.v1 import registry_pb2, transfer_pb2, transfer_pb2_grpc  # noqa: E402
from google.rpc import status_pb2  # noqa: E402

PERMITS = (1, 2, 3)
SIZES = (1, 2, 7, 0)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def fail(what):
    sys.exit(f"FAILED: {what}")


channel = grpc.secure_channel(target, grpc.ssl_channel_credentials(read(ca), read(key), read(certificate)))
service = transfer_pb2_grpc.TransferServiceStub(channel)
METHODS = {"recipients": service.FindRecipients, "destinations": service.FindDestinations}


def question(party, storage=(), **more):
    return registry_pb2.CheckRequest(
        data_set="line-out-calls", categories=["user.contact.phone_number.caller"],
        purpose="essential.service.operations.call_setup",
        facts=[registry_pb2.Fact(name="subject.area", value=registry_pb2.Value(text="KR"))],
        recipients=[registry_pb2.Recipient(party=party, storage=storage,
                                           mode=registry_pb2.ACCESS_MODE_TRANSMISSION)], **more)


def search(what, size):
    """Every page until the one that says it is the last."""
    request = transfer_pb2.FindRequest(question=question("carrier-be"), page_size=size)
    while True:
        page = METHODS[what](request)
        assert page.advisory and page.complete == (not page.next_page_token)
        assert page.complete or len(page.found) == size, "a page that is not the last is full"
        assert json.loads(page.receipt.leaf)["kind"] == "advisory"
        yield page
        if page.complete:
            return
        request.page_token = page.next_page_token


def found(what, size):
    return [(one.id, one.verdict, tuple(one.duties)) for page in search(what, size) for one in page.found]


def singly(what, candidates):
    """Each candidate asked by itself."""
    for at in range(0, len(candidates), 25):
        ids = candidates[at:at + 25]
        items = [question(one) if what == "recipients" else question("carrier-be", [one]) for one in ids]
        for one, item in zip(ids, service.BatchCheck(transfer_pb2.BatchCheckRequest(items=items)).items):
            decision = item.response.decision
            if decision.verdict in PERMITS:
                yield one, decision.verdict, tuple(duty.duty for duty in decision.duties)


def refused(what, code, call):
    try:
        call()
    except grpc.RpcError as error:
        if error.code() != code:
            fail(f"{what}: {error.code()} {error.details()}")
        details = dict(error.trailing_metadata()).get("grpc-status-details-bin")
        if details and not any("ErrorInfo" in any_.type_url for any_ in status_pb2.Status.FromString(details).details):
            fail(f"{what}: no ErrorInfo")
        return
    fail(f"{what}: it was answered")


candidates = json.load(sys.stdin)
for what in METHODS:
    expected = list(singly(what, sorted(candidates[what], key=lambda one: one.encode())))
    if not expected:
        fail(f"{what}: there is nothing to find")
    for size in SIZES:
        if found(what, size) != expected:
            fail(f"{what}, pages of {size}: {found(what, size)}, singly {expected}")
    print(f"{what}: {len(candidates[what])} candidates, {len(expected)} found, in pages of 1, 2, 7 and all")

# Tokens.
first = service.FindRecipients(transfer_pb2.FindRequest(question=question("x"), page_size=1))
token = first.next_page_token
changed = ("A" if token[0] != "A" else "B") + token[1:]
for what, request in {
    "a changed token": transfer_pb2.FindRequest(question=question("x"), page_token=changed),
    "a cut token": transfer_pb2.FindRequest(question=question("x"), page_token=token[:-4]),
    "another question's token": transfer_pb2.FindRequest(question=question("x", ["KR"]), page_token=token),
}.items():
    refused(what, grpc.StatusCode.INVALID_ARGUMENT, lambda request=request: service.FindRecipients(request))
refused("another search's token", grpc.StatusCode.INVALID_ARGUMENT, lambda: service.FindDestinations(
    transfer_pb2.FindRequest(question=question("x"), page_token=token)))

# No time.
refused("no time", grpc.StatusCode.DEADLINE_EXCEEDED, lambda: service.FindDestinations(
    transfer_pb2.FindRequest(question=question("carrier-be")), timeout=0.0002))

# A circle, in a search and in a Check.
circle = question("carrier-be")
circle.recipients.add(party="line-plus")
refused("a circle", grpc.StatusCode.INVALID_ARGUMENT, lambda: service.Check(circle))
refused("a circle searched", grpc.StatusCode.INVALID_ARGUMENT, lambda: service.FindDestinations(
    transfer_pb2.FindRequest(question=circle)))

# An edit in between.
before = found("recipients", 0)
pages = search("recipients", 1)
kept = [next(pages)]
subprocess.run(["bash", "-c", command], check=True)
kept += list(pages)
if [one.id for page in kept for one in page.found] != [one[0] for one in before]:
    fail("an edit between two pages changed the search that was under way")
if {(page.revision, page.revision_digest, page.as_of) for page in kept} != {
        (kept[0].revision, kept[0].revision_digest, kept[0].as_of)}:
    fail("pages of one search rest on different registries")
if found("recipients", 0) == before:
    fail("a new search does not see the edit")
print("an edit between two pages: the search went on at revision", kept[0].revision)
