"""A blind comparison by experts, inside Label Studio: two arms' answers, sources hidden.

The pairs are rows that `labeltune push` brings into a project with the interface `preference`; the
page shows both answers in a recorded random order and never says whose they are, and a task's data
knows the arms by marks alone. What experts chose is pulled like any other work, and read back here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from label_configs.answer_pair import recorded_pair
from label_configs.preference_sides import PREFERRED, PreferenceRecord
from sync.common.errors import ConfigError, SyncError
from sync.common.json_text import Json
from sync.common.wording import counted
from sync.records import LabelledRecord
from sync.records.pulled_work import open_pulled_work
from sync.settings import Config
from sync.tuning.evaluation.held_out import HeldOutItem
from sync.tuning.evaluation.measures.measure import AnsweredItems, Answers, MeasuredSeries

NAME = "experts"
INTERFACE = "preference"
_SHOWN = ("context", "documents")


def mark_of(arm: str) -> str:
    """What stands for an arm where experts could see it."""
    return blake2b(arm.encode(), digest_size=5, person=b"blind pairs").hexdigest()


def _pair_id(key: str, arm: str, against: str) -> str:
    return f"{key} {mark_of(arm)}{mark_of(against)}"


def pair_rows(
    items: Sequence[HeldOutItem], answers: Mapping[str, Answers], arm: str, against: str
) -> Iterator[Json]:
    """A row for each item to which two arms answer differently, as `labeltune push` reads it."""
    for item, one, other in zip(items, answers[arm], answers[against], strict=True):
        if one is None or other is None or one == other:
            continue
        data = item.record.data
        yield {
            "id": _pair_id(item.key, arm, against),
            "messages": data["messages"],
            **{name: data[name] for name in _SHOWN if data.get(name)},
            "answers": [
                {"text": one, "source": mark_of(arm)},
                {"text": other, "source": mark_of(against)},
            ],
        }


@dataclass(frozen=True)
class ExpertChoices:
    """What experts chose of two arms' answers.

    Attributes:
        series: preferred or not, of each arm; the rest are ties. None where nothing was chosen.
        notes: a sentence each without its full stop.
    """

    series: MeasuredSeries | None
    notes: tuple[str, ...] = ()


def expert_choices(
    compared: Config, answered: AnsweredItems, arm: str, against: str
) -> ExpertChoices:
    """What experts chose in the project of a configuration, as it was pulled.

    Choices between answers that the arms no longer give count for nothing.

    Raises:
        ConfigError: the project has another interface.
    """
    if compared.label_studio.interface != INTERFACE:
        raise ConfigError(
            f"labeltune.toml: evaluate.compared_in: {compared.label_studio.project!r} has the "
            f"interface {compared.label_studio.interface!r}, and answers are compared in "
            f"{INTERFACE!r}"
        )
    place = {item.key: number for number, item in enumerate(answered.items)}
    said = {mark_of(name): answered.answers[name] for name in (arm, against)}
    mine, theirs = (np.full(len(answered.items), np.nan) for _ in range(2))
    past = 0
    try:
        chosen = list(_chosen(compared, arm, against))
    except SyncError as error:
        return ExpertChoices(None, (f"What experts compared is not known: {error}",))
    for key, record in chosen:
        number = place.get(key)
        if number is None or not _is_current(record, said, number):
            past += 1
            continue
        winner = _winner(record)
        mine[number], theirs[number] = winner == mark_of(arm), winner == mark_of(against)
    chosen_so = counted(past, "choice of experts is", "choices of experts are")
    notes = [f"{chosen_so} between other answers, and not counted"] if past else []
    if np.isnan(mine).all():
        return ExpertChoices(None, (*notes, "No expert has compared the arms' answers yet"))
    series = MeasuredSeries(
        NAME,
        "preferred by experts",
        "share",
        passes=True,
        higher_is_better=True,
        values={arm: mine, against: theirs},
    )
    return ExpertChoices(series, tuple(notes))


def _chosen(compared: Config, arm: str, against: str) -> Iterator[tuple[str, LabelledRecord]]:
    """The item's key of each finished comparison of two arms."""
    end = _pair_id("", arm, against)
    for outcome in open_pulled_work(compared).outcomes():
        if (
            isinstance(outcome, LabelledRecord)
            and isinstance(outcome.record, PreferenceRecord)
            and outcome.key.endswith(end)
        ):
            yield outcome.key.removesuffix(end), outcome


def _is_current(record: LabelledRecord, said: Mapping[str, Answers], number: int) -> bool:
    pair = recorded_pair(record.data)
    shown = {pair.left.source: pair.left.text, pair.right.source: pair.right.text}
    return shown == {mark: answers[number] for mark, answers in said.items()}


def _winner(record: LabelledRecord) -> str | None:
    """The mark of the arm whose answer is better; None: neither's."""
    side = PREFERRED.get(record.record.preference)
    if side is None:
        return None
    pair = recorded_pair(record.data)
    return pair.left.source if side == "left" else pair.right.source
