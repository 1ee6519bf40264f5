"""What a run's log says, as the command shows it."""

from collections.abc import Sequence

from sync.common.json_text import Json
from sync.common.wording import counted, lasting
from sync.tuning.models.model_entry import LossPoint
from sync.tuning.tuner import ShowTuning, TuningMoment

# steps whose mean duration tells how long the rest takes
_RECENT = 20


class SaidMoments:
    """Turns lines of the log into moments, in their order."""

    def __init__(self, show: ShowTuning) -> None:
        self._show = show
        self._seconds: list[float] = []
        self._losses: tuple[float | None, float | None] = (None, None)
        self._estimate: float | None = None

    def tell(self, line: Json) -> None:
        """Show what a line says."""
        event = line["event"]
        if event == "doing":
            self._show(TuningMoment(line["what"]))
        elif event == "rows":
            self._show(TuningMoment(rows_sentence(line)))
        elif event == "measured":
            self._estimate = line["estimate_s"]
            taking = f"{line['threads']} threads, {line['step_s']:.1f} s a step"
            self._show(TuningMoment(f"{taking}, {lasting(self._estimate or 0)} in all"))
        elif event == "step":
            self._seconds = [*self._seconds, line["seconds"]][-_RECENT:]
            self._losses = (line["loss"], self._losses[1])
            self._moved(line)
        elif event == "validation":
            self._losses = (self._losses[0], line["loss"])
            self._moved(line)

    def _moved(self, line: Json) -> None:
        step, steps = line["step"], line["of"]
        left = None
        if self._seconds:
            left = sum(self._seconds) / len(self._seconds) * (steps - step)
        self._show(TuningMoment("training", step, steps, *self._losses, left))


def rows_sentence(line: Json) -> str:
    """What is learned, and what was left out."""
    parts = [counted(line["own"], "example")]
    if line["general"]:
        parts.append(f"{line['general']} general")
    if line["validation"]:
        parts.append(f"{line['validation']} for validation")
    if line.get("unheld"):
        parts.append("none of the base's general replies came to an end, so nothing holds it")
    if line["too_long"]:
        parts.append(f"{line['too_long']} too long, left out")
    if line["with_pictures"]:
        parts.append(f"{line['with_pictures']} with pictures, left out")
    return ", ".join(parts)


def loss_points(lines: Sequence[Json]) -> tuple[LossPoint, ...]:
    """The losses by step; the last word on a step counts."""
    training = {line["step"]: line["loss"] for line in lines if line["event"] == "step"}
    validation = {line["step"]: line["loss"] for line in lines if line["event"] == "validation"}
    return tuple(
        LossPoint(step, training.get(step), validation.get(step))
        for step in sorted({*training, *validation})
    )
