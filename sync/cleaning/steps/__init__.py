"""The cleaning steps; a further row step is one module here and one line below."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sync.cleaning.situation import Situation
from sync.cleaning.steps import language, length, normalisation, redaction, relevance
from sync.engine import BatchFunction

if TYPE_CHECKING:
    from sync.cleaning.settings import CleaningSection

# the step as set, None when it is off, a ConfigError when it can't be set so
Build = Callable[["CleaningSection", Situation], BatchFunction | None]

# in the order in which they run, before tasks are compared with each other
ROW_STEPS: Mapping[str, Build] = {
    "normalisation": normalisation.step,
    # before all that measures, embeds, hashes or stores
    "redaction": redaction.step,
    "length": length.step,
    "language": language.step,
}
# after that, on the tasks that are left, with the columns of `sync.cleaning.embedding.Embedding`
VECTOR_STEPS: Mapping[str, Build] = {"relevance": relevance.step}

# what needs more than a task to decide
READABLE, USABLE, DUPLICATES, NEAR_DUPLICATES = (
    "readable",
    "usable",
    "duplicates",
    "near_duplicates",
)
