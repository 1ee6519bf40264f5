"""Sections: cut at headings, joined when short, split when long, and nothing lost or doubled."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.intake.sources.documents import markdown, plain_text
from sync.intake.sources.documents.sections import DocumentSection, Part, sections


def part(level: int, title: str, *blocks: str) -> Part:
    return Part(level, title, blocks, "line 1")


def cut(
    *parts: Part, level: int = 3, smallest: int = 0, largest: int = 4000
) -> list[DocumentSection]:
    return sections(parts, "guide", level=level, smallest=smallest, largest=largest)


def shown(found: list[DocumentSection]) -> list[tuple[str, str]]:
    return [(section.title, section.text) for section in found]


GUIDE = (
    part(1, "Fees"),
    part(2, "Cards", "Five pounds.", "Free on Plus."),
    part(3, "Abroad", "Two percent."),
    part(2, "Loans", "None."),
)


def test_a_heading_begins_a_section_under_its_path() -> None:
    assert shown(cut(*GUIDE)) == [
        ("Fees > Cards", "Five pounds.\n\nFree on Plus."),
        ("Fees > Cards > Abroad", "Two percent."),
        ("Fees > Loans", "None."),
    ]


def test_headings_below_the_level_stay_in_the_text() -> None:
    assert shown(cut(*GUIDE, level=2)) == [
        ("Fees > Cards", "Five pounds.\n\nFree on Plus.\n\n### Abroad\n\nTwo percent."),
        ("Fees > Loans", "None."),
    ]


def test_a_level_may_be_left_out() -> None:
    found = cut(part(1, "A", "a"), part(3, "B", "b"), part(2, "C", "c"))
    assert [section.title for section in found] == ["A", "A > B", "A > C"]


def test_text_before_any_heading_is_the_document_s() -> None:
    found = cut(part(0, "", "Welcome."), part(1, "A", "a"))
    assert shown(found) == [("guide", "Welcome."), ("A", "a")]


def test_a_short_introduction_joins_what_it_introduces() -> None:
    parts = (part(1, "Fees", "In pounds."), part(2, "Cards", "Five." * 10), part(2, "B", "b" * 50))
    found = cut(*parts, smallest=40)
    assert shown(found)[0] == ("Fees > Cards", "In pounds.\n\n## Cards\n\n" + "Five." * 10)
    assert [section.key for section in found] == ["Fees > Cards", "Fees > B"]


def test_short_neighbours_are_joined_under_both_headings() -> None:
    parts = (part(2, "Cards", "Five."), part(2, "Loans", "None."), part(2, "Cash", "Free." * 10))
    (found,) = cut(*parts, smallest=40)
    assert found.title == "Cards … Cash"
    assert found.key == "Cards"
    assert found.text == "## Cards\n\nFive.\n\n## Loans\n\nNone.\n\n## Cash\n\n" + "Free." * 10


def test_a_short_last_one_joins_the_one_before() -> None:
    parts = (part(2, "Cards", "Five." * 10), part(2, "Loans", "None."))
    (found,) = cut(*parts, smallest=40)
    assert found.title == "Cards … Loans"


def test_short_ones_of_different_chapters_stay_apart() -> None:
    parts = (
        part(1, "Fees", "f" * 50),
        part(2, "Cards", "c" * 50),
        part(2, "Cash", "Free."),
        part(1, "Loans", "l" * 50),
    )
    assert [s.title for s in cut(*parts, smallest=40)] == ["Fees", "Fees > Cards … Cash", "Loans"]


def test_headings_alone_are_no_section() -> None:
    assert cut(part(1, "A"), part(2, "B"), smallest=40) == []
    assert cut() == []
    found = cut(part(1, "A", "a" * 50), part(1, "To do"))
    assert shown(found) == [("A … To do", f"# A\n\n{'a' * 50}\n\n# To do")]


def test_a_long_section_is_split_at_paragraphs_into_like_parts() -> None:
    blocks = [f"{n} " + "word " * 15 for n in range(10)]
    found = cut(part(1, "Fees", *blocks), largest=300)
    assert [section.title for section in found] == [f"Fees ({n}/4)" for n in range(1, 5)]
    assert [section.key for section in found] == [f"Fees ({n})" for n in range(1, 5)]
    assert {section.heading for section in found} == {"Fees"}
    assert [section.text.count("\n\n") + 1 for section in found] == [3, 3, 3, 1]


def test_no_part_of_a_section_ends_with_a_heading() -> None:
    found = cut(part(1, "A", "a" * 150), part(4, "Deep", "b" * 150), largest=200)
    assert [section.text for section in found] == ["a" * 150, "#### Deep\n\n" + "b" * 150]


def test_a_paragraph_that_is_too_long_is_split_where_a_reader_pauses() -> None:
    sentence = "This is a sentence of forty-four characters. "
    found = cut(part(1, "A", (sentence * 10).strip()), largest=200)
    assert all(section.text.endswith("characters.") for section in found)
    assert len(found) == 3
    lines = "\n".join(["    an indented line of code"] * 20)
    assert all(s.text.startswith("    an") for s in cut(part(1, "A", lines), largest=200))


def test_equal_headings_get_a_counter() -> None:
    found = cut(part(1, "A", "a"), part(1, "A", "b"), part(1, "A", "c"), part(1, "A [2]", "d"))
    assert [section.key for section in found] == ["A", "A [2]", "A [3]", "A [2] [2]"]
    assert [section.title for section in found] == ["A", "A", "A", "A [2]"]


def test_an_edit_keeps_the_keys_of_other_sections() -> None:
    before = cut(*GUIDE, largest=200)
    edited = (GUIDE[0], part(2, "Cards", "Six pounds. " * 50), *GUIDE[2:])
    after = {section.key for section in cut(*edited, largest=200)}
    assert {section.key for section in before} - after == {"Fees > Cards"}
    assert {"Fees > Cards (1)", "Fees > Cards (2)"} <= after
    longer = (GUIDE[0], part(2, "Cards", "Six pounds. " * 60), *GUIDE[2:])
    assert after <= {section.key for section in cut(*longer, largest=200)}


# --- any document

WORDS = st.text("abcdefgh", min_size=1, max_size=12)
PARAGRAPHS = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
PARTS = st.lists(
    st.tuples(st.integers(1, 6), WORDS, st.lists(PARAGRAPHS, max_size=3)), min_size=1, max_size=8
)
SIZES = st.tuples(st.integers(1, 6), st.integers(0, 100), st.integers(200, 400))


def body(found: list[DocumentSection]) -> str:
    """The sections' text without headings, and without the spaces where it was split."""
    lines = [line for section in found for line in section.text.split("\n")]
    return "".join("".join(line.split()) for line in lines if not line.startswith("#"))


@given(written=PARTS, sizes=SIZES, before=st.lists(PARAGRAPHS, max_size=2))
@settings(deadline=None)
def test_all_text_is_in_one_section_in_order(
    written: list[tuple[int, str, list[str]]], sizes: tuple[int, int, int], before: list[str]
) -> None:
    level, smallest, largest = sizes
    text = "\n\n".join(
        [*before, *("\n\n".join(["#" * n + " " + title, *blocks]) for n, title, blocks in written)]
    )
    found = sections(
        markdown.parts_of(text), "guide", level=level, smallest=smallest, largest=largest
    )
    expected = [*before, *(block for _, _, blocks in written for block in blocks)]
    assert body(found) == "".join("".join(block.split()) for block in expected)
    keys = [section.key for section in found]
    assert len(set(keys)) == len(keys)
    assert all(section.text.strip() and len(section.text) <= largest for section in found)


@given(text=st.text(max_size=400), sizes=SIZES)
@settings(deadline=None)
def test_no_character_of_a_plain_text_is_lost_or_doubled(
    text: str, sizes: tuple[int, int, int]
) -> None:
    """Of one without headings: whatever it holds."""
    level, smallest, largest = sizes
    parts = plain_text.parts_of(text)
    if any(part.level for part in parts):
        return
    found = sections(parts, "guide", level=level, smallest=smallest, largest=largest)
    assert "".join("".join(s.text.split()) for s in found) == "".join(text.split())


@given(text=st.text("ab#- =\n`>*1.\\<!&;|~_", max_size=120).filter(lambda s: s[:3] != "---"))
@settings(deadline=None)
def test_no_letter_of_any_markdown_is_lost_or_doubled(text: str) -> None:
    """In headings and blocks together, however odd; front matter alone is left out."""
    parts = markdown.parts_of(text)
    letters = "".join(part.title + "".join(part.blocks) for part in parts)
    assert [c for c in letters if c in "ab"] == [c for c in text if c in "ab"]
