"""Markdown: headings as CommonMark has them, and every line in one block."""

from pathlib import Path

from sync.intake.sources.documents.markdown import parts_of
from tests.sync.intake.sources.builders import read, write

GUIDE = """\
---
title: Guide
---
Before any heading.

# Fees and `cards` of *ours*

    # an indented comment

```sh
# a comment, no heading
```

Cards
-----
- one

  ## no heading of the document's
- two

| a | b |
|---|---|
| 1 | 2 |

> # a quoted heading

[terms]: https://example.com/terms
### Loans ###
"""


def test_headings_and_blocks() -> None:
    before, fees, cards, loans = parts_of(GUIDE)
    assert (before.level, before.title, before.blocks) == (0, "", ("Before any heading.",))
    assert (fees.level, fees.title, fees.place) == (1, "Fees and cards of ours", "line 6")
    assert fees.blocks == ("    # an indented comment", "```sh\n# a comment, no heading\n```")
    assert (cards.level, cards.title, cards.place) == (2, "Cards", "line 14")
    assert cards.blocks == (
        "- one\n\n  ## no heading of the document's\n- two",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "> # a quoted heading\n\n[terms]: https://example.com/terms",
    )
    assert (loans.level, loans.title, loans.blocks) == (3, "Loans", ())


def test_a_rule_at_the_beginning_is_no_front_matter() -> None:
    (part,) = parts_of("---\n\nOnly a rule before.")
    assert part.blocks == ("---", "Only a rule before.")


def test_a_task_is_ready_for_question_writing(tmp_path: Path) -> None:
    path = write(tmp_path, "guide.md", "# Fees\n\n## Cards\n\nFive {pounds}.\n")
    (task,) = read(path)
    assert task.id == "guide.md#Fees > Cards"
    assert task.where == f"{path}, line 1"
    assert task.data == {
        "messages": [
            {
                "role": "user",
                "content": "Write a question that a customer would ask about the section "
                "“Fees > Cards”, and answer it.",
            }
        ],
        "documents": [{"title": "Fees > Cards", "text": "Five {pounds}."}],
        "document": "guide.md",
        "section": "Fees > Cards",
    }


def test_the_user_s_turn_is_the_user_s_to_word(tmp_path: Path) -> None:
    path = write(tmp_path, "guide.md", "# The {brace}\n\nFive.\n")
    (task,) = read(path, documents={"template": "Ask about {title} in {document} as {{json}}."})
    assert task.data["messages"][0]["content"] == "Ask about The {brace} in guide.md as {json}."
