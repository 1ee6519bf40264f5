"""What was said of a trajectory's steps, as result items: one control for all of them.

`judged` holds a choice a step that was marked (`12 wrong`), `better` a text a better action, which
begins with its step's number (`12: No.`). A control of its own for each step would make the page
three times as slow, so only tasks that an older LabelTune pushed have them: `judged_11`,
`better_11`, by the step's index.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from label_configs import items
from label_configs.control_values import GivenValue
from label_configs.items import FoundItems, ResultItem
from label_configs.trajectory_lessons import STEP_VERDICTS, JudgedStep

OBJECT = "conversation"
JUDGED, BETTER = "judged", "better"
CONTROLS = frozenset({JUDGED, BETTER})
_OF_A_ROW = (JUDGED, BETTER)
_MARK = re.compile(rf"([1-9][0-9]{{0,3}}) ({'|'.join(STEP_VERDICTS)})")
_NUMBERED = re.compile(r"\s*([1-9][0-9]{0,3})\s*: ?(.*)", re.DOTALL)


def mark(number: int, verdict: str) -> str:
    """The choice that gives a step, counted from 1, a verdict."""
    return f"{number} {verdict}"


def encode(steps: Sequence[JudgedStep], unplaced: Sequence[str]) -> list[ResultItem]:
    """Verdicts and better actions as the result items that the page shows.

    Args:
        unplaced: better actions that name no step.
    """
    numbered = list(enumerate(steps, start=1))
    marks = [mark(at, step.verdict) for at, step in numbered if step.verdict is not None]
    texts = [f"{at}: {step.better}" for at, step in numbered if step.better]
    built = [items.choices(JUDGED, OBJECT, *marks)] if marks else []
    if texts or unplaced:
        built.append(items.textarea(BETTER, OBJECT, *texts, *unplaced))
    return built


def names(results: Sequence[Mapping[str, Any]]) -> set[str]:
    """The names of all controls by which items tell of steps, those of single steps included."""
    rows = range(items.row_count(results, _OF_A_ROW))
    return {*CONTROLS, *(f"{part}_{at}" for at in rows for part in _OF_A_ROW)}


def decode(found: FoundItems) -> tuple[tuple[JudgedStep, ...], tuple[str, ...]]:
    """The steps up to the last of which something was said, and better actions that name none.

    One that names none is of the step that is wrong or wasteful, where there is only one.

    Raises:
        LabelConfigError: a value that can't be read.
    """
    verdicts = verdicts_of(found)
    better: dict[int, list[str]] = {}
    for name in found.mine:
        if name.startswith(f"{BETTER}_") and (text := found.text(name)):
            better[int(name.removeprefix(f"{BETTER}_"))] = [text]
    unplaced = []
    for text in found.texts(BETTER):
        if named := _NUMBERED.fullmatch(text):
            better.setdefault(int(named[1]) - 1, []).append(named[2])
        elif text.strip():
            unplaced.append(text)
    faulty = [at for at, verdict in verdicts.items() if verdict != "correct"]
    if len(faulty) == 1 and faulty[0] not in better and unplaced:
        better[faulty[0]], unplaced = unplaced, []
    texts = {at: "\n\n".join(filter(None, said)) for at, said in better.items()}
    said = [*verdicts, *(at for at, text in texts.items() if text)]
    steps = (
        JudgedStep(verdicts.get(at), texts.get(at, "")) for at in range(max(said, default=-1) + 1)
    )
    return tuple(steps), tuple(unplaced)


def verdicts_of(found: FoundItems) -> dict[int, str]:
    """Verdicts by the step's index. Of several of one step, the worst counts.

    Raises:
        LabelConfigError: a choice that is no verdict of a step.
    """
    verdicts: dict[int, str] = {}
    for name in found.mine:
        if name.startswith(f"{JUDGED}_") and (chosen := found.choice(name)) is not None:
            verdicts[int(name.removeprefix(f"{JUDGED}_"))] = chosen
    marked: dict[int, str] = {}
    for choice in found.choices(JUDGED):
        if (named := _MARK.fullmatch(choice)) is None:
            raise items.unreadable(found.mine[JUDGED], "choices")
        at, verdict = int(named[1]) - 1, named[2]
        marked[at] = max(marked.get(at, verdict), verdict, key=_badness)
    return verdicts | marked


def values_by_row(results: Sequence[Mapping[str, Any]]) -> dict[str, GivenValue]:
    """Verdicts by the name that a control of the step's own would have, as once they had.

    Raises:
        LabelConfigError: a choice that is no verdict of a step.
    """
    verdicts = verdicts_of(items.find(results, names(results)))
    return {
        f"{JUDGED}_{at}": GivenValue(f"{JUDGED}_{{{{idx}}}}", verdict)
        for at, verdict in sorted(verdicts.items())
    }


def idle_actions(steps: Sequence[JudgedStep]) -> list[str]:
    """What is doubtful of better actions: their steps are neither wrong nor wasteful."""
    return [
        f"better action of step {number}: the step is neither wrong nor wasteful"
        for number, step in enumerate(steps, start=1)
        if step.better.strip() and not step.corrected
    ]


def _badness(verdict: str) -> int:
    return list[str](STEP_VERDICTS).index(verdict)
