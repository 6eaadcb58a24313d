"""Asks the running daemon every case of the given files over mutual TLS, with
stubs from protoc and stock grpcio, and holds the answers against `expect`.

    ask.py HOST:PORT CA CERTIFICATE KEY STUBS CASES...
"""

import sys

import grpc

target, ca, certificate, key, stubs = sys.argv[1:6]
sys.path.insert(0, stubs)

from carnet.v1 import registry_pb2, transfer_pb2_grpc  # noqa: E402
import mapping  # noqa: E402


def read(path):
    with open(path, "rb") as file:
        return file.read()


def word(verdict):
    return registry_pb2.Verdict.Name(verdict)[len("VERDICT_"):]


def strictest(opinions):
    return max((opinion.verdict for opinion in opinions), default=0)


def differences(expect, decision):
    if expect.verdict and decision.verdict not in (expect.verdict, *expect.also_accept):
        yield f"verdict {word(decision.verdict)}, expected {word(expect.verdict)}"
    if expect.authorises and decision.authorises != (expect.authorises == 1):
        yield f"authorises {decision.authorises}"
    owed = {duty.duty for duty in decision.duties}
    for duty in expect.duties:
        if duty not in owed:
            yield f"duty {duty} is not owed"
    for wanted in expect.opinions:
        opinions = [o for o in decision.opinions if o.rulebook == wanted.rulebook]
        verdict = strictest(opinions)
        if verdict not in (wanted.verdict, *wanted.also_accept):
            yield f"{wanted.rulebook} says {word(verdict)}, expected {word(wanted.verdict)}"
        said = {duty for opinion in opinions for duty in opinion.duties}
        for duty in wanted.duties:
            if duty not in said:
                yield f"{wanted.rulebook} does not ask for {duty}"


def main():
    credentials = grpc.ssl_channel_credentials(read(ca), read(key), read(certificate))
    asked = wrong = authorised = 0
    with grpc.secure_channel(target, credentials) as channel:
        service = transfer_pb2_grpc.TransferServiceStub(channel)
        for path in sys.argv[6:]:
            for node in mapping.documents(path):
                if mapping.get(node, "ask") is None:
                    continue
                case = registry_pb2.Case()
                mapping.fill_message(case, node)
                case.ask.given.extend(case.given)
                response = service.Check(case.ask, timeout=30)
                asked += 1
                authorised += response.decision.authorises
                if not response.receipt.leaf or not response.receipt.checkpoint:
                    print(f"{case.id}: no receipt")
                    wrong += 1
                for difference in differences(case.expect, response.decision):
                    print(f"{case.id}: {difference}")
                    wrong += 1
    print(f"asked {asked}, authorised {authorised}, differences {wrong}")
    return 1 if wrong or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
