"""Words and phrases are found as people mean them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.settings.categories import pattern


@pytest.mark.parametrize(
    ("written", "said", "found"),
    [
        ("card", "My CARD is lost", True),
        ("card", "My cards are lost", False),
        ("card", "discard it", False),
        ("lost my card", "I lost  my\ncard.", True),
        ("C++", "Is this C++?", True),
        ("$5", "it costs $5 now", True),
        ("$5", "it costs $50 now", False),
        ("été", "L'ÉTÉ dernier", True),
        ("كارت", "فقدت كارت البنك", True),
        ("信用卡", "我的信用卡丢了", True),
        ("カード", "カードをなくした", True),
        ("re:cards?", "discards", True),
        ("re:^.{30,}$", "short", False),
        ("re: card", "MyCard", True),
    ],
)
def test_by_hand(written: str, said: str, found: bool) -> None:
    assert bool(pattern(written).search(said)) is found


@given(st.text(min_size=1).filter(str.strip))
def test_a_phrase_finds_itself(phrase: str) -> None:
    if phrase.startswith("re:"):
        return
    assert pattern(phrase).search(f"before {phrase} after")


@pytest.mark.parametrize("written", ["", "  ", "re:", "re:(", "re:["])
def test_what_can_t_be_searched_for_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"nothing to look for|no regular expression"):
        pattern(written)
