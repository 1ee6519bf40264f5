"""Tasks in which nothing, too little or too much was said.

What the user said must have some length, since it is what gets answered; what bounds the whole
conversation and its documents is what a model can read.
"""

from dataclasses import dataclass

from label_configs.content import says_nothing
from sync.common.task_texts import document_texts, turns, user_text
from sync.common.wording import counted
from sync.intake.cleaning.chain import Situation
from sync.intake.cleaning.task_batches import TaskBatch, TaskData, dropping
from sync.settings.cleaning import CleaningSection


@dataclass(frozen=True)
class Length:
    """Drops tasks by their characters.

    Attributes:
        least: of what the user said, without blanks around it.
        most: of all messages and documents.
    """

    least: int
    most: int

    def __call__(self, batch: TaskBatch) -> TaskBatch:
        return dropping(batch, self.reason)

    def reason(self, data: TaskData) -> str | None:
        """Why a task is dropped, or None."""
        in_all = 0
        for i, (role, content) in enumerate(turns(data), start=1):
            # a tool may return nothing
            if role != "tool" and not content.strip() and says_nothing(data["messages"][i - 1]):
                return f"message {i} is empty"
            in_all += len(content)
        said = len(user_text(data).strip())
        # without any message, or without the user's, the interface says better what is missing
        if 0 < said < self.least:
            return f"the user said {counted(said, 'character')}, fewer than {self.least}"
        if "documents" in data:
            in_all += sum(map(len, document_texts(data)))
        if in_all > self.most:
            return f"{counted(in_all, 'character')}, more than {self.most}"
        return None


def step(settings: CleaningSection, situation: Situation) -> Length | None:
    """The step as set, or None when it is off."""
    section = settings.length
    return Length(section.least, section.most) if section.on else None
