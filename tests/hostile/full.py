"""No room: a store that may not grow further, and a queue that is full.  Calls are refused with a
retry hint, nothing half-written is told to anybody, and with room again the same log goes on.

    full.py BIN FOLDER STUBS
"""

import sys

import grpc

bin_folder, folder, stubs = sys.argv[1:4]
sys.path.insert(0, stubs)

from carnet.v1 import receipt_pb2, receipt_pb2_grpc, registry_pb2  # noqa: E402
from carnet.v1 import transfer_pb2, transfer_pb2_grpc  # noqa: E402
from google.rpc import status_pb2  # noqa: E402
from house import CALL_SECONDS, House, fail, read  # noqa: E402
from ledger import Ledger, head_of  # noqa: E402

house = House(bin_folder, folder)
config = read(f"{folder}/carnetd.yaml").decode()
ledger = Ledger()
ASKED_MAX = 3000
AT_ONCE = 1000
BATCHES_MAX = 10  # the committer may be quick enough once


def configure(more):
    with open(f"{folder}/carnetd.yaml", "w", encoding="utf-8") as file:
        file.write(config + more)


def question(number):
    """No two alike, so that each takes its room."""
    return registry_pb2.CheckRequest(
        data_set="line-out-calls", purpose="essential.service.operations.call_setup",
        reference=f"{number} " * 40, categories=[f"user.{number}.{i}" for i in range(20)],
        recipients=[registry_pb2.Recipient(party=f"stranger-{number}")])


def quick_question():
    """Decided faster than it is written."""
    return registry_pb2.CheckRequest(exporter="nobody", categories=["nothing"], purpose="none",
                                     recipients=[registry_pb2.Recipient(party="nobody-else")])


def shed(code, status, expected, reason):
    """The refusal says why, and when to try again."""
    said = {detail.type_url.rsplit(".", 1)[-1]: detail.value for detail in status.details}
    info = status_pb2.ErrorInfo.FromString(said.get("ErrorInfo", b""))
    if (code, info.reason, info.domain) != (expected.value[0], reason, "carnet") or "RetryInfo" not in said:
        fail(f"code {code} {info.reason}, {sorted(said)}: {status.message}; expected {expected} {reason}")


def details_of(error):
    packed = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
    return status_pb2.Status.FromString(packed)


def check_log():
    """What was handed out is there, and nothing else of this scenario."""
    with house.channel("auditor") as channel:
        receipts = receipt_pb2_grpc.ReceiptServiceStub(channel)
        checkpoint = receipts.GetCheckpoint(receipt_pb2.GetCheckpointRequest()).checkpoint
        for index in range(len(ledger), head_of(checkpoint)[0]):
            ledger.append(receipts.Get(receipt_pb2.GetReceiptRequest(index=index)).receipt.leaf)
    if not ledger.holds(checkpoint):
        fail("the log does not add up")


def check_receipts(held):
    check_log()
    for receipt in held:
        if ledger.leaves[receipt.index] != receipt.leaf or not ledger.holds(receipt.checkpoint):
            fail(f"receipt {receipt.index} is another one now")


def fill():
    """Asks until there is no room; returns what was answered."""
    held, refused = [], 0
    with house.channel("checker") as channel:
        service = transfer_pb2_grpc.TransferServiceStub(channel)
        for number in range(ASKED_MAX):
            try:
                held.append(service.Check(question(number), timeout=CALL_SECONDS).receipt)
            except grpc.RpcError as error:
                shed(error.code().value[0], details_of(error), grpc.StatusCode.UNAVAILABLE,
                     "NOT_DURABLE")
                refused += 1
                if refused == 10:
                    return held
    return fail(f"{ASKED_MAX} answers fit into a store of 1 MiB")


def no_room():
    configure("store-mib: 1\n")
    house.start()
    held = fill()
    if not house.is_up():
        fail("carnetd ended when its store was full")
    check_receipts(held)
    if len(ledger) != len(held) + 1:
        fail(f"{len(held)} answers, but the log has {len(ledger)} entries")
    house.stop()
    house.start()
    check_receipts(held)
    house.stop()
    configure("")
    house.start()
    with house.channel("checker") as channel:
        held.append(transfer_pb2_grpc.TransferServiceStub(channel).Check(question(ASKED_MAX)).receipt)
    check_receipts(held)
    house.stop()
    return len(held)


def no_place_in_the_queue():
    configure("limits: {waiting-receipts: 1}\n")
    house.start()
    answered, refused = [], 0
    with house.channel("checker") as channel:
        service = transfer_pb2_grpc.TransferServiceStub(channel)
        for _ in range(BATCHES_MAX):
            batch = transfer_pb2.BatchCheckRequest(items=[quick_question()] * AT_ONCE)
            for item in service.BatchCheck(batch, timeout=CALL_SECONDS).items:
                if item.HasField("response"):
                    answered.append(item.response.receipt)
                else:
                    shed(item.error.code, item.error, grpc.StatusCode.RESOURCE_EXHAUSTED, "BUSY")
                    refused += 1
            if refused:
                break
        check_receipts(answered)
        if not service.Check(question(0), timeout=CALL_SECONDS).receipt.leaf:
            fail("no answer after the rush")
    house.stop()
    if not answered or not refused:
        fail(f"{len(answered)} answered and {refused} refused, {AT_ONCE} at once")
    return len(answered), refused


def main():
    fitted = no_room()
    answered, refused = no_place_in_the_queue()
    print(f"{fitted} answers fitted; with {AT_ONCE} at once {answered} were answered, {refused} refused")


if __name__ == "__main__":
    main()
