"""Numbers in every notation, and what is none."""

import pytest

from drafting.sums.number_words import spelled_numbers, values_in_words
from drafting.sums.numbers import PERCENT, numbers_in
from sync.quality.facts.amounts import amounts_in
from sync.quality.facts.dates import agrees, dates_in


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,200.00", {1200}),
        ("1.200,00", {1200}),
        ("1 200,00", {1200}),
        ("1\u00a0200,00", {1200}),
        ("1'200.50", {1200.5}),
        # one reading would be wrong in one of the two notations (price-parser issues 46 and 63)
        ("3.350", {3.35, 3350}),
        ("1,234,567.890", {1234567.89}),
        ("1.234.567", {1234567}),
        ("12,34,567", {1234567}),
        (".05", {0.05}),
        ("0.890", {0.89}),
        ("١٬٢٠٠٫٥", {1200.5}),
        ("๑,๒๐๐", {1200, 1.2}),
        ("3 million", {3e6}),
        ("3万", {30000}),
        # five metres are no five million
        ("5 m", {5}),
    ],
)
def test_a_number_in_its_readings(text: str, values: set[float]) -> None:
    (number,) = numbers_in(text)
    assert number.values == values


@pytest.mark.parametrize("text", ["1.2.3", "192.168.0.1", "1,2,3", "1.23.456"])
def test_a_version_an_address_and_a_list_are_no_number(text: str) -> None:
    assert numbers_in(text) == ()


def test_what_is_a_part_of_a_word_is_told() -> None:
    told = [number.glued for number in numbers_in("COVID-19, B12, CYP2D6, 5mg, 10 GB")]
    assert told == [True, True, True, True, False, False]


def test_what_a_number_counts() -> None:
    counted = [number.of for number in numbers_in("5 % of 12 weeks, 3 hrs, 9 patients")]
    assert counted == [PERCENT, "week", "hour", "patient"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("twelve hundred", [1200]),
        ("a hundred and two", [102]),
        ("fifty-five", [55]),
        ("two thirds", [0.667]),
        ("three million two hundred thousand and five", [3200005]),
        ("one and two", [1, 2]),
        ("two three", []),
    ],
)
def test_english_words(text: str, values: list[float]) -> None:
    assert [value for _, _, value in spelled_numbers(text)] == values


def test_other_words_that_tell_a_value() -> None:
    words = frozenset({"half", "twice", "dozen", "table"})
    assert values_in_words("half, twice a dozen", words) == {0.5, 2, 12}


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("$5", "$"),
        ("5 USD", "$"),
        ("C$5", "$"),
        ("EUR 4.00", "€"),
        ("1.200,00 €", "€"),
        ("12 dollars", "$"),
        ("ราคา 1,200 บาท", "฿"),
        ("THE 300", None),
        ("DNA 5", None),
    ],
)
def test_amounts_have_a_currency(text: str, currency: str | None) -> None:
    found = [amount.currency for amount in amounts_in(text, numbers_in(text))]
    assert found == ([currency] if currency else [])


@pytest.mark.parametrize(
    "text",
    [
        "3 March 2026",
        "March 3rd, 2026",
        "2026-03-03",
        "03/03/2026",
        "3. März 2026",
        "3 de marzo de 2026",
        "3 mars 2026",
        "3 марта 2026",
        "٣ مارس ٢٠٢٦",
        "3 มีนาคม 2569",
        "2026年3月3日",
    ],
)
def test_one_date_in_many_notations(text: str) -> None:
    (date,) = dates_in(text)
    assert (2026, 3, 3) in date.readings


@pytest.mark.parametrize(
    "text",
    [
        # what searches take for dates (dateparser 582, datefinder 56 and 124, dateutil 440)
        "100M2_ and 10,00 2",
        "you may 5 times",
        "13190 SW 68th Parkway, Suite 200",
        "2.3, 4.1, 4.3",
        "12 patients 2010",
        "1 fire 2000",  # four in Norwegian, and so April to dateparser
        "13/25/2020",
        "March 12%",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert dates_in(text) == ()


def test_a_part_of_a_date_agrees_with_the_whole() -> None:
    assert agrees((2026, 3, None), (2026, 3, 3))
    assert not agrees((2026, 3, 3), (2026, 3, None))
