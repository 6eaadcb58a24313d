"""Makes a difference small: leaves out records, fields and parts of conditions while it stays."""

import copy


def smaller(value):
    """Every way to take one thing out of a value, or to put an inner condition in its place."""
    if isinstance(value, dict):
        for key in value:
            yield {k: v for k, v in value.items() if k != key}
        for key, inside in value.items():
            if key in ("all", "any", "sure") and isinstance(inside, list):
                yield from inside
            if key == "not":
                yield inside
            for shorter in smaller(inside):
                yield {**value, key: shorter}
    elif isinstance(value, list):
        for i in range(len(value)):
            if len(value) > 1:
                yield value[:i] + value[i + 1:]
        for i, inside in enumerate(value):
            for shorter in smaller(inside):
                yield value[:i] + [shorter] + value[i + 1:]


def shrink(records, question, differs):
    """`differs(records, question)` must be true to begin with, and stays true."""
    before = None
    while before != (records, question):
        before = records, question
        records = fewer(records, lambda rest: differs(rest, question))
        question = reduce(question, lambda asked: is_question(asked) and differs(records, asked))
        for i in range(len(records)):
            (kind, fields), = records[i].items()

            def stays(shorter):
                return "id" in shorter and differs(with_record(records, i, kind, shorter), question)

            records = with_record(records, i, kind, reduce(fields, stays))
    return records, question


def fewer(records, differs):
    """Halves, quarters ... and single records are left out."""
    size = max(1, len(records) // 2)
    while size:
        at = 0
        while at < len(records):
            rest = records[:at] + records[at + size:]
            if rest and differs(rest):
                records = rest
            else:
                at += size
        size //= 2
    return records


def reduce(value, stays):
    """The first way that stays, from there on again the ways after it."""
    at = 0
    while True:
        ways = list(smaller(copy.deepcopy(value)))[at:]
        for skipped, shorter in enumerate(ways):
            if stays(shorter):
                value, at = shorter, at + skipped
                break
        else:
            return value


def is_question(asked):
    return ("as_of" in asked and all(r.get("party") for r in asked.get("recipients", ()))
            and bool(asked.get("recipients")) and bool(asked.get("exporter") or asked.get("data_set")))


def with_record(records, i, kind, fields):
    return records[:i] + [{kind: fields}] + records[i + 1:]
