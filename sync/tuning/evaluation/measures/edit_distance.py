"""How much of an answer an expert would have to change: what the work after the model costs."""

from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from sync.tuning.evaluation.measures.measure import AnsweredItems, MeasuredSeries, as_values

NAME = "edit_distance"


def measure(answered: AnsweredItems) -> Iterator[MeasuredSeries]:
    """Levenshtein distance to the expert's answer over the longer one's length, in [0, 1].

    0: nothing; without an answer, all is to be written.
    """
    yield MeasuredSeries(
        NAME,
        "share that an expert would change",
        "share",
        passes=False,
        higher_is_better=False,
        values={
            arm: as_values(
                [
                    1.0 if answer is None else changed_share(answer, item.reference)
                    for answer, item in zip(answers, answered.items, strict=True)
                ]
            )
            for arm, answers in answered.answers.items()
        },
    )


def changed_share(before: str, after: str) -> float:
    """As `label_configs.provenance` has it of a draft and its annotation."""
    lines = [text.strip().replace("\r\n", "\n") for text in (before, after)]
    return float(Levenshtein.normalized_distance(*lines))
