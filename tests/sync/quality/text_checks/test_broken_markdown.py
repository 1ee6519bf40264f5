import pytest

from sync.quality.text_checks.broken_markdown import BrokenMarkdown
from tests.sync.quality.text_checks.texts import found

ROWS = "| card | price |\n|---|---|\n"


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ("A **new card costs GBP 5.00.", "bold that is not closed"),
        ("A **new card** costs **GBP 5.00.", "bold that is not closed"),
        ("- **Fee: GBP 5.00\n- **Time:** 5 days", "bold that is not closed"),
        ("** Fee ** is GBP 5.00.", "bold that is not closed"),
        ("**费用：五欧元。", "bold that is not closed"),
        ("Run `fee --all to see it.", "code that is not closed"),
        ("See [the fees](https://bank.example/fees for more.", "a link that leads nowhere"),
        ("See [the fees]() for more.", "a link that leads nowhere"),
        ("See [the fees] (https://bank.example/fees).", "a link that leads nowhere"),
        ("The fee is <b>GBP 5.00.", "the tag <b> is never closed"),
        ("\\begin{align} x = 5", "of a formula is begun or ended alone"),
        ("##Fees\n\nA new card costs GBP 5.00.", "a heading without a blank"),
        ("| card | price |\n| Basic | 5.00 |\n| Plus | 0.00 |", "a table without a line of dashes"),
        (f"{ROWS}| Basic | GBP | 5.00 |", "3 cells under a heading of 2"),
        (f"{ROWS}| Basic |", "1 cells under a heading of 2"),
    ],
)
def test_a_mark_that_is_shown_as_it_is(answer: str, what: str) -> None:
    (fault,) = found(BrokenMarkdown(), answer)
    assert what in fault.message
    assert fault.severity == "warning"


@pytest.mark.parametrize(
    "answer",
    ["```python\nprint(5)", "So:\n\n```python\nprint(5)\n``` and then\n\nit is done.", "~~~\nfee"],
)
def test_a_fence_that_is_not_closed(answer: str) -> None:
    (fault,) = found(BrokenMarkdown(), answer)
    assert "a code fence" in fault.message
    assert fault.severity == "error"


@pytest.mark.parametrize(
    "answer",
    [
        "2**10 is 1024, a ** b is a power, and f(**kwargs) takes names.",
        "It differs (p<0.05*, p<0.01**, p<0.001***). The C* and E. coli** strains grow.",
        "**重点。**后面的内容,`code`,[链接](https://a.example)",
        "`**not bold` and ``a ` tick`` and __init__ are code.",
        "````\n```python\n````",
        f"{ROWS}| Basic | `a\\|b` |\n| Plus | 5 \\| 6 |",
        "Say |x| for the size of x | y.",
        "#5 of 10, #hashtag and C#",
        "[1] and [sic] (see below) [note].",
        "Text with a trailing * star and 3 * 4 * 5.",
    ],
)
def test_signs_that_are_meant(answer: str) -> None:
    assert found(BrokenMarkdown(), answer) == []


def test_uneven_rows_may_be_meant() -> None:
    assert found(BrokenMarkdown(tables=False), f"{ROWS}| Basic |") == []
