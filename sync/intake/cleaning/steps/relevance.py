"""Tasks that are like none of the given examples, or more like a counter-example."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from connectors.reading import Embeddings
from sync.common.errors import ConfigError
from sync.compute.embedding import as_matrix, read_whole
from sync.intake.cleaning.chain import Situation
from sync.intake.cleaning.task_batches import NOTE, TaskBatch
from sync.intake.cleaning.task_vectors import DOCUMENTS_VECTOR, UNREAD, VECTOR
from sync.settings.cleaning import CleaningSection

NOT_READ = "that embedding.model can't read, so not judged"


@dataclass(frozen=True, eq=False)
class Relevance:
    """Drops tasks by their similarity to examples; needs the columns of `Embedding`.

    A task is as similar as what the user said or its documents, whichever is nearer. What the
    model can't read is kept: its characters don't tell what it is about.

    Attributes:
        examples: (n, dim), n >= 1.
        counter_examples: (m, dim), m >= 0.
        least: cosine similarity, in (-1, 1].
    """

    examples: Embeddings
    counter_examples: Embeddings
    least: float

    def __call__(self, batch: TaskBatch) -> TaskBatch:
        to_examples = _nearest(batch, self.examples)
        to_counter = _nearest(batch, self.counter_examples)
        unread = batch.column(UNREAD)
        reasons = [
            None if is_unread else self.reason(example, counter)
            for is_unread, example, counter in zip(
                unread, to_examples.tolist(), to_counter.tolist(), strict=True
            )
        ]
        noted = batch.with_column(NOTE, [NOT_READ if is_unread else None for is_unread in unread])
        return noted.dropping(reasons)

    def reason(self, to_example: float, to_counter_example: float) -> str | None:
        """Why a task with these similarities is dropped, or None."""
        if to_example < self.least:
            return f"similarity to the nearest example {to_example:.3f}, less than {self.least}"
        if to_counter_example > to_example:
            return (
                f"nearer to a counter-example ({to_counter_example:.3f}) than to any example "
                f"({to_example:.3f})"
            )
        return None


def step(settings: CleaningSection, situation: Situation) -> Relevance | None:
    """The step as set, or None when it is off.

    Raises:
        ConfigError: examples can't be read.
        EmbeddingError: the embedding model can't be loaded.
    """
    section = settings.relevance
    if not section.on:
        return None
    examples = read_examples(section.examples, "examples", situation.folder)
    counter = read_examples(section.counter_examples, "counter_examples", situation.folder)
    encoder = situation.load_encoder()
    wanted, unwanted = (read_whole(texts, encoder).vectors for texts in (examples, counter))
    return Relevance(wanted, unwanted, section.least)


def read_examples(given: str | tuple[str, ...], key: str, folder: Path) -> list[str]:
    """Examples from the configuration, or from a file with one a line.

    Args:
        key: in `labeltune.toml`, for errors.
        folder: where a relative path starts.

    Raises:
        ConfigError: the file can't be read, or there is no text.
    """
    where = f"labeltune.toml: cleaning.relevance.{key}"
    lines: tuple[str, ...] | list[str] = ()
    if isinstance(given, str):
        path = folder / given
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except OSError as error:
            raise ConfigError(
                f"{where}: {path} can't be read ({error.strerror}); name a file with one example "
                "a line, or give a list of texts"
            ) from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"{where}: {path} is not UTF-8; convert it first") from error
    else:
        lines = given
    texts = [line.strip() for line in lines if line.strip()]
    if given and not texts:
        raise ConfigError(f"{where}: no text in {given!r}; give at least one example")
    return texts


def _nearest(batch: TaskBatch, examples: Embeddings) -> Embeddings:
    """(rows,) similarity to the nearest of the examples; -1 where there are none."""
    nearest: Embeddings = np.full(len(batch), -1.0, dtype=np.float32)
    if not len(examples) or not len(batch):
        return nearest
    nearest = (as_matrix(batch.columns[VECTOR]) @ examples.T).max(axis=1)
    beside = batch.columns[DOCUMENTS_VECTOR]
    present = beside.is_valid().to_numpy()
    if present.any():
        similarity = (as_matrix(beside.drop_null()) @ examples.T).max(axis=1)
        nearest[present] = np.maximum(nearest[present], similarity)
    return nearest
