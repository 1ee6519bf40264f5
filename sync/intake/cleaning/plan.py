"""The steps of a configuration, built and checked before anything is read."""

from dataclasses import dataclass

from sync.intake.cleaning.chain import Chain, NamedSteps, Situation
from sync.intake.cleaning.steps import (
    DUPLICATES,
    NEAR_DUPLICATES,
    ROW_STEPS,
    USABLE,
    VECTOR_STEPS,
)
from sync.intake.cleaning.task_vectors import Embedding
from sync.settings.cleaning import CleaningSection


@dataclass(frozen=True)
class Plan:
    """What is run.

    Attributes:
        rows: steps that need nothing but a task.
        vectors: steps that need it embedded; None when nothing does.
        names: of the steps that are on, in order, as the report has them.
    """

    rows: Chain
    vectors: Chain | None
    names: tuple[str, ...]


def planned(settings: CleaningSection, situation: Situation) -> Plan:
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
    return Plan(Chain(rows), embedded if needed else None, tuple(names))


def _names(steps: NamedSteps) -> list[str]:
    return [name for name, _ in steps]
