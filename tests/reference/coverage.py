"""What occurred, and what of the model never did."""

VERDICTS = ("NOT_A_TRANSFER", "PERMITTED", "PERMITTED_WITH_OBLIGATIONS", "INDETERMINATE", "DENIED")
CODES = """GROUND NOT_A_TRANSFER PROHIBITED DUTY_REFUSED DEFAULT_PROHIBITED DEFAULT_PERMITTED
PROHIBITION_UNKNOWN GROUND_UNKNOWN TRANSFER_UNKNOWN APPLIES_UNKNOWN UNMODELLED_LAW NO_OPINION
UNKNOWN_PARTY UNKNOWN_AREA UNKNOWN_CATEGORY UNKNOWN_PURPOSE UNKNOWN_DATA_SET UNKNOWN_WORD
FACT_UNKNOWN FACT_IS_OTHERWISE EXCEPTION_HOLDS UNSETTLED_QUESTION SETTLED_OTHERWISE NO_RECORD
RECORD_UNKNOWN OUT_OF_SCOPE NOT_CERTIFIED OVERDUE NOT_YET_MADE INSTRUMENT_NOT_OF_THIS_LAW
UNSIGNED_OR_UNDATED NOT_YET_SIGNED SIGNED_BEFORE_WINDOW SIGNED_AFTER_REPEAL GRACE_ENDED NOT_IN_FORCE
ANNEXES_INCOMPLETE WRONG_MODULE NOT_COVERED LOW_CONFIDENCE DOUBT REVIEW_OVERDUE""".split()
TRUTHS = ("false", "unknown", "true")
CONDITIONS = ("all any not cond unsettled fact finding agreement certificate assessment disclosure "
              "order").split()
# Steps of 5.4 that are never unknown.
NEVER_UNKNOWN = (4, 5)
TESTS = ("in", "has", "main", "lt", "ge", "is")


def wanted():
    """Every name that must have been counted, in the order of the page."""
    for name in CONDITIONS:
        yield from (f"{name} {truth}" for truth in TRUTHS)
    yield from ("sure false", "sure true")
    for test in TESTS:
        for where in ("fact", "field"):
            yield from (f"{where} {test} {truth}" for truth in TRUTHS
                        if (test, truth) != ("main", "false"))
    for step in range(1, 12):
        yield from (f"agreement step {step} {truth}" for truth in TRUTHS
                    if truth != "unknown" or step not in NEVER_UNKNOWN)
    yield from (f"step {step}" for step in range(1, 12))
    yield from (f"verdict of an opinion {verdict}" for verdict in VERDICTS)
    yield from (f"verdict {verdict}" for verdict in VERDICTS)
    yield from (f"code {code}" for code in CODES)
    yield from (f"remedy step {act}" for act in ("say", "record", "obtain", "perform"))
    yield from ("holds until", "holds until: early", "silence", "order of records", "unknown",
                "two clocks")


def report_coverage(counts):
    """Prints how often each occurred; the names that never did."""
    names = list(wanted())
    for at in range(0, len(names), 4):
        print("  ".join(f"{name} {counts[name]}".ljust(38) for name in names[at:at + 4]).rstrip())
    return [name for name in names if not counts[name]]
