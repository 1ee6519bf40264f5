"""Facts that stand in the answer alone."""

from collections.abc import Mapping

import pytest

from sync.quality.text_checks.checked_text import CheckedText, Document
from sync.quality.text_checks.unsupported_facts import UnsupportedFacts

TERMS = (
    "A replacement card costs EUR 12.00. From 3 March 2026 we charge a fee of 1,200 dollars a "
    "year. "
    "Of 50 customers 14 chose the Plus plan, 25 % the Gold plan. Claims must reach us within 30 "
    "days. "
    "Ask Dr. Helena Marsh of the Harlow Institute."
)


def found(
    answer: str,
    terms: str = TERMS,
    prompt: str = "What does it cost?",
    context: Mapping[str, str] | None = None,
    check: UnsupportedFacts | None = None,
) -> str:
    documents = (Document("Terms", terms),) if terms else ()
    text = CheckedText(prompt, prompt, answer, context=context or {}, documents=documents)
    return " ".join(fault.message for fault in (check or UnsupportedFacts())(text))


@pytest.mark.parametrize(
    "answer",
    [
        "It costs 12 euros.",
        "It costs €12.",
        "The fee is $1,200.00.",
        "The fee is 1.200,00 USD.",
        "The fee is 1 200,00 $.",
        "The fee is twelve hundred dollars.",
        "A quarter, that is 0.25 of them, chose Gold.",
        "From 2026-03-03 on.",
        "From 03/03/2026 on, which is in March 2026.",
        "Until 2 April 2026, 30 days later.",
        "28% of them chose Plus.",
        "You pay $100 a month.",
        "1. Open the app.\n2. Choose step 17 of table 21, see [34].",
        "As was shown (Smith et al., 2019), see https://example.org/2017/484.",
        "```\nx = 4711\n```",
        "Ask Dr. Marsh, who is of the Harlow Institute.",
        "From July on, the Internet will do; in English and on Monday.",
        # buttons and menus are called by their names
        "Open Cards, choose the card and press Freeze; the limit is under Cards, Limits.",
        "Choose File and then Export, or Admin > People > Invite again.",
        # what the answer makes of what is given
        "12.00 × 5 = 60.00, so EUR 60.00.",
        "Claims must reach us within 30 days (720 hours).",
        # bounds, which an answer sets
        "It holds for cards < 45 years old (P < .05).",
        "A quarter of them chose Gold.",
        "More than one in four chose Plus.",
        "How to Use the App",
    ],
)
def test_what_the_sources_give_in_other_words(answer: str) -> None:
    assert found(answer) == ""


@pytest.mark.parametrize(
    ("answer", "quoted"),
    [
        ("It costs 17 euros.", "17 euros"),
        ("It costs $12.", "$12"),
        ("In all 483 customers chose it.", "483"),
        ("It was 37.5 % of them.", "37.5 %"),
        ("It begins on 4 March 2026.", "4 March 2026"),
        ("Claims must reach us within 45 days.", "45"),
        ("Claims must reach us within forty-five days.", "forty-five"),
        ("Please ask Dr. Paul Wetherby about it.", "Dr. Paul Wetherby"),
        ("This is what the Larkfield Foundation says about it.", "Larkfield Foundation"),
        ("Since 2011 it costs more.", "2011"),
        # small amounts, amounts in words, in thousands
        ("You get $5 back.", "$5"),
        ("It costs twelve pounds.", "twelve pounds"),
        ("It costs two hundred dollars.", "two hundred dollars"),
        ("It costs €3k.", "€3k"),
        ("It costs EUR 48.", "EUR 48"),
        # shares in words, small counts
        ("Two thirds of them chose it.", "Two thirds"),
        ("One in five chose it.", "One in five"),
        ("You can send 12 transfers.", "12"),
        ("Claims must reach us within nine working days.", "nine"),
        # names in short sentences, behind a title, of one word
        ("Ask Ms Lindqvist.", "Ms Lindqvist"),
        ("Professor Adeyemi agrees.", "Professor Adeyemi"),
        ("As Judge Halloran held, it is so.", "Judge Halloran"),
        ("It is made by Kestrel Systems.", "Kestrel Systems"),
        ("The Amber plan includes it.", "Amber"),
        ("Use the tool SwiftLedger for it.", "SwiftLedger"),
        ("Your data is stored in Tallinn.", "Tallinn"),
    ],
)
def test_what_no_source_gives(answer: str, quoted: str) -> None:
    assert f'"{quoted}"' in found(answer)


def test_without_a_source_nothing_can_be_told() -> None:
    assert found("It costs 17 euros.", terms="") == ""
    assert found("It costs 17 euros.", terms="", context={"plan": "Plus"}) != ""


def test_prompt_context_and_guidelines_are_sources() -> None:
    assert found("It costs 17 euros.", prompt="Is it 17 euros?") == ""
    assert found("It costs 17 euros.", context={"fee": "EUR 17"}) == ""
    text = CheckedText("", "", "17 EUR", documents=(Document("", "x"),), guidelines="Say EUR 17.")
    assert list(UnsupportedFacts()(text)) == []


@pytest.mark.parametrize(
    ("answer", "terms"),
    [
        ("Die Gebühr beträgt 1.200,00 € ab dem 3. März 2026.", "EUR 1200; 3.3.2026"),
        ("Der Vertrag der Deutschen Bank endet mit der Kündigung.", "Nichts dazu."),
        ("تبلغ الرسوم ١٬٢٠٠ ريال في ٣ مارس ٢٠٢٦", "SAR 1,200; 2026-03-03"),
        ("ค่าธรรมเนียม ๑,๒๐๐ บาท ตั้งแต่ 3 มีนาคม 2569", "1,200 THB; 2026-03-03"),
        ("费用为1200元，自2026年3月3日起。", "CNY 1,200 from 3 March 2026"),
    ],
)
def test_other_languages_and_their_notation(answer: str, terms: str) -> None:
    assert found(answer, terms) == ""


def test_other_languages_hold_wrong_numbers_too() -> None:
    assert '"1.300,00 €"' in found("Die Gebühr beträgt 1.300,00 €.", "EUR 1200")
    assert "١٬٣٠٠" in found("تبلغ الرسوم ١٬٣٠٠ ريال", "SAR 1,200")


def test_small_spans_are_doubted_in_a_case_or_where_the_sources_count_them() -> None:
    weeks = "It takes 6 weeks."
    assert found(weeks) == ""
    assert '"6"' in found(weeks, context={"plan": "Plus"})
    assert '"6"' in found(weeks, terms="It takes 4 weeks.")
    assert '"8"' in found("It takes 8 days.", terms="", context={"processing": "6 working days"})
    assert found("It takes 6 days.", terms="", context={"processing": "6 working days"}) == ""


def test_what_stands_beside_a_unit_is_of_that_unit() -> None:
    lengths = "Mean length was 1.5 vs. 1.0 cm. Patients younger than 30 were few."
    assert found("They were 50% longer.", terms=lengths) == ""
    assert found("Patients of 21 to 29 years were few.", terms=f"From 21 years on. {lengths}") == ""


def test_many_facts_are_one_finding_that_quotes_three() -> None:
    message = found("In 483, 484, 485 and 486 cases.")
    assert '"483", "484", "485" and 1 more' in message


def test_options_leave_kinds_out() -> None:
    names_only = UnsupportedFacts(numbers=False, amounts=False, dates=False)
    assert found("It costs 17 euros on 4 May 2026, 99 times.", check=names_only) == ""
    assert found("In 483 cases.", check=UnsupportedFacts(most=1)) == ""
