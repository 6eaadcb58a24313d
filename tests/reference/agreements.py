"""Agreements: docs/DECISIONS.md, section 5.4."""

from conditions import (Leaf, apart, lies_within, named, read_field, record_outcome, test_fields)
from facts import read
from world import FALSE, TRUE, UNKNOWN, day_of, days_of, kebab


NAMES = {FALSE: "false", UNKNOWN: "unknown", TRUE: "true"}


def of_pair(world, pair):
    """Every known rectangle of an agreement between the two, by id."""
    return [a for a in world.by_kind["agreement"]
            if (a.get("exporter"), a.get("importer")) == pair]


def to_choose_from(world, pair, day):
    """5.1: each id once, with the rectangle in force, else the next to come, else the last."""
    chosen = {}
    for rectangle in of_pair(world, pair):
        chosen.setdefault(rectangle.id, []).append(rectangle)
    return [pick(rectangles, day) for _, rectangles in sorted(chosen.items())]


def pick(rectangles, day):
    now = [r for r in rectangles if r.in_force(day)]
    coming = [r for r in rectangles if r.first > day]
    return (now + coming + rectangles[-1:])[0]


def evaluate_agreement(leg, tests, text):
    fields, seen = {}, {}
    for rectangle in of_pair(leg.world, leg.pair):
        fields[rectangle] = test_of(leg, rectangle, tests)
        if fields[rectangle] != FALSE:
            note_days(leg, rectangle)
    leaves, result = [], FALSE
    for agreement in leg.agreements:
        if fields[agreement] == FALSE:
            continue
        (standing, code, word), looked_at = apart(leg, judge_steps, agreement)
        seen[agreement] = looked_at
        value = min(fields[agreement], standing)
        if agreement is leg.agreement:
            result = value
            leg.look_at(agreement)
        if value != TRUE:
            if standing == TRUE:
                code = "RECORD_UNKNOWN"
            leaves.append(Leaf(code, text, value, named(agreement), None, [agreement], word))
    # Where the bound one is true, nothing has to be said of the others.
    for agreement in leg.agreements:
        if agreement is leg.agreement or result != TRUE:
            leg.look_at(*seen.get(agreement, ()))
    bound = leg.agreement is not None and fields[leg.agreement] != FALSE
    return record_outcome(leg, "agreement", text, result, leg.agreement if bound else None, leaves)


def test_of(leg, agreement, tests):
    value = test_fields(leg, agreement, tests)
    return min(value, UNKNOWN) if {"exporter", "importer"} & agreement.disputed else value


def judge_steps(leg, agreement):
    leg.look_at(instrument_of(leg, agreement))
    return first_not_true(leg, steps(leg, agreement))


def first_not_true(leg, judged):
    """The least value, with the code of the first step that has it."""
    for number, step in enumerate(judged):
        leg.count(f"agreement step {number + 1} {NAMES[step[0]]}")
    value = min(step[0] for step in judged)
    return next((step for step in judged if step[0] == value and value != TRUE), (TRUE, None, None))


def instrument_of(leg, agreement):
    """The instrument in force, unless it is in dispute which one it is."""
    instrument = agreement.settled("instrument")
    return leg.lookup("instrument", instrument) if instrument else None


def note_days(leg, agreement):
    leg.note(agreement.first, agreement.last)
    signed = date_of(agreement)
    if agreement.get("signed"):
        leg.note(day_of(agreement.get("signed")))
    instrument = instrument_of(leg, agreement)
    window = window_of(leg, instrument, signed)
    if window and window.get("rely_until"):
        leg.note(day_of(window["rely_until"]))


def date_of(agreement):
    signed = agreement.settled("signed")
    return day_of(signed) if signed else None


def bounds(window):
    start, _ = days_of({"from": window.get("from")})
    _, end = days_of({"until": window.get("sign_until")})
    return start, end


def window_of(leg, instrument, signed):
    """The window of the instrument for the law that asks, for this date of signature."""
    if not instrument or "laws" in instrument.disputed or leg.is_policy():
        return None
    windows = [w for w in instrument.get("laws", ()) if w["rulebook"] == leg.rulebook.id]
    if not windows:
        return None
    if signed is None:
        return max(windows, key=lambda w: days_of({"until": w.get("rely_until")})[1])
    for window in windows:
        start, end = bounds(window)
        if start <= signed < end:
            return window
    opened = windows[:1] + [w for w in windows[1:] if bounds(w)[0] <= signed]
    return max(opened, key=lambda w: bounds(w)[0])


def steps(leg, agreement):
    """The eleven steps: (value, code, word)."""
    instrument = instrument_of(leg, agreement)
    signed = date_of(agreement)
    window = window_of(leg, instrument, signed)
    judged = [known_to_law(leg, agreement, instrument, window),
              is_signed(leg, agreement, signed),
              is_in_window(agreement, window, signed),
              may_be_relied_on(leg, window),
              (TRUE if agreement.in_force(leg.day) else FALSE, "NOT_IN_FORCE", None),
              is_complete(agreement),
              (fits_roles(leg, agreement, instrument), "WRONG_MODULE", None)]
    covered = [("leg.category", "categories"), ("leg.purpose", "purposes"), ("leg.area", "areas"),
               ("access.mode", "modes")]
    return judged + [covers(leg, agreement, fact, field) for fact, field in covered]


def known_to_law(leg, agreement, instrument, window):
    code = "INSTRUMENT_NOT_OF_THIS_LAW"
    if "instrument" in agreement.disputed:
        return UNKNOWN, code, None
    if leg.is_policy() or window:
        return TRUE, code, None
    return UNKNOWN if instrument and "laws" in instrument.disputed else FALSE, code, None


def is_signed(leg, agreement, signed):
    if "signed" in agreement.disputed:
        return UNKNOWN, "UNSIGNED_OR_UNDATED", None
    if signed is None:
        return FALSE, "UNSIGNED_OR_UNDATED", None
    return TRUE if signed <= leg.day else FALSE, "NOT_YET_SIGNED", None


def is_in_window(agreement, window, signed):
    if not window:
        return TRUE, None, None
    if "signed" in agreement.disputed:
        return UNKNOWN, "SIGNED_AFTER_REPEAL", None
    if signed is None:
        return TRUE, None, None
    start, end = bounds(window)
    if signed < start:
        return FALSE, "SIGNED_BEFORE_WINDOW", None
    return TRUE if signed < end else FALSE, "SIGNED_AFTER_REPEAL", None


def may_be_relied_on(leg, window):
    ended = window and window.get("rely_until") and day_of(window["rely_until"]) <= leg.day
    return FALSE if ended else TRUE, "GRACE_ENDED", None


def is_complete(agreement):
    said = kebab(agreement.settled("annexes-complete") or "unspecified")
    return {"yes": TRUE, "no": FALSE}.get(said, UNKNOWN), "ANNEXES_INCOMPLETE", None


def fits_roles(leg, agreement, instrument):
    if "instrument" in agreement.disputed:
        return UNKNOWN
    modules = instrument.get("modules", ()) if instrument else ()
    if instrument and "modules" in instrument.disputed:
        return UNKNOWN
    if not modules:
        return TRUE
    if "module" in agreement.disputed:
        return UNKNOWN
    said = agreement.get("module", "")
    entries = [m for m in modules if m.get("module", "") == said]
    if not entries:
        return FALSE if said else UNKNOWN
    return max(fits(leg, entry) for entry in entries)


def fits(leg, entry):
    value = TRUE
    for field in ("exporter_role", "importer_role"):
        if entry.get(field):
            true_role = read(leg, "engagement." + kebab(field))
            leg.look_at(*true_role.records)
            has_role = ("word", entry[field]) in true_role.members
            value = min(value, UNKNOWN if true_role.open else TRUE if has_role else FALSE)
    return value


def covers(leg, agreement, fact, field):
    listed, has_any = read_field(agreement, field)
    return lies_within(leg, read(leg, fact), listed, has_any), "NOT_COVERED", fact
