"""`[cleaning]` of `labeltune.toml`: the steps between a source and an import."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sync.settings.redaction import RedactionSection
from sync.settings.section import Section

FileOrTexts = str | Annotated[tuple[str, ...], Field(strict=False)]


class NormalisationSection(Section):
    """Characters and white space in one form.

    Attributes:
        form: NFKC also replaces look-alikes (`x²` becomes `x2`), so it is never the default.
    """

    on: bool = True
    form: Literal["NFC", "NFKC"] = "NFC"


class TextLengthSection(Section):
    """Texts that are empty, too short or too long.

    Attributes:
        least: characters, without blanks around them, of what the user said.
        most: characters of the whole conversation and its documents.
    """

    on: bool = True
    least: int = Field(default=1, ge=1)
    most: int = Field(default=100_000, ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> "TextLengthSection":
        if self.least > self.most:
            raise ValueError(f"least ({self.least}) is more than most ({self.most}); exchange them")
        return self


class LanguageSection(Section):
    """The languages that what the user said may be in.

    Attributes:
        wanted: ISO 639-1 codes.
        least: probability of the wanted languages together below which a task is dropped.
        shortest: bytes of UTF-8 in what the user said, code and addresses aside; a shorter text
            can't be judged and is kept.
    """

    on: bool = False
    wanted: tuple[str, ...] = Field(default=("en",), min_length=1, strict=False)
    least: float = Field(default=0.1, gt=0.0, le=1.0)
    shortest: int = Field(default=20, ge=1)


class DuplicatesSection(Section):
    """Tasks that ask exactly the same: the same messages, context and documents."""

    on: bool = True


class NearDuplicatesSection(Section):
    """Tasks that ask nearly the same.

    Attributes:
        threshold: least cosine similarity of two near-duplicates.
        ignore_context: whether tasks with different context can be near-duplicates.
    """

    on: bool = False
    threshold: float = Field(default=0.95, gt=0.0, le=1.0)
    ignore_context: bool = False


class RelevanceSection(Section):
    """Tasks that are like given examples.

    Attributes:
        examples: texts, or a file with one a line.
        counter_examples: the same; a task that is more like one of them than like any example is
            dropped.
        least: cosine similarity to the nearest example below which a task is dropped.
    """

    on: bool = False
    examples: FileOrTexts = ()
    counter_examples: FileOrTexts = ()
    least: float = Field(default=0.3, gt=-1.0, le=1.0)

    @model_validator(mode="after")
    def _has_examples(self) -> "RelevanceSection":
        if self.on and not self.examples:
            raise ValueError("relevance is judged by examples; give texts, or a file's name")
        return self


class CleaningSection(Section):
    """Each step on or off, with what it needs to know.

    Attributes:
        unusable: what becomes of a task that the interface can't show: the push is refused, or
            the task is dropped.
        redaction: personal data.
    """

    unusable: Literal["refuse", "drop"] = "refuse"
    normalisation: NormalisationSection = NormalisationSection()
    redaction: RedactionSection = RedactionSection()
    length: TextLengthSection = TextLengthSection()
    language: LanguageSection = LanguageSection()
    duplicates: DuplicatesSection = DuplicatesSection()
    relevance: RelevanceSection = RelevanceSection()
    near_duplicates: NearDuplicatesSection = NearDuplicatesSection()
