"""Conditions as text on one line, as an answer shows them (docs/FORMATS.md, section 1)."""

from world import kebab

LISTS = ("all", "any", "sure")
RECORD_KINDS = ("finding", "agreement", "certificate", "assessment", "disclosure", "order")


def single(condition):
    """(key, inside) of a condition; a sequence is `all`."""
    if isinstance(condition, list):
        return "all", condition
    (key, inside), = condition.items()
    if key in LISTS and not isinstance(inside, list):
        inside = [inside]
    return key, inside


def condition_text(condition):
    key, inside = single(condition)
    if key in LISTS:
        return f"{key}: [{', '.join(braced(part) for part in inside)}]"
    if key == "not":
        return f"not: {braced(inside)}"
    if key in RECORD_KINDS:
        tests = ", ".join(f"{kebab(name)}: {test_text(test)}" for name, test in inside.items())
        return f"{key}: {{{tests}}}"
    return f"{key}: {inside if key in ('cond', 'unsettled') else test_text(inside)}"


def braced(condition):
    return f"{{{condition_text(condition)}}}"


def test_text(test):
    if not isinstance(test, dict):
        return values_text(test)
    if list(test) == ["in"]:
        return values_text(test["in"])
    return f"{{{', '.join(f'{name}: {values_text(test[name])}' for name in TESTS if name in test)}}}"


TESTS = ("in", "has", "lt", "ge", "main", "is")


def values_text(values):
    if not isinstance(values, list):
        values = [values]
    texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in values]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
