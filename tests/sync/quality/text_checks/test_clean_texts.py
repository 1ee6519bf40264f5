"""What is right in another language, in code or in a clinic is no fault."""

import pytest

from sync.quality.text_checks import OFF_UNLESS_ASKED, TEXT_CHECKS
from tests.sync.quality.text_checks.texts import CLEAN, found

ON = sorted(set(TEXT_CHECKS) - OFF_UNLESS_ASKED)
STRICTER = {
    "readability": {"hardest": 20.0},
    "citation": {},
    "toxicity": {"words": ("gobshite",)},
}


@pytest.mark.parametrize("name", ON)
def test_clean_texts_are_left_alone(name: str) -> None:
    check = TEXT_CHECKS[name]()
    assert {kind: found(check, a, q) for kind, (q, a) in CLEAN.items() if found(check, a, q)} == {}


@pytest.mark.parametrize("name", STRICTER)
def test_so_they_are_by_checks_that_are_asked_for(name: str) -> None:
    check = TEXT_CHECKS[name](**STRICTER[name])
    assert {kind: found(check, a, q) for kind, (q, a) in CLEAN.items() if found(check, a, q)} == {}
