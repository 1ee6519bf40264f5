"""`[split]` of `labeltune.toml`: how finished work is shared out to train, validation and test."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Literal

from pydantic import Field, field_validator, model_validator

from sync.settings.section import Section


class SplitSection(Section):
    """Shares, what must stay together, and what proportions are kept.

    Attributes:
        train, validation, test: shares of the items; together 1. Other shares are felt by new
            items only.
        near_duplicates: least cosine similarity of what two users said at which their tasks stay
            together; false: none do for that reason.
        keep_together: fields of task data, with dots into objects; tasks that agree in one of
            them stay together.
        openings: tasks stay together whose conversations begin alike, since they are cuts of one.
        by: "group": shares of chance; "time": the oldest train, the newest test.
        time_field: of task data, in ISO form; None for when the task was created.
        validation_from, test_from: from this day (UTC) on, with `by = "time"`; None: as the
            shares say, when the project is split for the first time.
        stratify: kinds of categories whose proportions are kept; None for all.
        seed: another one, another split, of what is new.
    """

    train: float = Field(default=0.8, gt=0.0, le=1.0)
    validation: float = Field(default=0.1, ge=0.0, lt=1.0)
    test: float = Field(default=0.1, ge=0.0, lt=1.0)
    near_duplicates: float | Literal[False] = 0.9
    keep_together: tuple[str, ...] = Field(
        default=("conversation_id", "document", "user_id"), strict=False
    )
    openings: bool = True
    by: Literal["group", "time"] = "group"
    time_field: str | None = Field(default=None, min_length=1)
    validation_from: dt.date | None = None
    test_from: dt.date | None = None
    stratify: tuple[str, ...] | None = Field(default=None, strict=False)
    seed: int = 0

    @property
    def shares(self) -> Mapping[str, float]:
        """By split."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    @field_validator("near_duplicates")
    @classmethod
    def _is_similarity(cls, value: float | Literal[False]) -> float | Literal[False]:
        if value is not False and not 0.0 < value <= 1.0:
            raise ValueError(f"a cosine similarity above 0 and up to 1, or false; found {value}")
        if round(value, 4) != value:
            raise ValueError(f"at most 4 digits can be told apart, found {value}")
        return value

    @field_validator("keep_together")
    @classmethod
    def _are_paths(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for path in value:
            if not all(path.split(".")):
                raise ValueError(f"{path!r} is no field; write `user_id` or `context.account`")
        return tuple(dict.fromkeys(value))

    @model_validator(mode="after")
    def _adds_up(self) -> "SplitSection":
        total = sum(self.shares.values())
        if not math.isclose(total, 1.0, abs_tol=1e-6):
            raise ValueError(f"train, validation and test must add up to 1, found {total:g}")
        return self

    @model_validator(mode="after")
    def _in_time(self) -> "SplitSection":
        given = {
            name: getattr(self, name)
            for name in ("time_field", "validation_from", "test_from")
            if getattr(self, name) is not None
        }
        if given and self.by != "time":
            raise ValueError(f'{", ".join(given)} needs by = "time"; add it or take that out')
        first, second = self.validation_from, self.test_from
        if first is not None and second is not None and first > second:
            raise ValueError(
                f"validation_from ({first}) is after test_from ({second}); exchange them"
            )
        return self
