"""`[experts]` of `labeltune.toml`: who does what, by the e-mail that Label Studio knows.

[experts."ana@example.org"]
skills = { topic = ["cards", "fees"] }
tiers = ["compliance"]
languages = ["en"]
hours = 10.0
"""

import re
from typing import Annotated

from pydantic import Field, field_validator

from sync.settings.section import Section

_CODE = re.compile(r"[a-z]{2,3}")
ListedNames = Annotated[tuple[str, ...], Field(strict=False)]


class ExpertSection(Section):
    """What somebody can do, and for how long.

    Attributes:
        skills: by kind of category, the labels that are theirs; a kind that is left out: all.
        tiers: of review that they decide in; none: they review nothing.
        languages: ISO 639-1 codes of what they read; none: all.
        profiles: that they know; none: all.
        hours: of a week, which is their share of the work; 0: they get nothing, as on a holiday.
        most_complex: the hardest label of the kind `complexity` that is theirs; None: all are.
        annotates: whether they get tasks of the project itself.
    """

    skills: dict[str, ListedNames] = Field(default_factory=dict)
    tiers: ListedNames = ()
    languages: ListedNames = ()
    profiles: ListedNames = ()
    hours: float = Field(default=1.0, ge=0.0)
    most_complex: str | None = None
    annotates: bool = True

    @field_validator("languages")
    @classmethod
    def _are_codes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            if not _CODE.fullmatch(each):
                raise ValueError(f"expected an ISO 639-1 code such as 'en', found {each!r}")
        return value
