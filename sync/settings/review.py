"""`[review]` of `labeltune.toml`: what a second pair of eyes looks at, in which tiers.

[review]
severity = "error"
[review.risks]
topic = { fraud = 0.9, greeting = 0.1 }
[[review.tiers]]
name = "peer"
[[review.tiers]]
name = "compliance"
from_risk = 0.8
"""

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator

from sync.settings.section import Section

Share = Annotated[float, Field(ge=0.0, le=1.0)]
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,23}")


class TierSection(Section):
    """One tier of reviewers, with a queue of its own.

    Attributes:
        name: such as `peer`; part of the queue's title and folder.
        project: the title of its queue in Label Studio; None: made of the project's and the name.
        from_risk: everything that is as risky must pass this tier, after those before it; None:
            nothing must, it gets what the tier before it has passed, the first what is chosen.
        blind: None: as `review.blind` says.
    """

    name: str
    project: str | None = Field(default=None, min_length=3, max_length=50)
    from_risk: Share | None = None
    blind: bool | None = None

    @field_validator("name")
    @classmethod
    def _names_a_folder(cls, value: str) -> str:
        if not _NAME.fullmatch(value):
            raise ValueError(
                f"names a folder: at most 24 small letters, digits and -; found {value!r}"
            )
        return value


class ReviewSection(Section):
    """What is reviewed, and by how many.

    Attributes:
        blind: reviewers are not told who wrote what.
        severity: findings as severe as this, or more; false: none for a finding.
        random: the share of finished tasks that is picked at random.
        risk: the share that is picked by risk, the riskier the likelier.
        guidelines: the share that is reviewed once more, at most, for a change of the guidelines.
        first_tasks: of each annotator, that are reviewed at least.
        base_risk: what a wrong answer would cost, in [0, 1], where no label of `risks` says; None:
            as the profile has it, else 0.5.
        risks: the same by kind of category and label; of several labels the highest counts.
        agree_at: how many annotators are asked, at most, until they agree; 1: no further one.
        gold: the share of answers that are asked for on tasks whose right answer is known.
        trusted: the share of answers in agreement with the truth that is asked of a person. Who
            reaches it is hardly ever flagged; who only guesses is, within some 30 answers.
        ahead: how many open tasks an expert is given, on average; who has more hours, more.
        idle_days: after how many days without finishing anything an expert's tasks are passed on.
        experts_file: a file of [experts], beside those of this one.
        tiers: in their order; none: those of the profile, else one, `peer`.
    """

    blind: bool = True
    severity: Literal["error", "warning", "info", False] = "warning"
    random: Share = 0.05
    risk: Share = 0.15
    guidelines: Share = 0.1
    first_tasks: int = Field(default=20, ge=0)
    base_risk: Share | None = None
    risks: dict[str, dict[str, Share]] = Field(default_factory=dict)
    agree_at: int = Field(default=3, ge=1)
    gold: Annotated[float, Field(ge=0.0, le=0.5)] = 0.05
    trusted: Annotated[float, Field(ge=0.6, le=0.99)] = 0.9
    ahead: int = Field(default=50, ge=1)
    idle_days: int = Field(default=7, ge=1)
    experts_file: str | None = None
    tiers: tuple[TierSection, ...] = Field(default=(), strict=False)

    @field_validator("tiers")
    @classmethod
    def _differ(cls, value: tuple[TierSection, ...]) -> tuple[TierSection, ...]:
        names = [tier.name for tier in value]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"two tiers are called {twice!r}; give each a name of its own")
        return value
