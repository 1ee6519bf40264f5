"""How much a model would have wondered at the experts' answers, where its server can tell."""

from collections.abc import Iterator

from sync.tuning.evaluation.measures.measure import AnsweredItems, MeasuredSeries, as_values

NAME = "expert_loss"


def measure(answered: AnsweredItems) -> Iterator[MeasuredSeries]:
    """Nats a byte of the expert's answer, after the arm's own prompt; nothing where none is told.

    A byte, not a token: models with other vocabularies stay comparable.
    """
    values = {arm: as_values(losses) for arm, losses in answered.losses.items()}
    if values:
        yield MeasuredSeries(
            NAME,
            "loss on experts' answers",
            "number",
            passes=False,
            higher_is_better=False,
            values=values,
        )
