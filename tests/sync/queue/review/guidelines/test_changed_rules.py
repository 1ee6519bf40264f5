"""What counts as a change of guidelines: another demand, not another place or spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.queue.review.guidelines.changed_rules import (
    ChangedRule,
    changed_rules,
    is_same_rule,
    rules_of,
)

GUIDELINES = """# Guidelines

Answer in plain words. Keep to the facts,
which stand in the context.

## Fees
- A replacement card costs **GBP 5.00**.
- Name the fee; never guess it.

| case | answer |
|---|---|
| lost card | freeze it first |

### Abroad
1. Say “Rates change daily.” in every answer.
```
# no heading
```
"""


def test_sentences_stand_under_their_headings() -> None:
    found = [(rule.text, rule.headings) for rule in rules_of(GUIDELINES)]
    assert found == [
        ("Answer in plain words.", ("Guidelines",)),
        ("Keep to the facts, which stand in the context.", ("Guidelines",)),
        ("A replacement card costs GBP 5.00.", ("Guidelines", "Fees")),
        ("Name the fee; never guess it.", ("Guidelines", "Fees")),
        ("case answer", ("Guidelines", "Fees")),
        ("lost card freeze it first", ("Guidelines", "Fees")),
        ("Say “Rates change daily.”", ("Guidelines", "Fees", "Abroad")),
        ("in every answer.", ("Guidelines", "Fees", "Abroad")),
        ("# no heading", ("Guidelines", "Fees", "Abroad")),
    ]


def test_what_is_other_new_and_gone_is_told() -> None:
    now = GUIDELINES.replace("GBP 5.00", "GBP 7.50").replace("never guess it", "and its date")
    now = now.replace("Answer in plain words. ", "") + "\nSign with the team's name.\n"
    assert changed_rules(GUIDELINES, now) == (
        ChangedRule(
            "A replacement card costs GBP 7.50.",
            "A replacement card costs GBP 5.00.",
            ("Guidelines", "Fees"),
        ),
        ChangedRule(
            "Name the fee; and its date.", "Name the fee; never guess it.", ("Guidelines", "Fees")
        ),
        ChangedRule("Sign with the team's name.", "", ("Guidelines", "Fees", "Abroad")),
        ChangedRule("", "Answer in plain words.", ("Guidelines",)),
    )


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("plain words", "plain  *words*"),
        ("Answer in", "answer in"),
        ("replacement", "replacment"),
        ("Keep to the facts,\nwhich", "Keep to the facts, which"),
        ("### Abroad", "### Travel"),
        ("- Name the fee", "* Name the fee"),
    ],
)
def test_another_spelling_or_layout_is_no_change(before: str, now: str) -> None:
    changed = GUIDELINES.replace(before, now)
    assert changed != GUIDELINES
    assert changed_rules(GUIDELINES, changed) == ()
    assert changed_rules(changed, GUIDELINES) == ()


def test_a_sentence_that_moved_is_no_change() -> None:
    moved = GUIDELINES.replace("- Name the fee; never guess it.\n", "")
    assert changed_rules(GUIDELINES, moved + "\nName the fee; never guess it.\n") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It costs £5.", "It costs £6."),
        ("It costs £5.", "It costs €5."),
        ("You must ask.", "You must not ask."),
        ("It is legal.", "It is illegal."),
        ("You may ask.", "You must ask."),
        ("Always ask.", "Never ask."),
        ("费用是五英镑。", "费用是六英镑。"),
        ("Die Gebühr beträgt 5 %.", "Die Gebühr beträgt 6 %."),
        ("Es ist möglich.", "Es ist unmöglich."),
    ],
)
def test_what_changes_the_sense_is_a_change(one: str, other: str) -> None:
    assert not is_same_rule(one, other)
    assert not is_same_rule(other, one)
    assert is_same_rule(one, one)


def test_a_sentence_that_stands_twice_is_gone_once() -> None:
    assert changed_rules("Ask.\n\nAsk.", "Ask.") == (ChangedRule("", "Ask."),)


LINES = st.lists(
    st.sampled_from(
        ["# A", "## B", "- It costs 5.", "Ask. Wait.", "", "| a | b |", "```", "Né 中文。"]
    ),
    max_size=8,
).map("\n".join)


@given(LINES, LINES)
def test_nothing_has_changed_between_a_text_and_itself(one: str, other: str) -> None:
    assert changed_rules(one, one) == ()
    there = {rule.text for rule in rules_of(other)}
    assert all(not rule.now or rule.now in there for rule in changed_rules(one, other))
