"""`[sources]` of `labeltune.toml`: how `push` reads files."""

import string
from collections.abc import Iterable
from itertools import islice
from typing import Literal

from pydantic import Field, field_validator, model_validator

from sync.common.moments import check_date_format
from sync.settings.section import Section

# what [sources.columns] can fill, apart from facts, categories and documents, which are named
COLUMN_TARGETS = (
    "id",
    "prompt",
    "system",
    "answer",
    "messages",
    "conversations",
    "instruction",
    "input",
    "output",
    "history",
)
DOCUMENTS = "documents."
# each a column of its own in a flat source, and together one field of a task
GATHERED = ("context.", "categories.")
NAMED_TARGETS = (*GATHERED, DOCUMENTS)
# where the answer goes that a source had already
REFERENCE = "reference"

_LISTED = 20
_LONGEST = 40


def _shortened(text: str, most: int) -> str:
    """A text, or its beginning."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def listed(names: Iterable[str]) -> str:
    """The names, or the first of very many; "" where there are none.

    Each is one short line: the first row of a table without a header may be anything.
    """
    rest = (_shortened(" ".join(name.split()), _LONGEST) for name in names)
    some = list(islice(rest, _LISTED))
    return ", ".join([*some, "…"] if next(rest, None) is not None else some)


_TEMPLATE_FIELDS = ("title", "document")

LastAssistant = Literal["auto", "keep", "drop", "reference", "draft"]


class DocumentsSection(Section):
    """How documents become tasks.

    Attributes:
        level: headings from 1 down to this level begin a section, 1 to 6.
        smallest: characters; a shorter section is joined with its neighbour.
        largest: characters; a longer section is split at paragraphs.
        template: the user's turn of each task; may hold {title} and {document}.
    """

    level: int = Field(default=3, ge=1, le=6)
    smallest: int = Field(default=300, ge=0)
    largest: int = Field(default=4000, ge=200)
    template: str = Field(
        default=(
            "Write a question that a customer would ask about the section “{title}”, and answer it."
        ),
        min_length=1,
    )

    @field_validator("template")
    @classmethod
    def _known_fields(cls, template: str) -> str:
        known = " and ".join(f"{{{name}}}" for name in _TEMPLATE_FIELDS)
        try:
            used = [field for _, field, _, _ in string.Formatter().parse(template)]
            template.format(title="", document="")
        except (ValueError, KeyError, IndexError, AttributeError) as error:
            raise ValueError(f"the template may hold {known}; write {{{{ for a brace") from error
        if stray := [field for field in used if field and field not in _TEMPLATE_FIELDS]:
            raise ValueError(f"the template may hold {known}, found {{{stray[0]}}}")
        if not template.strip():
            raise ValueError("the template needs text: it is the task that the expert reads")
        return template

    @model_validator(mode="after")
    def _in_order(self) -> "DocumentsSection":
        if self.smallest > self.largest // 2:
            raise ValueError(
                f"smallest ({self.smallest}) must be at most half of largest ({self.largest}), "
                "or joined sections would be split again"
            )
        return self


class PicturesSection(Section):
    """Which pictures of sources are taken.

    Attributes:
        largest_mb: of one picture, in millions of bytes; most vision models take 5.
        longest_side: of one picture, in pixels.
        outside: whether files outside of the folder that is pushed are taken, as `../x.png` and
            `/home/me/x.png`.
    """

    largest_mb: float = Field(default=5.0, gt=0, le=50)
    longest_side: int = Field(default=8000, ge=1)
    outside: bool = False


class SourcesSection(Section):
    """How source files are read.

    Attributes:
        columns: what a field is for -> its name in the source.
        other_fields: whether fields that nothing needs stay in the task.
        last_assistant: what becomes of the answer at a conversation's end: stays, goes, moves to
            `reference`, or is the draft; "auto" is what the interface takes.
        unshowable: what becomes of a conversation that no page can show, such as one with pictures.
        split: of a dataset with several; "all" for every one.
        delimiter: between the columns of CSV and TSV files; by the file's first line and suffix
            when not set.
        encoding: of text files, a name of Python's; UTF-8, or what a file's byte order mark says,
            when not set.
        date_format: of the field that `split.time_field` names: as `strptime` has it, "epoch" or
            "epoch-ms"; ISO 8601 when not set.
    """

    columns: dict[str, str] = Field(default_factory=dict)
    other_fields: Literal["keep", "drop"] = "keep"
    last_assistant: LastAssistant = "auto"
    unshowable: Literal["refuse", "skip"] = "refuse"
    split: str | None = Field(default=None, min_length=1)
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: str | None = None
    date_format: str | None = None
    documents: DocumentsSection = DocumentsSection()
    pictures: PicturesSection = PicturesSection()

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str | None) -> str | None:
        try:
            "".encode(encoding or "utf-8")
        except LookupError:
            raise ValueError(
                f"no encoding is called {encoding!r}; known are utf-8, utf-16-le, cp1252, latin-1, "
                "shift_jis, gb18030 and others of Python's"
            ) from None
        return encoding

    @field_validator("date_format")
    @classmethod
    def _known_format(cls, date_format: str | None) -> str | None:
        if date_format is not None:
            check_date_format(date_format)
        return date_format

    @field_validator("columns")
    @classmethod
    def _known_targets(cls, columns: dict[str, str]) -> dict[str, str]:
        for target, column in columns.items():
            named = any(target.startswith(p) and target != p for p in NAMED_TARGETS)
            if not named and target not in COLUMN_TARGETS:
                raise ValueError(
                    f"nothing is called {target!r}; known are {', '.join(COLUMN_TARGETS)}, "
                    "context.NAME, categories.NAME and documents.TITLE (in quotes)"
                )
            if list(columns.values()).count(column) > 1:
                raise ValueError(f"column {column!r} is used twice; each can fill one field")
        return columns
