"""Units are found as a list of all their names, the longest first, would find them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from drafting.sums.unit_names import UNIT, UNIT_NAMES, any_of

_LISTED = re.compile("|".join(map(re.escape, sorted(UNIT_NAMES, key=len, reverse=True))))
_FOUND = re.compile(any_of(UNIT_NAMES))
pieces = st.sampled_from([*UNIT_NAMES, " ", "/", " per ", "5", ".", "s", "x", "square "])


@given(st.lists(pieces, max_size=8).map("".join))
def test_names_are_found_as_from_a_list(text: str) -> None:
    spans = [found.span() for found in _FOUND.finditer(text)]
    assert spans == [found.span() for found in _LISTED.finditer(text)]


def test_every_name_is_a_unit() -> None:
    unit = re.compile(UNIT)
    assert [name for name in UNIT_NAMES if not unit.fullmatch(name)] == []


def test_beginnings_are_shared_and_longer_words_come_first() -> None:
    assert any_of(["in", "in.", "inch", "cm"]) == r"(?:cm|in(?:\.|ch)?)"
    assert re.compile(any_of(["in", "inch"])).match("inches")[0] == "inch"  # type: ignore[index]
    assert any_of([]) == ""
