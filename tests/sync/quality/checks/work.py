"""`WorkToCheck` for checks, from records and vectors at hand."""

from collections.abc import Sequence

import numpy as np

from connectors.reading import Embeddings
from sync.compute import LocalEngine
from sync.quality.checks import WorkToCheck
from sync.records import Labelled, LabelledRecord, Unreadable
from tests.sync.builders import INTERFACE


def work_of(
    records: Sequence[LabelledRecord],
    prompts: Embeddings,
    answers: Embeddings | None = None,
    unreadable: Sequence[Unreadable] = (),
) -> WorkToCheck:
    """Work whose answers all say the same, unless told."""
    if answers is None:
        answers = np.tile(np.array([1.0, 0.0], dtype=np.float32), (len(records), 1))
    return WorkToCheck(
        labelled=Labelled(tuple(records), tuple(unreadable), 0, 0),
        missing=tuple(INTERFACE.missing(r.record, r.data) for r in records),
        interface=INTERFACE,
        prompts=prompts,
        answers=answers,
        url_of=lambda task_id: f"http://ls/{task_id}",
        project_url="http://ls",
        engine=LocalEngine(),
    )


def at_rest(count: int) -> Embeddings:
    """Vectors that are all the same."""
    return np.tile(np.array([1.0, 0.0], dtype=np.float32), (count, 1))
