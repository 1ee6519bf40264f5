"""How a prompt reads: the system prompt, and where a task's facts and documents stand."""

from typing import Any

from drafting.plain_prompt import FindTurn, last_asked
from label_configs import Interface
from label_configs.context import context_text
from label_configs.task_tools import Tools, tools_of
from sync.common.errors import ConfigError
from sync.dataset.examples.category_question import CategoryQuestion, question_of
from sync.dataset.examples.distractors import DocumentPool
from sync.records import LabelledRecord
from sync.settings import Config
from sync.settings.export import ExportSection
from sync.training_files.example import Message


class PromptLayout:
    """What all examples of a release have in common; built once.

    Attributes:
        question: what the model is asked about categories; None where it is not to learn those.
        prompt: what stands before the answers.
    """

    def __init__(
        self,
        settings: ExportSection | None = None,
        system_prompt: str = "",
        documents: DocumentPool | None = None,
        question: CategoryQuestion | None = None,
    ) -> None:
        """What `[export]` says, with the parts of it that stand elsewhere.

        Args:
            documents: where distractors come from; needed where the settings ask for some.
        """
        settings = settings or ExportSection()
        self.teaches_answers = settings.teach != "categories"
        self.question = question
        self._pool = documents or DocumentPool()
        self._distractors = settings.distractors
        self.prompt = settings.plain_prompt(system_prompt)

    @classmethod
    def of(
        cls, config: Config, interface: Interface[Any], documents: DocumentPool | None = None
    ) -> "PromptLayout":
        """What a project's configuration asks for.

        Raises:
            ConfigError: the system prompt can't be read, or categories are to be taught where the
                project has none.
        """
        settings = config.export
        question = None
        if settings.teach != "answers":
            about = {name: section.about for name, section in config.categories.items()}
            question = question_of(interface, about)
            if question is None:
                raise ConfigError(
                    f'export.teach = "{settings.teach}", but the project has no categories; add '
                    "[categories.NAME] to labeltune.toml, or teach the answers alone"
                )
        return cls(settings, settings.system_text(config.folder), documents, question)

    def placed(
        self,
        turns: list[Message],
        record: LabelledRecord,
        split: str | None,
        find: FindTurn,
    ) -> tuple[list[Message], Tools]:
        """A conversation with the system prompt and the task's context, and its tools.

        Args:
            turns: clean ones; they stay as they are.
            split: where distractors may come from.
            find: the index of the user's message that the context belongs to: with "user" it
                stands in it, with "tool" after it; without any, in the system message.
        """
        text = self._text(record, split)
        tools = (*tools_of(record.data), *self.prompt.tools_beside(text))
        return self.prompt.placed(turns, text, find), tools

    def placed_for_grader(
        self, turns: list[Message], record: LabelledRecord, split: str | None
    ) -> tuple[list[Message], Tools]:
        """The same where the user is to speak last: "tool" becomes "system"."""
        text = self._text(record, split)
        return self.prompt.for_grader.placed(turns, text, last_asked), tools_of(record.data)

    def _text(self, record: LabelledRecord, split: str | None) -> str:
        """A task's facts and documents in the words that the model drafted with."""
        if self.prompt.context == "none":
            return ""
        data = record.data
        documents = data.get("documents") or ()
        if documents and self._distractors:
            documents = self._pool.among(documents, self._distractors, record.key, split)
        context = data.get("context")
        return context_text(context or {}, documents) if context or documents else ""
