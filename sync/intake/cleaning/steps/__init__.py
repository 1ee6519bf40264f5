"""The cleaning steps, each a pure function of a batch of tasks.

A further row step is one module here and one entry in `ROW_STEPS`.
Open first: `length`.
"""

from collections.abc import Callable, Mapping

from sync.intake.cleaning.chain import RowStep, Situation
from sync.intake.cleaning.steps import language, length, normalisation, redaction, relevance
from sync.settings.cleaning import CleaningSection

# the step as set, None when it is off, a ConfigError when it can't be set so
Build = Callable[[CleaningSection, Situation], RowStep | None]

# in the order in which they run, before tasks are compared with each other
ROW_STEPS: Mapping[str, Build] = {
    "normalisation": normalisation.step,
    # before all that measures, embeds, hashes or stores
    "redaction": redaction.step,
    "length": length.step,
    "language": language.step,
}
# after that, on the tasks that are left, with the columns of `task_vectors.Embedding`
VECTOR_STEPS: Mapping[str, Build] = {"relevance": relevance.step}

# what needs more than a task to decide
READABLE, USABLE, DUPLICATES, NEAR_DUPLICATES = (
    "readable",
    "usable",
    "duplicates",
    "near_duplicates",
)
