"""What users ask in production: the questions of a file of traces, as the work is held against.

    labeltune check --against traces.jsonl

Traces are read as `push` reads sources, in any of their shapes. Personal data in them is replaced
before anything of it is kept or quoted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from connectors.embedding import Encoder
from connectors.reading import Embeddings
from sync.common.errors import SourceError
from sync.common.same_text import as_read
from sync.common.source_task import SourceTask
from sync.common.task_texts import user_text
from sync.common.terminal import ShowProgress
from sync.compute import Engine
from sync.compute.vector_cache import VECTORS, text_vectors
from sync.intake.redaction.placeholders import redact
from sync.intake.redaction.spans import analysis
from sync.intake.sources import SourceReader
from sync.settings import Config
from sync.table.data_folder import data_folder

# of more questions a random share tells as much
MOST = 5_000


@dataclass(frozen=True)
class ProductionQuestions:
    """What users asked, as often as they asked it.

    Attributes:
        source: what it was read from, as a user calls it.
        texts: all that the user said, of each trace; of many a sample.
        vectors: (n, dim), rows of length 1.
        traces: that were read; `broken`: rows that could not be.
    """

    source: str
    texts: tuple[str, ...]
    vectors: Embeddings
    traces: int
    broken: int = 0


def read_production(
    paths: Sequence[Path],
    config: Config,
    load: Callable[[str], Encoder],
    engine: Engine,
    progress: ShowProgress,
) -> ProductionQuestions:
    """Read traces, and embed what users said in them.

    Args:
        paths: files or folders of any kind that `push` reads.

    Raises:
        SourceError: a file can't be read, or none of it holds a question.
        ConfigError: redaction can't be done as configured.
        EmbeddingError: the embedding model can't be loaded.
    """
    sources = config.sources.model_copy(update={"last_assistant": "keep"})
    texts: list[str] = []
    broken = 0
    for outcome in SourceReader(paths, sources).outcomes():
        if not isinstance(outcome, SourceTask):
            broken += 1
        elif said := as_read(user_text(outcome.data)):
            texts.append(said)
    named = ", ".join(path.name for path in paths)
    if not texts:
        raise SourceError(
            f"{named}: no trace holds a user's question ({broken} rows can't be read); expected "
            "conversations or prompts, as `labeltune push` reads them"
        )
    chosen = _sample(texts)
    find = analysis(config.cleaning.redaction).spans
    clean = tuple(str(redact({"text": text}, find)[0]["text"]) for text in chosen)
    reading = text_vectors(
        clean,
        config.embedding.model,
        data_folder(config).on_this_machine(VECTORS),
        load,
        engine,
        progress,
        keep_for="against",
    )
    readable = np.flatnonzero(~reading.unread)
    found = ProductionQuestions(named, clean, reading.vectors, len(texts), broken)
    if len(readable) == len(clean):
        return found
    kept = tuple(clean[i] for i in readable.tolist())
    return replace(found, texts=kept, vectors=reading.vectors[readable])


def _sample(texts: Sequence[str]) -> list[str]:
    if len(texts) <= MOST:
        return list(texts)
    chosen = np.random.default_rng(0).choice(len(texts), MOST, replace=False)
    return [texts[i] for i in np.sort(chosen).tolist()]
