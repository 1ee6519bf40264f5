"""What a file is validated against, and what is known of it afterwards."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal

from sync.training_files.formats.example_texts import Said
from sync.training_files.formats.format import Format
from sync.training_files.trainers.provider import Provider
from sync.training_files.validation.files_to_check import FileToCheck
from sync.training_files.validation.likeness import Likenesses
from sync.training_files.validation.reading import RowReading
from sync.training_files.validation.repeated_examples import Fingerprints
from sync.training_files.validation.token_statistics import TokenStatistics
from sync.training_files.validation.tokens import TokenCounter
from sync.training_files.validation.unwanted_texts import PersonalLines

ReadAgain = Callable[[Collection[int]], Iterator[tuple[int, Said]]]
FormatBy = Literal["option", "manifest", "entry", "guess"]


@dataclass(frozen=True)
class CheckSettings:
    """What every file is validated against.

    Attributes:
        formats: all that there are, by name.
        form: the one that every file is of, or None to find it out.
        limit: tokens of one example, or None.
        personal: looks for personal data; None: nobody does.
    """

    formats: dict[str, Format]
    form: str | None
    provider: Provider | None
    counter: TokenCounter
    limit: int | None
    personal: PersonalLines | None = None


@dataclass
class CheckedFile:
    """A file that was looked at.

    Attributes:
        form: "" where nothing of it could be read, and nobody named one.
        format_by: who said the format.
        likenesses: of its lines, by which those are found that may equal others.
        fingerprints: of its lines, where it can't be read again.
        read_again: what lines say, (number, texts) of those that are asked for, by number.
        reading: how its rows were read, where they are not in the format's own names.
        unit: what an example is called, before its number.
        complete: whether all of its bytes were read as examples.
        lines: those that hold no example included.
    """

    source: FileToCheck
    form: str
    format_by: FormatBy
    tokens: TokenStatistics
    likenesses: Likenesses = field(default_factory=Likenesses)
    fingerprints: Fingerprints | None = None
    read_again: ReadAgain | None = None
    reading: RowReading | None = None
    unit: Literal["line", "example"] = "line"
    complete: bool = True
    lines: int = 0
    examples: int = 0
    size: int = 0
