"""`[queue]` of `labeltune.toml`: what `labeltune rank` goes by beside the drafts' own scores."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field, field_validator

from label_configs import Interface
from sync.common.errors import ConfigError
from sync.settings.section import Section


class QueueSection(Section):
    """The order in which annotators get tasks.

    Attributes:
        audit: the share of tasks that are picked at random, so that the quality of all drafts can
            be told from them; 0: none.
        near_duplicates: least cosine similarity of what two users said at which the later task
            goes back; false: none does.
        notes: of how many tasks ahead the page says why they come, beside those that are not where
            their draft alone would have them.
        learn: the kind of category that a classifier learns from finished tasks; those tasks come
            first that teach it most. A table [categories.NAME], or the list of categories on the
            page ("category", "intent"). None: none does.
    """

    audit: float = Field(default=0.05, ge=0.0, le=0.5)
    near_duplicates: float | Literal[False] = 0.9
    notes: int = Field(default=200, ge=0)
    learn: str | None = None

    @field_validator("near_duplicates")
    @classmethod
    def _is_similarity(cls, value: float | Literal[False]) -> float | Literal[False]:
        if value is not False and not 0.0 < value <= 1.0:
            raise ValueError(f"a cosine similarity above 0 and up to 1, or false; found {value}")
        return value


def listed_labels(kind: str, interface: Interface[Any]) -> Sequence[str]:
    """The labels of a kind of category that the page lists for the whole task.

    Args:
        kind: the name of its control.

    Raises:
        ConfigError: the page lists none of that name.
    """
    listed = {
        control.name: control.choices
        for control in interface.config.controls
        if control.name in interface.category_controls and control.choices and not control.repeat
    }
    if kind in listed:
        return listed[kind]
    there = ", ".join(map(repr, [*interface.dimensions, *listed])) or "none"
    raise ConfigError(
        f"queue.learn = {kind!r} is no kind of category (found {there}); name a table "
        "[categories.NAME] or the list of categories on the page, or take it out"
    )
