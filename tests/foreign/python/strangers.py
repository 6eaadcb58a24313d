"""Who should not get in does not: each refusal as docs/FORMATS.md tells it.

    strangers.py HOST:PORT FOLDER STUBS     FOLDER has what `carnetd init --dev` and
                                            tests/foreign/strangers.sh made
"""

import sys

import grpc

target, folder, stubs = sys.argv[1:4]
sys.path.insert(0, stubs)

from carnet.v1 import registry_pb2, registry_pb2_grpc, receipt_pb2, receipt_pb2_grpc  # noqa: E402
from carnet.v1 import transfer_pb2_grpc  # noqa: E402
from google.rpc import status_pb2  # noqa: E402
import health_pb2  # noqa: E402
import health_pb2_grpc  # noqa: E402

wrong = 0


def read(path):
    with open(path, "rb") as file:
        return file.read()


def channel(ca, pair=None):
    credentials = grpc.ssl_channel_credentials(read(ca), read(pair + ".key") if pair else None,
                                               read(pair + ".pem") if pair else None)
    return grpc.secure_channel(target, credentials)


def expect(what, code, call):
    """The call must fail with the code; its details are returned."""
    global wrong
    try:
        call()
        got, details = grpc.StatusCode.OK, None
    except grpc.RpcError as error:
        got = error.code()
        trailers = dict(error.trailing_metadata() or ())
        details = trailers.get("grpc-status-details-bin")
    if got != code:
        print(f"{what}: {got}, expected {code}")
        wrong += 1
    return details


def reason(details):
    status = status_pb2.Status.FromString(details or b"")
    info = status_pb2.ErrorInfo()
    for detail in status.details:
        if detail.type_url == "type.googleapis.com/google.rpc.ErrorInfo":
            info.ParseFromString(detail.value)
    return info.reason, info.domain


ca = f"{folder}/ca.pem"
question = registry_pb2.CheckRequest(exporter="line-plus", purpose="essential.service",
                                     categories=["user.contact"],
                                     recipients=[registry_pb2.Recipient(party="carrier-be")])


def check(pair, request=question):
    with channel(ca, pair) as open_channel:
        return transfer_pb2_grpc.TransferServiceStub(open_channel).Check(request, timeout=10)


expect("no certificate", grpc.StatusCode.UNAVAILABLE, lambda: check(None))
for name, what, code in (
        ("foreign", "a foreign authority", grpc.StatusCode.UNAVAILABLE),
        ("nameless", "no SPIFFE id", grpc.StatusCode.UNAUTHENTICATED),
        ("double", "two SPIFFE ids", grpc.StatusCode.UNAUTHENTICATED),
        ("auditor", "a wrong role", grpc.StatusCode.PERMISSION_DENIED),
        ("unknown", "an identity without a rule", grpc.StatusCode.PERMISSION_DENIED),
        ("bound", "another's exporter", grpc.StatusCode.PERMISSION_DENIED)):
    details = expect(what, code, lambda: check(f"{folder}/{name}"))
    word, domain = reason(details)
    if code != grpc.StatusCode.UNAVAILABLE and (domain != "carnet" or not word):
        print(f"{what}: ErrorInfo is {word!r} of {domain!r}")
        wrong += 1

# The same caller gets an answer about the exporter that it is bound to.
own = registry_pb2.CheckRequest()
own.CopyFrom(question)
own.exporter = "google-llc"
if not check(f"{folder}/bound", own).decision.verdict:
    print("a bound checker's own exporter: no verdict")
    wrong += 1

# What a malformed request gets: the field, and the cure.
details = expect("no recipient", grpc.StatusCode.INVALID_ARGUMENT, lambda: check(
    f"{folder}/checker", registry_pb2.CheckRequest(exporter="line-plus")))
bad = status_pb2.BadRequest()
for detail in status_pb2.Status.FromString(details or b"").details:
    if detail.type_url == "type.googleapis.com/google.rpc.BadRequest":
        bad.ParseFromString(detail.value)
if [violation.field for violation in bad.field_violations] != ["recipients"]:
    print(f"no recipient: {bad}")
    wrong += 1

# An unregistered word is an answer: a denial, with its receipt.
answer = check(f"{folder}/checker", registry_pb2.CheckRequest(
    exporter="line-plus", categories=["user.contact"], purpose="essential.service",
    recipients=[registry_pb2.Recipient(party="carrier-bee")]))
if answer.decision.verdict != registry_pb2.VERDICT_DENIED or answer.decision.authorises or \
        answer.decision.reasons[0].code != "UNKNOWN_PARTY" or not answer.receipt.leaf or \
        answer.decision.did_you_mean[0].did_you_mean != "carrier-be":
    print(f"an unknown party: {answer.decision}")
    wrong += 1

with channel(ca, f"{folder}/auditor") as auditor:
    receipts = receipt_pb2_grpc.ReceiptServiceStub(auditor)
    got = receipts.Get(receipt_pb2.GetReceiptRequest(index=answer.receipt.index), timeout=10)
    if got.receipt.leaf != answer.receipt.leaf or \
            list(got.receipt.disclosures) != list(answer.receipt.disclosures):
        print("Get gives another receipt")
        wrong += 1
    head = receipts.GetCheckpoint(receipt_pb2.GetCheckpointRequest(), timeout=10).checkpoint
    if int(head.split("\n")[1]) <= answer.receipt.index:
        print(f"the checkpoint is behind: {head}")
        wrong += 1
    registry = registry_pb2_grpc.RegistryServiceStub(auditor)
    korea = registry.Get(registry_pb2.GetRecordRequest(kind="area", id="KR"), timeout=10)
    if korea.record.record.area.alpha3 != "KOR":
        print(f"KR is {korea}")
        wrong += 1
    expect("a record that is not there", grpc.StatusCode.NOT_FOUND, lambda: registry.Get(
        registry_pb2.GetRecordRequest(kind="area", id="XX"), timeout=10))
    health = health_pb2_grpc.HealthStub(auditor)
    if health.Check(health_pb2.HealthCheckRequest(), timeout=10).status != 1:
        print("not serving")
        wrong += 1
    expect("an unknown service", grpc.StatusCode.NOT_FOUND, lambda: health.Check(
        health_pb2.HealthCheckRequest(service="nobody"), timeout=10))

print(f"strangers: {wrong} differences")
sys.exit(1 if wrong else 0)
