"""`[cleaning.redaction]` of `labeltune.toml`."""

import re

from pydantic import Field, field_validator, model_validator

from sync.settings.section import Section

# what needs no model: their form tells them from other words and numbers
PATTERN_ENTITIES = (
    "EMAIL_ADDRESS",
    "PHONE_NUMBER",
    "CREDIT_CARD",
    "IBAN_CODE",
    "US_SSN",
    "IP_ADDRESS",
    "MAC_ADDRESS",
    "URL",
    "CRYPTO",
)
# what only a spaCy model tells from other words, and what is asked of one by default
MODEL_ENTITIES = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "NRP", "DATE_TIME"})
_BY_DEFAULT_WITH_MODEL = ("PERSON", "LOCATION")


class PatternSection(Section):
    """An own kind of value: a regular expression and what its placeholders are called.

    Attributes:
        name: in capitals, such as `ORDER`, for placeholders such as `<ORDER_1>`.
        regex: of Python; case counts unless it starts with `(?i)`.
    """

    name: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    regex: str

    @field_validator("regex")
    @classmethod
    def _usable(cls, regex: str) -> str:
        try:
            empty = re.compile(regex).search("")
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        if empty is not None:
            raise ValueError("matches the empty text; let it match at least one character")
        return regex


class RedactionSection(Section):
    """What is replaced, and where the key is kept.

    Attributes:
        on: whether anything is redacted at all.
        entities: presidio's names; none: `PATTERN_ENTITIES`, and people and places with a model.
        least_score: in [0, 1]; what presidio is less sure of stays.
        key_file: what placeholders stand for; empty: they can never be turned back.
        allow: texts that are never redacted, such as the company's own hot line.
        spacy_model: an installed model's name, or its folder.
        phone_regions: ISO 3166 codes; numbers without a country code are read as these do.
    """

    on: bool = False
    entities: tuple[str, ...] = Field(default=(), strict=False)
    least_score: float = Field(default=0.4, ge=0.0, le=1.0)
    key_file: str = "redaction-key.jsonl"
    allow: tuple[str, ...] = Field(default=(), strict=False)
    patterns: tuple[PatternSection, ...] = Field(default=(), strict=False)
    spacy_model: str | None = None
    phone_regions: tuple[str, ...] = Field(
        default=(
            "US",
            "CA",
            "GB",
            "IE",
            "AU",
            "NZ",
            "IN",
            "ZA",
            "DE",
            "FR",
            "ES",
            "IT",
            "NL",
            "BR",
        ),
        strict=False,
    )

    @property
    def wanted(self) -> tuple[str, ...]:
        """The entities to look for."""
        with_model = _BY_DEFAULT_WITH_MODEL if self.spacy_model else ()
        return self.entities or (*PATTERN_ENTITIES, *with_model)

    @model_validator(mode="after")
    def _found_with_a_model_only(self) -> "RedactionSection":
        for entity in self.entities if self.spacy_model is None else ():
            if entity in MODEL_ENTITIES:
                raise ValueError(
                    f"{entity} is found by a spaCy model only: set spacy_model, "
                    "or take it off entities"
                )
        return self
