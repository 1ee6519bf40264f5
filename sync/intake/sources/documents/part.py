"""What every kind of document is read as: headings in order, each with the text up to the next."""

from dataclasses import dataclass


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
