"""A document as headings with their text, and these as sections that one question can be about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sync.intake.sources.documents.size_limit import TextBlock, joined_length, split


@dataclass(frozen=True)
class Part:
    """A heading and its text.

    Attributes:
        level: of the heading, 1 to 6; 0 is text before any heading, with no title.
        title: the heading as plain text, "" before any heading.
        blocks: paragraphs, lists, tables … of the text, in order, as Markdown.
        place: where it stands in the file, for errors: "line 12", "page 3".
    """

    level: int
    title: str
    blocks: tuple[str, ...]
    place: str

    @property
    def heading(self) -> str:
        """The heading as a line of Markdown."""
        return f"{'#' * self.level} {self.title}"


SEPARATOR = " > "


@dataclass(frozen=True)
class DocumentSection:
    """What one task is about.

    Attributes:
        key: what stays the same when the text is edited; differs within the document.
        title: headings from the outermost, "Fees > Cards"; of a part of it, "Fees > Cards (2/3)".
        heading: the title without the part's number.
        text: Markdown, never blank.
        place: where it begins in the file.
    """

    key: str
    title: str
    heading: str
    text: str
    place: str


@dataclass(frozen=True)
class _Draft:
    """A section before it is joined and split.

    Attributes:
        path: its headings from the outermost; empty before the first.
        label: `path` as text; of joined ones, from the first to the last.
        last: the last heading of a joined one.
        own_heading: the line that is written above its text once it is joined, None if it is there.
    """

    path: tuple[str, ...]
    label: str
    last: str
    key: str
    own_heading: str | None
    blocks: tuple[TextBlock, ...]
    place: str

    @property
    def size(self) -> int:
        return joined_length(self.blocks)

    def with_heading(self) -> tuple[TextBlock, ...]:
        heading = (
            () if self.own_heading is None else (TextBlock(self.own_heading, is_heading=True),)
        )
        return (*heading, *self.blocks)


def sections(
    parts: Sequence[Part], name: str, *, level: int, smallest: int, largest: int
) -> list[DocumentSection]:
    """Cut at headings, join what is too short to ask about, split what is too long to read.

    Every word of every part's text is in exactly one section, in order.

    Args:
        name: the document's, for text before any heading.
        level: headings down to this level begin a section, 1 to 6.
        smallest, largest: characters.
    """
    if not any(part.blocks for part in parts):
        return []  # headings alone: nothing to ask about
    cut: list[DocumentSection] = []
    used: set[str] = set()
    for draft in _join(_drafts(parts, name, level), smallest):
        texts = split(draft.blocks, largest)
        for number, text in enumerate(texts, start=1):
            several = len(texts) > 1
            # without the total, so that a longer text keeps its first parts
            key = _unused(f"{draft.key} ({number})" if several else draft.key, used)
            title = f"{draft.label} ({number}/{len(texts)})" if several else draft.label
            cut.append(DocumentSection(key, title, draft.label, text, draft.place))
    return cut


def _unused(key: str, used: set[str]) -> str:
    """The key, with a counter where an equal heading came before."""
    count, unused = 1, key
    while unused in used:
        count += 1
        unused = f"{key} [{count}]"
    used.add(unused)
    return unused


def _drafts(parts: Sequence[Part], name: str, level: int) -> list[_Draft]:
    """One for each heading that cuts; deeper ones stay in the text."""
    drafts: list[_Draft] = []
    above: list[tuple[int, str]] = []
    for part in parts:
        blocks = tuple(TextBlock(text) for text in part.blocks)
        if part.level > level and drafts:
            heading = TextBlock(part.heading, is_heading=True)
            drafts[-1] = replace(drafts[-1], blocks=(*drafts[-1].blocks, heading, *blocks))
            continue
        if 0 < part.level <= level:
            above = [*(h for h in above if h[0] < part.level), (part.level, part.title)]
        elif part.level:  # a deep heading before any that cuts
            blocks = (TextBlock(part.heading, is_heading=True), *blocks)
        path = tuple(title for _, title in above)
        key = SEPARATOR.join(path)
        drafts.append(
            _Draft(
                path=path,
                label=key or name,
                last=path[-1] if path else name,
                key=key,
                own_heading=part.heading if 0 < part.level <= level else None,
                blocks=blocks,
                place=part.place,
            )
        )
    return drafts


def _join(drafts: Sequence[_Draft], smallest: int) -> list[_Draft]:
    """Short ones with the next of the same chapter, else with the one before."""
    forward: list[_Draft] = []
    for draft in drafts:
        if forward and _is_short(forward[-1], smallest) and _belong(forward[-1], draft):
            forward[-1] = _joined(forward[-1], draft)
        else:
            forward.append(draft)
    backward: list[_Draft] = []
    for draft in forward:
        if backward and _is_short(draft, smallest) and _belong(draft, backward[-1]):
            backward[-1] = _joined(backward[-1], draft)
        else:
            backward.append(draft)
    return backward


def _is_short(draft: _Draft, smallest: int) -> bool:
    return not draft.blocks or draft.size < smallest


def _belong(short: _Draft, other: _Draft) -> bool:
    """Whether a short section may go with another: of the same chapter, or with no text at all."""
    chapter = short.path[:-1]
    return not short.blocks or other.path[: len(chapter)] == chapter


def _joined(first: _Draft, second: _Draft) -> _Draft:
    """Both, under the heading of the second where the first is only its introduction."""
    if second.path[: len(first.path)] == first.path and second.path != first.path:
        introduced = first.blocks and (*first.blocks, *second.with_heading())
        blocks = introduced or second.blocks
        keeps = None if introduced else second.own_heading
        return replace(second, blocks=blocks, own_heading=keeps, place=first.place)
    label = SEPARATOR.join(first.path)
    if second.path != first.path:
        label = f"{label} … {second.last}"
    blocks = (*first.with_heading(), *second.with_heading())
    return replace(first, label=label, last=second.last, own_heading=None, blocks=blocks)
