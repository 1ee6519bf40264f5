"""`[mix]` of `labeltune.toml`: general examples beside the project's own, against forgetting."""

from typing import Annotated

from pydantic import Field, Strict, model_validator

from sync.settings.section import Section


class MixSection(Section):
    """General-purpose examples for the training file.

    Attributes:
        files: `openai-chat` JSONL, relative to the configuration's folder; none: nothing is mixed.
        share: of the lines of the finished training file, in (0, 0.9].
    """

    files: Annotated[tuple[str, ...], Strict(False)] = ()
    share: float = Field(default=0.1, gt=0.0, le=0.9)

    @model_validator(mode="after")
    def _differ(self) -> "MixSection":
        if len(set(self.files)) < len(self.files):
            raise ValueError("files names one twice; once is enough")
        return self
