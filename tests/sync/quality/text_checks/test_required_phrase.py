import pytest

from sync.quality.text_checks.required_phrase import RequiredPhrase
from tests.sync.quality.text_checks.texts import found

RISK = "Past performance is no guarantee of future results."


@pytest.mark.parametrize(
    "answer",
    [
        f"Buy the fund. {RISK}",
        "Buy it.\n\n**Past performance\nis no guarantee of   future results**",
        "PAST PERFORMANCE IS NO GUARANTEE OF FUTURE RESULTS",
        "Past performance is not guarantee of future results",
    ],
)
def test_a_phrase_that_is_there(answer: str) -> None:
    assert found(RequiredPhrase(phrases=(RISK,)), answer) == []


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
    assert found(check, "It is safe to refund it.", "Which card?") == []


def test_only_in_a_category() -> None:
    check = RequiredPhrase(where_category={RISK: "topic=investment"})
    assert len(found(check, "Buy.", categories={"topic": "investment"})) == 1
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
