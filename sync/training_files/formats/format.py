"""What a file format is: all that is known of it, whoever writes, checks, reads or trains on it.

Adding one is a subclass of `Format` in a module of its own, and an entry in
`sync.training_files.formats`. Export, validation, the dataset card and the companion files ask the
format; no other table names it.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NamedTuple

from sync.common.json_text import Json
from sync.training_files.example import ExampleKind
from sync.training_files.formats.columns import IMAGES, PICTURES, Feature
from sync.training_files.formats.example_texts import PlainLine, Said, every_text

FaultSeverity = Literal["error", "warning"]
# what the address of a picture is when `Format.encode` gets it: https://… or a data URI; a data
# URI; a file of the release, as images/9f86….png
PictureForm = Literal["address", "data", "file"]

# rules of what an example says, in every format: text, and where it stands
CONTENT_RULES = frozenset(
    ("object", "messages", "message", "turn", "role", "content", "parts", "text", "reasoning")
)


class Unsuitable(Exception):  # noqa: N818  (nothing went wrong: it is left out and counted)
    """An example that can't be said in a format; the text says why, without any of its words."""


class Fault(NamedTuple):
    """A rule that a line breaks.

    Attributes:
        rule: a stable name, for filtering.
        message: what was expected, what came, what to do; no text of the example.
        detail: what of the rule it is, where some readers take one part of it and not another,
            such as "empty"; else nothing.
    """

    rule: str
    message: str
    severity: FaultSeverity = "error"
    detail: str = ""


@dataclass(frozen=True)
class FileRules:
    """What readers ask of a file as a whole.

    Attributes:
        max_bytes: the largest file, or None.
        below: the limit itself is too large already.
        least_examples: fewer are refused.
        recommended_examples: fewer are worth a warning.
        most_examples: more are refused; None: any number.
    """

    max_bytes: int | None = None
    below: bool = False
    least_examples: int = 1
    recommended_examples: int = 0
    most_examples: int | None = None


@dataclass(frozen=True)
class LlamaFactoryEntry:
    """How LLaMA-Factory reads a file of a format, for `dataset_info.json`.

    Attributes:
        keys: of the entry, but for the file's name.
        plain_only: whether it reads a file only where every line is plain chat messages, as
            `WrittenFile.plain` has it.
        suffix: of the entry's name, for what must be set where the name is typed.
    """

    keys: Mapping[str, Any]
    plain_only: bool = False
    suffix: str = ""


@dataclass(frozen=True)
class AxolotlEntry:
    """How Axolotl reads a file of a format.

    Attributes:
        file: the YAML of its way of training; formats that name the same one hold the same work,
            and the first of them in the registry is taken.
        dataset: keys of the data set in it, but for its path and split.
        run: what else that way of training needs.
    """

    file: str
    dataset: Mapping[str, Any] = field(default_factory=dict)
    run: Mapping[str, Any] = field(default_factory=dict)


class Format(ABC):
    """A fine-tuning file format: one JSON object a line.

    Attributes:
        name: as on the command line; the file is `NAME.jsonl`, or `NAME.SPLIT.jsonl`.
        summary: one line for `--list-formats`.
        takes: the kind of example that it holds.
        rules: of the file as a whole, whoever reads it.
        keys: a line has one of them at its top; formats with the same keys have the same shape.
        keys_of_kin: of another shape that a line may have, too, when it lacks its own.
        plain_keys: of a plainer line of the same format, which has none of `keys`.
        guess_rank: a line with keys of several shapes has that of the lowest rank; a line that
            keeps the rules of several formats of a shape is of the lowest.
        content_rules: names of rules of what an example says: a line that breaks one may say
            anything, and equals no other.
        pictures: what the addresses of pictures are to be in the examples that it encodes; see
            `sync.dataset.release.pictures`.
        columns: of its lines, for the dataset card; none: `datasets` infers them.
        loading_note: what the card tells who loads it; may be empty.
        limit_note: what the card tells who trains on it; may be empty.
        needs_validation: who trains on it with a second file, for validation, only; may be empty.
        llama_factory, axolotl: how they read it; None: they don't.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    takes: ClassVar[ExampleKind]
    rules: ClassVar[FileRules] = FileRules()
    keys: ClassVar[tuple[str, ...]] = ()
    keys_of_kin: ClassVar[tuple[str, ...]] = ()
    plain_keys: ClassVar[tuple[str, ...]] = ()
    guess_rank: ClassVar[int] = 1000
    content_rules: ClassVar[frozenset[str]] = CONTENT_RULES
    pictures: ClassVar[PictureForm] = "address"
    columns: ClassVar[Sequence[Feature]] = ()
    loading_note: ClassVar[str] = ""
    limit_note: ClassVar[str] = ""
    needs_validation: ClassVar[str] = ""
    llama_factory: ClassVar[LlamaFactoryEntry | None] = None
    axolotl: ClassVar[AxolotlEntry | None] = None

    @abstractmethod
    def encode(self, example: Any) -> Json:
        """One line's object; `example` is of the kind that the format takes, and stays as it is.

        Raises:
            Unsuitable: the format has no way to say it.
        """

    def is_wide(self, line: Json) -> bool:
        """Whether a line that was encoded has what few have, for which a file has more columns."""
        return self.pictures == "file" and IMAGES in line

    def columns_of(self, *, wide: bool) -> Sequence[Feature]:
        """The columns of a file.

        Args:
            wide: it has lines of which `is_wide` is true.
        """
        beside = wide and self.pictures == "file" and self.columns
        return [*self.columns, PICTURES] if beside else self.columns

    @abstractmethod
    def check(self, line: Json) -> Iterator[Fault]:
        """Every rule that one line's object breaks, whatever it holds."""

    def plain(self, line: Json) -> PlainLine | None:
        """What `read` makes of a line that breaks no rule for certain; None: look at it closer.

        A quick look, for most lines are plain. The line comes from a parser of JSON. How many keys
        and texts it has, at every depth, tells whether the parser dropped a key that stands twice.
        """
        return None

    def read(self, line: Json) -> Said:
        """The texts of one line's object, whatever it holds: what is counted and compared.

        Without a method of its own, every text counts, none as prompt or as trained on.
        """
        return every_text(line)
