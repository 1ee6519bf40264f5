import pytest

from sync.quality.text_checks.required_phrase import RequiredPhrase
from tests.sync.quality.text_checks.texts import found

RISK = "Past performance is no guarantee of future results."
VALUE = (
    "The value of investments can fall as well as rise, and you may get back less than you paid in."
)
LAW = "This is not legal advice and does not create an attorney-client relationship."
CALL = "Call 112 in an emergency."


@pytest.mark.parametrize(
    "answer",
    [
        f"Buy the fund. {RISK}",
        "Buy it.\n\n**Past performance\nis no guarantee of   future results**",
        "PAST PERFORMANCE IS NO GUARANTEE OF FUTURE RESULTS",
        "Past performance is not guarantee of future results",
        "Past performance is no guarentee of future results.",
        "Past performance is no guarantee of the future results.",
        "Past performance is no guarantee of futureresults.",
        "_Past_ performance is no guarantee of future [results](https://bank.example/risk).",
        f"I don't know the price, and not every fund pays. {RISK}",
        f"It is not true that “{RISK}” is all there is to say. {RISK}",
    ],
)
def test_a_phrase_that_is_there(answer: str) -> None:
    assert found(RequiredPhrase(phrases=(RISK,)), answer) == []


@pytest.mark.parametrize(
    ("phrase", "answer"),
    [
        # a negation less or more
        (RISK, "Past performance is guarantee of future results."),
        (RISK, "Past performance is a guarantee of future results."),
        (LAW, "This is legal advice and does not create an attorney-client relationship."),
        (LAW, "This is not legal advice and does create an attorney-client relationship."),
        (VALUE, VALUE.replace("can fall", "can't fall")),
        # another word, or one less
        (VALUE, VALUE.replace("may get", "will get")),
        (VALUE, VALUE.replace("less", "more")),
        (VALUE, VALUE.replace("can fall as well as rise", "can rise as well as fall")),
        (VALUE, VALUE.removesuffix(" in.") + "."),
        (LAW, LAW.replace("legal", "illegal")),
        (RISK, "Past results are no guarantee of future performance."),
        # another number
        (CALL, "Call 911 in an emergency."),
        (CALL, "Call in an emergency."),
        # in two parts
        (RISK, "Past performance, as every client knows, is no guarantee of any future results."),
        (VALUE, "The value of investments can fall. You may get back less than you paid in."),
        # taken back, struck out, seen by nobody
        (RISK, f"It is not true that {RISK[0].lower()}{RISK[1:]}"),
        (RISK, f"You can ignore the line “{RISK}”"),
        (RISK, "That past performance is no guarantee of future results is no longer true."[5:]),
        (RISK, f"~~{RISK}~~"),
        (RISK, f"<!-- {RISK} -->"),
    ],
)
def test_what_is_another_phrase(phrase: str, answer: str) -> None:
    assert len(found(RequiredPhrase(phrases=(phrase,)), f"Buy the fund. {answer}")) == 1


def test_short_forms_are_the_long_ones() -> None:
    check = RequiredPhrase(phrases=("Don't drive after taking it.",))
    assert found(check, "Do not drive after taking it.") == []
    assert len(found(check, "Do drive after taking it.")) == 1


def test_other_words_where_they_are_allowed_but_no_other_sense() -> None:
    check = RequiredPhrase(phrases=(VALUE,), at_least=80.0)
    assert found(check, VALUE.replace("may get", "will get")) == []
    assert len(found(check, VALUE.replace("can fall", "can't fall"))) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "Buy the fund.",
        "Past performance.",
        "Past performance says little about what comes next year.",
    ],
)
def test_a_phrase_that_is_missing(answer: str) -> None:
    (fault,) = found(RequiredPhrase(phrases=(RISK,)), answer)
    assert fault.message == f"the answer lacks “{RISK}”; add it"
    assert fault.severity == "error"


def test_only_where_something_is_said() -> None:
    check = RequiredPhrase(where_said={RISK: ("fund", "yield")})
    (fault,) = found(check, "It is safe.", "Which fund is safe?")
    assert "which “fund” asks for" in fault.message
    assert len(found(check, "It is safe.", "Which funds are safe, and which yields?")) == 1
    assert found(check, "It is safe to refund it.", "Which card?") == []


def test_only_in_a_category() -> None:
    check = RequiredPhrase(where_category={RISK: "topic=investment"})
    assert len(found(check, "Buy.", categories={"topic": "investment"})) == 1
    assert len(found(check, "Buy.", categories={"Topic": "Investment "})) == 1
    assert found(check, "Buy.", categories={"topic": "cards"}) == []


def test_in_a_script_without_blanks() -> None:
    check = RequiredPhrase(phrases=("投资有风险",))
    assert found(check, "请注意:投资有风险,入市需谨慎。") == []
    assert len(found(check, "请买入。")) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"at_least": 0}, r"at_least must be in \(0, 100\], found 0"),
        ({"where_category": {RISK: "investment"}}, "expected 'kind=label', found 'investment'"),
        ({"phrases": ("…",)}, "a phrase must hold words"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        RequiredPhrase(**options)  # type: ignore[arg-type]
