"""How near an answer's meaning is to the expert's, by the project's embedding model."""

from collections.abc import Iterator

import numpy as np

from sync.tuning.evaluation.measures.measure import AnsweredItems, MeasuredSeries

NAME = "similarity"


def measure(answered: AnsweredItems) -> Iterator[MeasuredSeries]:
    """Cosine of the embeddings of both; 0 without an answer.

    It sees a topic well, and a wrong number hardly: the checks see those.
    """
    references = [item.reference for item in answered.items]
    said = {text for answers in answered.answers.values() for text in answers if text}
    distinct = sorted({*references, *said})
    place = {text: number for number, text in enumerate(distinct)}
    vectors = answered.vectors_of(distinct)
    wanted = vectors[[place[text] for text in references]]
    values = {}
    for arm, answers in answered.answers.items():
        cosines = np.zeros(len(references))
        there = [number for number, text in enumerate(answers) if text]
        if there:
            rows = vectors[[place[answers[number] or ""] for number in there]]
            cosines[there] = np.einsum("ij,ij->i", rows, wanted[there])
        values[arm] = cosines
    yield MeasuredSeries(
        NAME, "similarity of meaning", "number", passes=False, higher_is_better=True, values=values
    )
