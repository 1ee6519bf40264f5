"""Plain text: paragraphs, underlined headings, and what only looks like one."""

from sync.intake.sources.documents.plain_text import parts_of

MANUAL = """\
Welcome.

======
Manual
======

First line,
second line.

Cards
-----
Five pounds.

Cash
~~~~
Free.

Loans
-----
None.
"""


def test_underlined_headings_nest_in_the_order_they_come() -> None:
    found = [(part.level, part.title, part.blocks, part.place) for part in parts_of(MANUAL)]
    assert found == [
        (0, "", ("Welcome.",), "line 1"),
        (1, "Manual", ("First line,\nsecond line.",), "line 4"),
        (2, "Cards", ("Five pounds.",), "line 10"),
        (3, "Cash", ("Free.",), "line 14"),
        (2, "Loans", ("None.",), "line 18"),
    ]


def test_a_row_under_a_sentence_or_a_short_one_is_no_heading() -> None:
    for text in (
        "a line\nand another one\n---------------\nmore",
        "A very long line that is no heading\n---\nSigned",
        "----------\n----------\n",
        "* one\n* two\n",
    ):
        assert [part.level for part in parts_of(text)] == [0]
