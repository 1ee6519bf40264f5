"""The cleaning steps, each a pure function of a batch of tasks, and those that a project has on.

A further row step is one module here and one entry in `ROW_STEPS`.
Open first: `length`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sync.intake.cleaning.chain import Chain, NamedSteps, RowStep, Situation
from sync.intake.cleaning.steps import language, length, normalisation, redaction, relevance
from sync.intake.cleaning.task_vectors import Embedding
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


@dataclass(frozen=True)
class CleaningPlan:
    """What is run.

    Attributes:
        rows: steps that need nothing but a task.
        vectors: steps that need it embedded; None when nothing does.
        names: of the steps that are on, in order, as the report has them.
    """

    rows: Chain
    vectors: Chain | None
    names: tuple[str, ...]


def planned(settings: CleaningSection, situation: Situation) -> CleaningPlan:
    """The steps that are on.

    Raises:
        ConfigError: a setting that can't be used: key, what was expected, what to do.
        EmbeddingError: the embedding model can't be loaded.
    """
    rows, vectors = (
        tuple(
            (name, step)
            for name, build in steps.items()
            if (step := build(settings, situation)) is not None
        )
        for steps in (ROW_STEPS, VECTOR_STEPS)
    )
    names = [*_names(rows), USABLE]
    names += [DUPLICATES] if settings.duplicates.on else []
    names += _names(vectors)
    names += [NEAR_DUPLICATES] if settings.near_duplicates.on else []
    embedding = Embedding(situation.load_encoder)
    embedded = Chain((("embedding", embedding), *vectors))
    needed = bool(vectors) or settings.near_duplicates.on
    return CleaningPlan(Chain(rows), embedded if needed else None, tuple(names))


def _names(steps: NamedSteps) -> list[str]:
    return [name for name, _ in steps]
