"""kill -9 while clients ask and lawyers edit, again and again.  After each restart:

- every checkpoint that anybody holds is the root of a prefix of the one log there is;
- every receipt that anybody holds is in it, byte for byte, and the log only grew;
- a question asked again under its request id has one answer, whether or not the first was heard;
- an approved edit is there, and as many revisions as the log says, no more and no fewer.

    crash.py BIN FOLDER STUBS KEEP ROUNDS SEED    receipt files go to the folder KEEP
"""

import hashlib
import json
import random
import sys
import threading
import time

import grpc

bin_folder, folder, stubs, keep, rounds, seed = sys.argv[1:7]
sys.path.insert(0, stubs)

from carnet.v1 import receipt_pb2, receipt_pb2_grpc, registry_pb2, registry_pb2_grpc  # noqa: E402
from carnet.v1 import transfer_pb2, transfer_pb2_grpc  # noqa: E402
from house import CALL_SECONDS, House, Refused, fail  # noqa: E402
from ledger import Ledger, head_of, receipt_file  # noqa: E402

LOAD_MS = (1, 150)  # from the first answer to the kill
RESTS_MS = 4        # between the calls of one client, so that batches of all sizes form
GOOD_ORDER = 10     # each so many rounds the daemon ends by SIGTERM
EDITED = 5          # each so many rounds it lives until an edit was approved
AGAIN_MAX = 20      # request ids asked again after each restart
FILES_MAX = 1500    # receipts kept as files, and fetched again at the end

chance = random.Random(int(seed))
house = House(bin_folder, folder)
ledger = Ledger()


class Held:
    """What clients have in hand: `receipts` from this round, `asked` under request ids."""

    def __init__(self):
        self.lock = threading.Lock()
        self.receipts = []  # all that came back since the last restart
        self.asked = []     # (request, receipt or None)
        self.approved = []  # (party, revision) acknowledged
        self.offered = set()
        self.faults = []
        self.first = threading.Event()
        self.edited = threading.Event()

    def take(self, receipts, request=None):
        with self.lock:
            self.receipts.extend(receipts)
            if request:
                self.asked.append((request, receipts[0]))
        self.first.set()

    def miss(self, error, request=None):
        with self.lock:
            if request:
                self.asked.append((request, None))
            if error.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
                self.faults.append(f"{error.code()}: {error.details()}")


def question(number, form=receipt_pb2.RECEIPT_FORM_FULL):
    """Some questions are asked by everybody, some by nobody else."""
    party = ("carrier-be", "carrier-de", "carrier-nl", f"stranger-{number}")[number % 4]
    return registry_pb2.CheckRequest(
        data_set="line-out-calls", categories=["user.contact.phone_number.caller"],
        purpose="essential.service.operations.call_setup", reference=f"call {number}", receipt=form,
        recipients=[registry_pb2.Recipient(party=party, mode=registry_pb2.ACCESS_MODE_TRANSMISSION)])


# ---------------------------------------------------------------------------
# Load: threads that run until the daemon is gone.

def ask_full(service, number, held):
    request = question(number)
    held.take([service.Check(request, timeout=CALL_SECONDS).receipt])


def ask_handle(service, number, held):
    request = question(number, receipt_pb2.RECEIPT_FORM_HANDLE)
    held.take([service.Check(request, timeout=CALL_SECONDS).receipt])


def ask_once(service, number, held):
    request = question(number)
    request.request_id = f"{seed}-{number}"
    try:
        held.take([service.Check(request, timeout=CALL_SECONDS).receipt], request)
    except grpc.RpcError as error:
        held.miss(error, request)
        raise


def ask_many(service, number, held):
    items = [question(number + i) for i in range(3)]
    answer = service.BatchCheck(transfer_pb2.BatchCheckRequest(items=items), timeout=CALL_SECONDS)
    held.take([item.response.receipt for item in answer.items])


def ask_at_once(service, number, held):
    calls = [service.Check.future(question(number + i), timeout=CALL_SECONDS) for i in range(16)]
    lost = None
    for call in calls:
        try:
            held.take([call.result().receipt])
        except grpc.RpcError as error:
            held.miss(error)
            lost = error
    if lost:
        raise lost


def client(way, start, held):
    with house.channel("checker") as channel:
        service = transfer_pb2_grpc.TransferServiceStub(channel)
        number = start
        while True:
            try:
                way(service, number, held)
            except grpc.RpcError as error:
                held.miss(error)
                return
            number += 20
            time.sleep(RESTS_MS / 1000)


def editor(start, held):
    """Proposes a party, lets another person approve it, and so on."""
    with house.channel("editor") as ours, house.channel("approver") as theirs:
        lawyer = registry_pb2_grpc.RegistryServiceStub(ours)
        other = registry_pb2_grpc.RegistryServiceStub(theirs)
        number = start
        try:
            while True:
                party = f"crash-{number}"
                held.offered.add(party)
                edit(lawyer, other, party, held)
                number += 1
        except grpc.RpcError as error:
            held.miss(error)


def edit(lawyer, other, party, held):
    korea = lawyer.Get(registry_pb2.GetRecordRequest(kind="area", id="KR"), timeout=CALL_SECONDS)
    record = registry_pb2.Record(
        id=party, name="A party that a crash may not halve", source=["a test"],
        party=registry_pb2.Party(kind=registry_pb2.PARTY_KIND_ORGANISATION, area="KR",
                                 bound_by=[registry_pb2.BoundBy(rulebook="none")]))
    record.__setattr__("from", "2025-01-01")
    offer = lawyer.Propose(registry_pb2.ProposeRequest(change_set=registry_pb2.ChangeSet(
        base_revision=korea.revision, records=[record], reason="crash test")), timeout=CALL_SECONDS)
    done = other.Approve(registry_pb2.ApproveRequest(proposal=offer.proposal.id), timeout=CALL_SECONDS)
    held.approved.append((party, done.proposal.revision))
    held.edited.set()


WAYS = (ask_full, ask_handle, ask_once, ask_many, ask_at_once)


def load(start, held, end, with_edit):
    """Everybody at work; then, at a moment that nobody chose, the daemon ends."""
    threads = [threading.Thread(target=client, args=(way, start + 1000 * i, held),
                                daemon=True)
               for i, way in enumerate(WAYS)]
    threads.append(threading.Thread(target=editor, args=(start, held), daemon=True))
    for thread in threads:
        thread.start()
    held.first.wait(CALL_SECONDS)
    if with_edit:
        held.edited.wait(CALL_SECONDS)
    time.sleep(chance.uniform(*LOAD_MS) / 1000)
    end()
    for thread in threads:
        thread.join()
    if held.faults:
        fail(f"a call under load: {held.faults[0]}")


# ---------------------------------------------------------------------------
# After the restart.

revision_leaves = 0
last_iat = 0


def read_on(receipts):
    """Reads what the log has beyond what we saw, and holds it against its checkpoint."""
    global revision_leaves, last_iat
    checkpoint = receipts.GetCheckpoint(receipt_pb2.GetCheckpointRequest(),
                                        timeout=CALL_SECONDS).checkpoint
    size, _ = head_of(checkpoint)
    if size < len(ledger):
        fail(f"the log shrank from {len(ledger)} to {size}")
    calls = [receipts.Get.future(receipt_pb2.GetReceiptRequest(index=index), timeout=CALL_SECONDS)
             for index in range(len(ledger), size)]
    for call in calls:
        leaf = call.result().receipt.leaf
        said = json.loads(leaf)
        if said["iat"] < last_iat:
            fail(f"iat went back at {len(ledger)}")
        last_iat = said["iat"]
        revision_leaves += said["kind"] == "revision"
        ledger.append(leaf)
    if not ledger.holds(checkpoint):
        fail(f"the checkpoint of size {size} has another root than its leaves")
    return size


def check_held(receipt):
    """Nothing that was ever handed out may be missing or different."""
    if receipt.index >= len(ledger):
        fail(f"receipt {receipt.index} was handed out, the log has {len(ledger)} entries")
    ours = ledger.leaves[receipt.index]
    if json.loads(ours)["jti"] != receipt.jti:
        fail(f"receipt {receipt.index} has another jti in the log")
    if receipt.leaf and receipt.leaf != ours:
        fail(f"receipt {receipt.index} has another leaf in the log")
    if receipt.checkpoint and not ledger.holds(receipt.checkpoint):
        fail(f"the checkpoint of receipt {receipt.index} belongs to another history")


def check_asked(service, asked):
    """A request id has one answer for ever; one that was never heard may be asked for now."""
    for request, receipt in asked[-AGAIN_MAX:]:
        again = service.Check(request, timeout=CALL_SECONDS).receipt
        if receipt and (again.index, again.leaf) != (receipt.index, receipt.leaf):
            fail(f"{request.request_id} was {receipt.index}, asked again it is {again.index}")
        if again.index < len(ledger) and ledger.leaves[again.index] != again.leaf:
            fail(f"{request.request_id} asked again shows another leaf than the log")


def check_edits(registry, held):
    """As many revisions as the log has leaves of them; what was approved is there."""
    newest = registry.Get(registry_pb2.GetRecordRequest(kind="area", id="KR"),
                          timeout=CALL_SECONDS).revision
    if newest != revision_leaves:
        fail(f"the registry is at revision {newest}, the log tells of {revision_leaves}")
    there = 0
    for party in sorted(held.offered):
        try:
            registry.Get(registry_pb2.GetRecordRequest(kind="party", id=party), timeout=CALL_SECONDS)
            there += 1
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.NOT_FOUND or party in dict(held.approved):
                fail(f"{party}: {error.code()}, approved {dict(held.approved).get(party)}")
    return there


def look_after(held):
    with house.channel("auditor") as channel, house.channel("checker") as asking:
        read_on(receipt_pb2_grpc.ReceiptServiceStub(channel))
        for receipt in held.receipts:
            check_held(receipt)
        edits = check_edits(registry_pb2_grpc.RegistryServiceStub(channel), held)
        check_asked(transfer_pb2_grpc.TransferServiceStub(asking), held.asked)
    return edits


def keep_file(name, receipt):
    with open(f"{keep}/{name}", "wb") as file:
        file.write(receipt_file(receipt))


def keep_some(everything):
    """Receipts as they were handed out, and the same against today's checkpoint, for `verify`."""
    chosen = chance.sample(everything, min(FILES_MAX, len(everything)))
    with house.channel("auditor") as channel:
        receipts = receipt_pb2_grpc.ReceiptServiceStub(channel)
        read_on(receipts)
        calls = [receipts.Get.future(receipt_pb2.GetReceiptRequest(index=r.index, jti=r.jti),
                                     timeout=CALL_SECONDS) for r in chosen]
        for receipt, call in zip(chosen, calls):
            now = call.result().receipt
            if receipt.leaf:
                keep_file(f"{receipt.index}-then.tlog-proof", receipt)
                if list(now.disclosures) != list(receipt.disclosures):
                    fail(f"receipt {receipt.index} discloses something else now")
            keep_file(f"{receipt.index}-now.tlog-proof", now)


def main():
    everything, edits, began = [], 0, time.monotonic()
    for number in range(int(rounds)):
        held = Held()
        if house.start() < len(ledger):
            fail("carnetd says itself that its log is shorter")
        if number == 0:
            with house.channel("auditor") as channel:
                read_on(receipt_pb2_grpc.ReceiptServiceStub(channel))
        # Now and then in good order: that must lose nothing either.
        load(number * 100000, held, house.stop if number % GOOD_ORDER == GOOD_ORDER - 1 else house.kill,
             number % EDITED == EDITED - 1)
        house.start()
        edits += look_after(held)
        everything.extend(held.receipts)
        house.kill()
    house.start()
    keep_some(everything)
    house.stop()
    print(f"{rounds} rounds in {time.monotonic() - began:.0f} s, seed {seed}: {len(ledger)} entries, "
          f"{len(everything)} receipts held, {edits} edits, last root "
          f"{hashlib.sha256(ledger.roots[-1]).hexdigest()[:8]}")
    if not edits or len(everything) < int(rounds):
        fail("there was no load to speak of")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        fail(refused)
