"""Characters and white space of every text in one form: `normalised_text` says which."""

from dataclasses import dataclass
from functools import partial

from sync.intake.cleaning.chain import Situation
from sync.intake.cleaning.normalised_text import Form, normalised_task
from sync.intake.cleaning.task_batches import TaskBatch, rewritten
from sync.settings.cleaning import CleaningSection


@dataclass(frozen=True)
class Normalisation:
    """Every text of a task in one form.

    Attributes:
        form: of Unicode.
    """

    form: Form = "NFC"

    def __call__(self, batch: TaskBatch) -> TaskBatch:
        return rewritten(batch, partial(normalised_task, form=self.form))


def step(settings: CleaningSection, situation: Situation) -> Normalisation | None:
    """The step as set, or None when it is off."""
    section = settings.normalisation
    return Normalisation(section.form) if section.on else None
