"""A store with a changed bit is refused, or the damage is reported: it is never signed, and never
answered from.

    damage.py BIN FOLDER STUBS FLIPS SEED

Fills the log, stops the daemon, and then for each flip, in a copy of the folder: carnetd refuses to
start (or dies: LMDB 0.9 has no checksums of its own), or serves.  If it serves, every call must end
with the answer of the healthy store or with an error, and what it signs must continue the one log
there is.  First come places that hold something known, then FLIPS places at random.
"""

import collections
import random
import re
import shutil
import signal
import sys

import grpc

bin_folder, folder, stubs, flips, seed = sys.argv[1:6]
sys.path.insert(0, stubs)

from carnet.v1 import receipt_pb2, receipt_pb2_grpc, registry_pb2, registry_pb2_grpc  # noqa: E402
from carnet.v1 import transfer_pb2_grpc  # noqa: E402
from house import CALL_SECONDS, House, Refused, fail, read  # noqa: E402
from ledger import Ledger, head_of, leaf_hash, node_hash  # noqa: E402

chance = random.Random(int(seed))
REPORTS = (grpc.StatusCode.DATA_LOSS, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNAVAILABLE,
           grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.ABORTED)
DEATHS = (-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT, 66)  # 66: under the thread sanitizer
# What a build with sanitizers says of a fault of ours; LMDB reading beyond its map is none.
SANITIZER = re.compile(r"runtime error|Sanitizer: (?!SEGV|BUS)")
PARTY = "damage-demonstration"
MARK = "A party whose name nobody may change unnoticed"


def question(party, request_id=""):
    return registry_pb2.CheckRequest(
        data_set="line-out-calls", categories=["user.contact.phone_number.caller"],
        purpose="essential.service.operations.call_setup", request_id=request_id,
        recipients=[registry_pb2.Recipient(party=party, mode=registry_pb2.ACCESS_MODE_TRANSMISSION)])


QUESTIONS = [question("carrier-be"), question("carrier-de", "asked-before"), question("carrier-fr"),
             question("nobody-at-all", "also-asked-before")]


class Healthy:
    """What the undamaged store answers."""

    def __init__(self, house):
        self.ledger = Ledger()
        self.decisions, self.indexes = [], []
        house.start()
        with house.channel("checker") as channel:
            service = transfer_pb2_grpc.TransferServiceStub(channel)
            for _ in range(10):
                answers = [service.Check(q, timeout=CALL_SECONDS) for q in QUESTIONS]
            self.decisions = [answer.decision for answer in answers]
            self.indexes = [answer.receipt.index for answer in answers]
        with house.channel("editor") as channel:
            self.proposal = propose(registry_pb2_grpc.RegistryServiceStub(channel))
        with house.channel("auditor") as channel:
            receipts = receipt_pb2_grpc.ReceiptServiceStub(channel)
            self.checkpoint = receipts.GetCheckpoint(receipt_pb2.GetCheckpointRequest()).checkpoint
            for index in range(head_of(self.checkpoint)[0]):
                self.ledger.append(receipts.Get(receipt_pb2.GetReceiptRequest(index=index)).receipt.leaf)
        house.stop()
        if not self.ledger.holds(self.checkpoint):
            fail("the healthy log does not add up")


def propose(lawyer):
    record = registry_pb2.Record(
        id=PARTY, name=MARK, source=["a test"],
        party=registry_pb2.Party(kind=registry_pb2.PARTY_KIND_ORGANISATION, area="KR",
                                 bound_by=[registry_pb2.BoundBy(rulebook="none")]))
    setattr(record, "from", "2025-01-01")
    return lawyer.Propose(registry_pb2.ProposeRequest(change_set=registry_pb2.ChangeSet(
        base_revision=1, records=[record], reason="damage test")), timeout=CALL_SECONDS).proposal.id


# ---------------------------------------------------------------------------
# What a damaged store may do

Seen = collections.Counter()
faults = []


def wrong(text):
    print(text, file=sys.stderr, flush=True)
    faults.append(text)



def reported(error, what):
    """An error is a report; which one depends on what was hit."""
    if error.code() not in REPORTS:
        wrong(f"{what}: {error.code()}: {error.details()}")
    Seen["calls refused"] += 1


def check_questions(house, healthy, what):
    """The receipts of new answers, in the order of the log."""
    new = {}
    with house.channel("checker") as channel:
        service = transfer_pb2_grpc.TransferServiceStub(channel)
        for ask, decision, index in zip(QUESTIONS, healthy.decisions, healthy.indexes):
            try:
                answer = service.Check(ask, timeout=CALL_SECONDS)
            except grpc.RpcError as error:
                reported(error, f"{what}: Check")
                continue
            if answer.decision != decision:
                wrong(f"{what}: another decision than the healthy store's on "
                     f"{ask.recipients[0].party} ({ask.request_id or 'no request id'}): "
                     f"{describe(answer.decision, decision)}")
            if answer.receipt.index >= len(healthy.ledger):
                new[answer.receipt.index] = answer.receipt  # also if the id itself was lost
            elif answer.receipt.leaf != healthy.ledger.leaves[index]:
                wrong(f"{what}: another receipt under the request id {ask.request_id}")
    return new


def describe(got, expected):
    names = [f.name for f in got.DESCRIPTOR.fields if getattr(got, f.name) != getattr(expected, f.name)]
    return "; ".join(f"{name}: {str(getattr(got, name))[:60]!r} instead of {str(getattr(expected, name))[:60]!r}"
                     for name in names)


def check_approval(house, healthy, what):
    """A damaged proposal must not become a record."""
    with house.channel("approver") as channel:
        registry = registry_pb2_grpc.RegistryServiceStub(channel)
        try:
            registry.Approve(registry_pb2.ApproveRequest(proposal=healthy.proposal),
                             timeout=CALL_SECONDS)
            stored = registry.Get(registry_pb2.GetRecordRequest(kind="party", id=PARTY),
                                  timeout=CALL_SECONDS)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.INVALID_ARGUMENT:
                reported(error, f"{what}: Approve")
            return
        if stored.record.record.name != MARK:
            wrong(f"{what}: the approved record is called {stored.record.record.name!r}")


def check_log(house, healthy, new, what):
    """Old leaves are as they were or refused, and each new signature continues the same log."""
    ledger = Ledger()
    for leaf in healthy.ledger.leaves:
        ledger.append(leaf)
    for index in sorted(new):
        if index != len(ledger):
            wrong(f"{what}: a new receipt has the index {index}, the log had {len(ledger)}")
        ledger.append(new[index].leaf)
        if not ledger.holds(new[index].checkpoint):
            wrong(f"{what}: the checkpoint of receipt {index} does not continue the log")
    with house.channel("auditor") as channel:
        receipts = receipt_pb2_grpc.ReceiptServiceStub(channel)
        for index, leaf in enumerate(ledger.leaves):
            try:
                receipt = receipts.Get(receipt_pb2.GetReceiptRequest(index=index),
                                       timeout=CALL_SECONDS).receipt
            except grpc.RpcError as error:
                reported(error, f"{what}: Get {index}")
                continue
            if receipt.leaf != leaf:
                wrong(f"{what}: Get {index} shows another leaf")


def serve_damaged(house, healthy, what):
    try:
        house.start()
    except Refused as refused:
        if refused.code not in (1, *DEATHS):
            wrong(f"{what}: {refused}")
        if refused.code == 1 and not refused.text:
            wrong(f"{what}: refused without a word")
        if SANITIZER.search(refused.text):
            wrong(f"{what}: {refused}")
        Seen["starts refused" if refused.code == 1 else "deaths at the start"] += 1
        return
    new = check_questions(house, healthy, what)
    check_log(house, healthy, new, what)
    check_approval(house, healthy, what)
    said = " ".join(line["message"] for line in house.said())
    if SANITIZER.search(said):
        wrong(f"{what}: {said}")
    if house.is_up():
        Seen["served"] += 1
        house.kill()
    elif house.process.returncode in (1, *DEATHS):
        Seen["deaths while serving"] += 1
    else:
        wrong(f"{what}: carnetd ended with {house.process.returncode}")


# ---------------------------------------------------------------------------
# Where to flip

def occurrences(data, pattern):
    at = data.find(pattern)
    while at >= 0:
        yield at
        at = data.find(pattern, at + 1)


def known_places(data, healthy):
    """Pages are copied when they change: a flip goes into every copy that lies there."""
    first, second = (leaf_hash(leaf) for leaf in healthy.ledger.leaves[:2])
    decision = healthy.decisions[1].SerializeToString()
    name = MARK.encode()
    patterns = {
        "the checkpoint's size": healthy.checkpoint[:40].encode(),
        "the first leaf's hash": first,
        "the last leaf's hash": leaf_hash(healthy.ledger.leaves[-1]),
        "a node of the tree": node_hash(first, second),
        "a record": b"LINE PLUS",
        "another record": b"carrier-be",
        "the proposed name": name,
        "the name of the log": b"carnet.dev/n1",
        "a fragment of a receipt": b'"reference"',
        "a request id": b"asked-before",
        "an answer under a request id": decision,
        "a table's name": b"entries",
    }
    for what, pattern in patterns.items():
        places = list(occurrences(data, pattern))
        if places:
            yield what, [at + len(pattern) // 2 for at in places], 0x01
    # The revision that brought a record stands in its key: from which question on does it speak?
    finding = b"finding\0kr-eea\0" + (1).to_bytes(8, "big")
    yield "a record's revision", [at + len(finding) - 1 for at in occurrences(data, finding)], 0x02
    # Proposals and answers are kept packed, records beside them: each copy by itself.
    for at in occurrences(data, name):
        yield f"the proposed name at {at}", [at], 0x01
    for at in occurrences(data, decision):
        yield f"the verdict under a request id at {at}", [at + 1], 0x07
        # The number of the field `verdict` becomes that of `authorises`.
        yield f"a denial turned around under a request id at {at}", [at], 0x18
        yield f"a length under a request id at {at}", [at + 3], 0x01


def places(data, healthy):
    yield from known_places(data, healthy)
    for _ in range(int(flips)):
        at = chance.randrange(len(data))
        yield f"byte {at}", [at], 1 << chance.randrange(8)


def main():
    healthy = Healthy(House(bin_folder, folder))
    data = read(f"{folder}/store/data.mdb")
    copy = folder + "-damaged"
    count = 0
    for what, offsets, mask in places(data, healthy):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        damaged = bytearray(data)
        for at in offsets:
            damaged[at] ^= mask
        with open(f"{copy}/store/data.mdb", "wb") as file:
            file.write(damaged)
        house = House(bin_folder, copy)
        serve_damaged(house, healthy, what)
        house.kill()
        count += 1
    shutil.rmtree(copy, ignore_errors=True)
    print(f"{count} flips, seed {seed}: " + ", ".join(f"{n} {what}" for what, n in sorted(Seen.items())))
    if not Seen["starts refused"]:
        fail("no damage was noticed at the start")
    if faults:
        fail(f"{len(faults)} faults, the first: {faults[0]}")


if __name__ == "__main__":
    main()
