"""Spans of a text: merged, allowed, and the shortcut that must not lose any."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.intake.redaction.recognisers.choosing import recognisers
from sync.intake.redaction.spans import Analysis, Span, analysis, merged
from sync.settings.redaction import PatternSection, RedactionSection

DEFAULT = RedactionSection(on=True)


def kinds(found: Analysis, text: str) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], s.entity) for s in found.spans(text)]


def test_overlapping_spans_become_one_of_the_longest_s_kind() -> None:
    spans = [Span(3, 9, "B", 0.5), Span(0, 5, "A", 1.0), Span(9, 11, "C", 0.4)]
    assert merged(spans) == [Span(0, 9, "B", 0.5), Span(9, 11, "C", 0.4)]
    assert merged([Span(0, 5, "A", 0.5), Span(0, 5, "B", 0.9)]) == [Span(0, 5, "B", 0.9)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10), st.sampled_from("ABC"))))
def test_merging_loses_no_character_and_heeds_no_order(
    drawn: list[tuple[int, int, str]],
) -> None:
    spans = [Span(start, start + length, entity, 0.5) for start, length, entity in drawn]
    whole = merged(spans)
    assert merged(reversed(spans)) == whole
    covered = {i for s in spans for i in range(s.start, s.end)}
    assert [i for s in whole for i in range(s.start, s.end)] == sorted(covered)


def test_an_address_within_an_address() -> None:
    text = "see https://example.com/?mail=joe@example.com&card=4111111111111111"
    assert kinds(analysis(DEFAULT), text) == [(text.removeprefix("see "), "URL")]


def test_every_kind_is_found_by_default() -> None:
    text = (
        "joe@example.com +442079460018 4111111111111111 GB82WEST12345698765432 078-05-1120 "
        "192.0.2.17 00:1A:2B:3C:4D:5E https://example.com 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
    )
    assert [kind for _, kind in kinds(analysis(DEFAULT), text)] == [
        *("EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "US_SSN"),
        *("IP_ADDRESS", "MAC_ADDRESS", "URL", "CRYPTO"),
    ]


def test_only_what_is_asked_for() -> None:
    found = analysis(RedactionSection(entities=("URL",)))
    assert kinds(found, "joe@example.com") == []
    assert kinds(found, "example.com") == [("example.com", "URL")]


def test_what_it_is_less_sure_of_is_found_when_asked_to_be() -> None:
    text = "it is 2025550143, thanks"
    assert kinds(analysis(DEFAULT), text) == []
    strict = analysis(RedactionSection(least_score=0.3))
    assert kinds(strict, text) == [("2025550143", "PHONE_NUMBER")]


def test_allowed_texts_stay() -> None:
    allow = ("0800 123 4567", "Help@example.com")
    found = analysis(RedactionSection(allow=allow))
    text = "call 0800  123 4567 or help@EXAMPLE.com, not 0800 123 4568, 0800 123 4567 890"
    assert [value for value, _ in kinds(found, text)] == ["0800 123 4568", "0800 123 4567 890"]


def test_own_patterns() -> None:
    order = PatternSection(name="ORDER", regex=r"\bA-\d{6}\b")
    found = analysis(RedactionSection(patterns=(order,)))
    assert kinds(found, "A-123456, a-123456") == [("A-123456", "ORDER")]


SIGNS_OF = st.sampled_from(
    [*"0129@.:/-_ ([]) aAfxe", "at", "[at]", "www.", "com", "://", "http", "bc1", "GB82", "call"]
)


@given(st.lists(SIGNS_OF, max_size=40).map("".join))
def test_the_shortcut_skips_only_texts_that_hold_nothing(text: str) -> None:
    assert analysis(DEFAULT).spans(text) == without_shortcut(text)


def without_shortcut(text: str) -> list[Span]:
    """What every recogniser says, whether or not the text gives reason to ask it."""
    return merged(
        Span(start, end, entity, score)
        for entity, recogniser in recognisers(DEFAULT).items()
        for start, end, score in recogniser.found(text)
        if score >= DEFAULT.least_score
    )


@pytest.mark.parametrize("text", ["aa:bb:cc:dd:ee:ff", "AABB.CCDD.EEFF", "joe (at) mail dot com"])
def test_values_without_a_digit(text: str) -> None:
    assert analysis(DEFAULT).spans(text) == without_shortcut(text)


def test_a_text_longer_than_spacy_s_limit() -> None:
    words = "word " * 210_000
    found = analysis(RedactionSection(entities=("EMAIL_ADDRESS", "UK_NINO")))
    assert kinds(found, f"{words}joe@example.com") == [("joe@example.com", "EMAIL_ADDRESS")]


def test_no_kind_of_ours_loads_presidio() -> None:
    """It would take five seconds and 400 MB in every process that finds an IBAN."""
    code = (
        "import sys\n"
        "from sync.intake.redaction.spans import analysis\n"
        "from sync.settings.redaction import RedactionSection\n"
        "find = analysis(RedactionSection(on=True)).spans\n"
        "print([s.entity for s in find('GB82 WEST 1234 5698 7654 32')])\n"
        "print('presidio_analyzer' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["['IBAN_CODE']", "False"]
