#!/usr/bin/python3
"""The second opinion: an evaluator written from docs/DECISIONS.md against ours, on many worlds.

    run.py ANSWER REGISTRY [--pairs N] [--seed N] [--jobs N] [--no-shipped]
    run.py ANSWER REGISTRY --world N       one generated world again, by its number

ANSWER is build/PRESET/tests/reference_answer, REGISTRY the shipped registry, whose cases are asked
too.  A pair is a question put to a world: both evaluators must say the same, byte for byte.  What
differs is made small and shown.  For every twentieth world the properties (properties.py) are tried.
At the end: what occurred how often.  Something of the model that never occurred is a failure too.
"""

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from compare import kind_of, project, same, shown  # noqa: E402
from coverage import report_coverage  # noqa: E402
from evaluator import decide  # noqa: E402
from generate import Generator  # noqa: E402
from pipe import Carnet, Refused  # noqa: E402
from properties import Checks  # noqa: E402
from shipped import compare_shipped  # noqa: E402
from shrink import shrink  # noqa: E402
from world import World  # noqa: E402

QUESTIONS = 50
TWENTIETH = 20
SHOWN_MAX = 3
# Fewer pairs than this cannot show everything that there is.
ENOUGH = 20000


class Worker:
    """Asks both sides about some of the worlds."""

    def __init__(self, answer, seed):
        self.carnet, self.seed = Carnet(answer), seed
        self.counts, self.found = Counter(), []

    def world(self, number):
        generated = Generator(f"{self.seed}/{number}").world(QUESTIONS)
        try:
            self.carnet.world(generated["records"])
        except Refused as refused:
            self.counts["worlds refused"] += 1
            self.found.append(f"world {number} was refused by the registry:\n{refused}")
            return
        self.counts["worlds"] += 1
        world = World(generated["records"])
        answers = self.carnet.ask(generated["questions"])
        for question, line in zip(generated["questions"], answers):
            self.pair(number, generated["records"], world, question, line)
        if number % TWENTIETH == 0:
            self.properties(number, generated)

    def pair(self, number, records, world, question, line):
        self.counts["pairs"] += 1
        theirs, ours = project(line, True), decide(world, question, self.counts, True)
        if not same(theirs, ours):
            self.counts["differences"] += 1
            if self.counts["differences"] <= SHOWN_MAX:
                self.found.append(self.explain(number, records, question, kind_of(theirs, ours)))
                self.carnet.world(records)

    def both(self, records, question):
        self.carnet.world(records)
        line, = self.carnet.ask([question])
        return project(line, True), decide(World(records), question, None, True)

    def explain(self, number, records, question, kind):
        def differs(fewer, asked):
            try:
                return kind_of(*self.both(fewer, asked)) == kind
            except (Refused, KeyError):
                return False

        records, question = shrink(records, question, differs)
        lines = [f"world {number}, made small:"] + [f"  {json.dumps(r)}" for r in records]
        return "\n".join(lines + [f"  ask: {json.dumps(question)}",
                                  shown(*self.both(records, question))])

    def properties(self, number, generated):
        for name, asked, one, other in Checks(self.carnet, generated, number, self.counts).run():
            self.counts["properties broken"] += 1
            if self.counts["properties broken"] <= SHOWN_MAX:
                self.found.append(f"world {number}: {name} is broken by {json.dumps(asked)}\n"
                                  f"  {one}\n  {other}")


def work(task):
    answer, seed, numbers = task
    worker = Worker(answer, seed)
    for number in numbers:
        worker.world(number)
    worker.carnet.close()
    return worker.counts, worker.found


def in_parallel(arguments):
    worlds = -(-arguments.pairs // QUESTIONS)
    size = 10
    tasks = [(arguments.answer, arguments.seed, range(at, min(at + size, worlds)))
             for at in range(0, worlds, size)]
    with multiprocessing.Pool(arguments.jobs) as pool:
        yield from pool.imap_unordered(work, tasks)


def parse():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("answer")
    parser.add_argument("registry")
    parser.add_argument("--pairs", type=int, default=100000)
    parser.add_argument("--seed", default="carnet")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--no-shipped", action="store_true")
    parser.add_argument("--world", type=int)
    return parser.parse_args()


def main():
    arguments, began = parse(), time.time()
    counts, found = Counter(), []
    if arguments.world is not None:
        results = [work((arguments.answer, arguments.seed, [arguments.world]))]
    else:
        results = in_parallel(arguments)
    for some_counts, some_found in results:
        counts += some_counts
        found += some_found
    if not arguments.no_shipped and arguments.world is None:
        some_counts, some_found = compare_shipped(arguments.answer, arguments.registry,
                                                  arguments.jobs)
        counts += some_counts
        found += some_found
    missing = report_coverage(counts) if counts["pairs"] >= ENOUGH else []
    for text in found[:SHOWN_MAX * 2]:
        print(text)
    for name in missing:
        print(f"never occurred: {name}")
    print(f"reference: {counts['pairs']} pairs in {counts['worlds']} worlds (seed {arguments.seed}), "
          f"{counts['shipped']} shipped cases, {counts['differences']} differences, "
          f"{counts['properties broken']} properties broken, {time.time() - began:.0f} s")
    sys.exit(1 if found or missing or not counts["pairs"] else 0)


if __name__ == "__main__":
    main()
