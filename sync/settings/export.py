"""`[export]` of `labeltune.toml`: how finished work is made into examples."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from drafting.plain_prompt import ContextPlace, PlainPrompt, Reasoning
from label_configs.annotations import ORDER, Rule
from sync.common.errors import ConfigError
from sync.settings.section import Section

Teach = Literal["answers", "categories", "both"]
EarlierTurns = Literal["context", "learn"]
Personal = Literal["refuse", "redact", "keep"]
ExportPictures = Literal["link", "embed"]


class ExportSection(Section):
    """What every example of a release has in common.

    Attributes:
        system_prompt: begins every conversation; or `system_prompt_file`, a text file.
        context: where a task's facts and documents stand; "tool": in the result of a call.
        reasoning: of the corrected chain: left out, before the answer in `<think>`, or as
            `reasoning_content` of the assistant's message.
        teach: the answers, which categories a request belongs to, or both.
        earlier_turns: of the assistant, which nobody vouched for: not to be learnt, so that formats
            without weights leave such a conversation out; or learnt like the answer.
        distractors: documents of other tasks that stand among a task's own.
        personal_data: what becomes of personal data in finished work, such as a phone number that
            somebody typed: nothing is exported, it becomes placeholders, or it stays.
        pictures: of the web: stay where they are, for whom it can be an address; or are fetched.
            What Label Studio holds always becomes a part of the release.
        annotation: which annotation of a task counts where there are several; the first that
            there is.
    """

    system_prompt: str | None = None
    system_prompt_file: str | None = None
    context: ContextPlace = "system"
    reasoning: Reasoning = "none"
    teach: Teach = "answers"
    earlier_turns: EarlierTurns = "context"
    distractors: int = Field(default=0, ge=0, le=50)
    personal_data: Personal = "refuse"
    # left out of manifests unless it is set, so that releases without pictures keep their ids
    pictures: ExportPictures = Field(default="link", exclude_if=lambda how: how == "link")
    annotation: Annotated[tuple[Rule, ...], Field(strict=False, min_length=1)] = ORDER

    @field_validator("annotation")
    @classmethod
    def _each_once(cls, value: tuple[Rule, ...]) -> tuple[Rule, ...]:
        for name in value:
            if value.count(name) > 1:
                raise ValueError(f"{name!r} is named twice; keep the first")
        return value

    @model_validator(mode="after")
    def _agrees(self) -> "ExportSection":
        if self.system_prompt is not None and self.system_prompt_file is not None:
            raise ValueError(
                "system_prompt and system_prompt_file are both set; keep the one that is meant"
            )
        if self.distractors and self.context == "none":
            raise ValueError(
                'distractors stand among documents, and context = "none" leaves those out; '
                "choose another place, or set distractors = 0"
            )
        return self

    def plain_prompt(self, system_text: str) -> PlainPrompt:
        """How a model that learned such a release is asked.

        Args:
            system_text: of `system_text`.
        """
        learns = self.earlier_turns == "learn"
        return PlainPrompt(system_text, self.context, self.reasoning, learns)

    def system_text(self, folder: Path) -> str:
        """The system prompt without blanks around it; "" where there is none.

        Args:
            folder: where a relative `system_prompt_file` starts.

        Raises:
            ConfigError: the file can't be read, or is blank.
        """
        if self.system_prompt_file is None:
            return (self.system_prompt or "").strip()
        path = folder / self.system_prompt_file
        try:
            text = path.read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"{path}: the system prompt can't be read ({error}); "
                "correct export.system_prompt_file in labeltune.toml"
            ) from error
        if not text:
            raise ConfigError(
                f"{path}: the system prompt is empty; write it, or remove "
                "export.system_prompt_file from labeltune.toml"
            )
        return text
