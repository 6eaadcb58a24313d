"""Asks the running daemon every case of the given files over mutual TLS, with
stubs from protoc and stock grpcio, and those about now a thousand times.  Each
answer must be as `expect` says, and the one that the command line got, field by
field.

    ask.py HOST:PORT CA CERTIFICATE KEY STUBS ANSWERS CASES...

ANSWERS holds what `carnet check --output json` wrote about the same cases.
"""

import concurrent.futures
import itertools
import json
import os
import sys

import grpc

target, ca, certificate, key, stubs, answers = sys.argv[1:7]
sys.path.insert(0, stubs)

from carnet.v1 import registry_pb2, transfer_pb2_grpc  # noqa: E402
import mapping  # noqa: E402

CALLS = int(os.environ.get("CALLS", "1000"))  # about now, at least
THREADS = 4


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
        if wanted.verdict and verdict not in (wanted.verdict, *wanted.also_accept):
            yield f"{wanted.rulebook} says {word(verdict)}, expected {word(wanted.verdict)}"
        said = {duty for opinion in opinions for duty in opinion.duties}
        for duty in wanted.duties:
            if duty not in said:
                yield f"{wanted.rulebook} does not ask for {duty}"


def ask(service, case, answer):
    """Asks once: whether it is authorised, the receipt's index, what is not as it should be."""
    response = service.Check(case.ask, timeout=60)
    found = [f"{case.id}: {text}" for text in differences(case.expect, response.decision)]
    if mapping.plain(response.decision) != answer["decision"]:
        found.append(f"{case.id}: not the decision that `carnet check` got")
    if not response.receipt.leaf or not response.receipt.checkpoint:
        found.append(f"{case.id}: no receipt")
    return response.decision.authorises, response.receipt.index, found


def repeat(pairs, least):
    """What is asked: each question once, then those about now until there are enough of them."""
    live = [pair for pair in pairs if not pair[1]["decision"].get("advisory")]
    more = itertools.islice(itertools.cycle(live), max(0, least - len(live)))
    return pairs + list(more), len(live)


def main():
    cases = list(mapping.cases(sys.argv[7:], registry_pb2.Case))
    with open(answers, encoding="utf-8") as file:
        expected = [json.loads(line) for line in file]
    if len(cases) != len(expected):
        sys.exit(f"{len(cases)} cases, but {len(expected)} answers of `carnet check`")
    calls, live = repeat(list(zip(cases, expected)), CALLS)
    credentials = grpc.ssl_channel_credentials(read(ca), read(key), read(certificate))
    with grpc.secure_channel(target, credentials) as channel:
        service = transfer_pb2_grpc.TransferServiceStub(channel)
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            results = list(pool.map(lambda pair: ask(service, *pair), calls))
    wrong = [text for _, _, found in results for text in found]
    if len({index for _, index, _ in results}) != len(results):
        wrong.append("two answers have one receipt")
    if not live:
        wrong.append("no question is about now")
    for line in wrong[:20]:
        print(line)
    print(f"asked {len(results)}, {live} questions about now, "
          f"authorised {sum(one[0] for one in results)}, differences {len(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
