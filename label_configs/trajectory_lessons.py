"""What a judged trajectory teaches: the way to its first error, better actions, rewards of steps.

Steps that came after the first error rest on it, so none of them is learnt.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from label_configs.answer_turns import TextOrTurns
from label_configs.call_faults import call_faults
from label_configs.call_pairs import TaskMessage, paired
from label_configs.content import PICTURE, image_urls, spoken
from label_configs.lessons import JudgedAnswer, JudgedSteps, PreferencePair, judged, preferred
from label_configs.step_lessons import adds_to
from label_configs.task_tools import Tools, tools_of
from label_configs.trajectory import TrajectoryStep, steps_of
from label_configs.visible_text import visible_text
from label_configs.written_turn import read_written

StepVerdict = Literal["correct", "wasteful", "wrong"]
STEP_VERDICTS: tuple[StepVerdict, ...] = get_args(StepVerdict)
_SPEAKERS = {"assistant": "Assistant", "tool": "Tool", "user": "User"}


@dataclass(frozen=True)
class JudgedStep:
    """What an expert said of one step.

    Attributes:
        verdict: correct / wasteful / wrong; None where nothing was said.
        better: what should have been done there, as `label_configs.written_turn` reads it. It
            counts for a step that is wasteful or wrong.
    """

    verdict: str | None = None
    better: str = ""

    @property
    def corrected(self) -> str:
        """The better action, where it counts; "" where there is none."""
        return visible_text(self.better) if self.verdict in ("wasteful", "wrong") else ""


def tool_names(tools: Tools) -> list[str]:
    """The names of a task's tools."""
    functions = (tool.get("function") for tool in tools)
    return [str(f["name"]) for f in functions if isinstance(f, Mapping) and "name" in f]


def first_wrong(judged_steps: Sequence[JudgedStep]) -> int | None:
    """Index of the first step that is wrong, or None."""
    return next((at for at, step in enumerate(judged_steps) if step.verdict == "wrong"), None)


def better_turn(step: JudgedStep, before: Sequence[TaskMessage], tools: Tools) -> dict[str, Any]:
    """A better action as a turn whose calls have ids that nothing before it has.

    Args:
        before: the conversation that leads to it.
        tools: schemas of the task's tools.
    """
    turn = read_written(step.corrected, tool_names(tools)).message()
    built: dict[str, Any] = dict(paired([*before, turn])[-1])
    return built


def better_faults(step: JudgedStep, tools: Tools) -> list[str]:
    """What is wrong with the calls of a better action, which then can't be used."""
    written = read_written(step.corrected, tool_names(tools))
    if written.broken:
        return [f"call of {written.broken} has arguments that are no JSON object"]
    return call_faults(written.calls, tools)


class JudgedTrajectory:
    """A task's steps beside what an expert said of them.

    Attributes:
        steps: all of the task.
        judged: of the first of them; nothing was said of those beyond.
        success: yes / partly / no; None where the expert did not come to an end.
        first_error: index of the first step that is wrong, or None.
    """

    def __init__(
        self, data: Mapping[str, Any], judged: Sequence[JudgedStep], success: str | None
    ) -> None:
        self.data = data
        self.steps: Sequence[TrajectoryStep] = steps_of(data)
        self.judged = judged[: len(self.steps)]
        self.success = success
        self.first_error = first_wrong(self.judged)

    def verdict(self, at: int) -> str | None:
        """What holds of a step: what was said, else correct where the expert let it pass.

        That is before the first error, and in a trajectory that succeeded without one, once the
        expert said how it ended.
        """
        said = self.judged[at].verdict if at < len(self.judged) else None
        if said in STEP_VERDICTS or self.success is None:
            return said if said in STEP_VERDICTS else None
        if self.first_error is None:
            return "correct" if self.success == "yes" else None
        return "correct" if at < self.first_error else None

    def better(self, at: int) -> dict[str, Any] | None:
        """The turn that should stand in a step's place; None where none can be used."""
        step = self.judged[at] if at < len(self.judged) else JudgedStep()
        tools = tools_of(self.data)
        if not step.corrected or better_faults(step, tools):
            return None
        return better_turn(step, self.data["messages"][: self.steps[at].at], tools)

    def learnt(self, at: int) -> bool:
        """Whether a step is learnt as it stands: correct, before the first error, not empty."""
        early = self.first_error is None or at < self.first_error
        said = visible_text(spoken(self.steps[at].turn))
        return early and self.verdict(at) == "correct" and bool(said)

    def training_turns(self) -> list[dict[str, Any]] | None:
        """The conversation to the last turn that is learnt; before the first error, or its better.

        Correct steps have weight 1, all others 0. None where nothing is learnt.
        """
        weights = {step.at: int(self.learnt(at)) for at, step in enumerate(self.steps)}
        last = max((at for at, weight in weights.items() if weight), default=-1)
        better = None
        if self.first_error is not None:
            better = self.better(self.first_error)
            last = self.steps[self.first_error].at - 1 if better else last
        built = [
            {**message, "weight": weights[at]} if at in weights else dict(message)
            for at, message in enumerate(self.data["messages"][: last + 1])
        ]
        if better is not None:
            built.append({**better, "weight": 1})
        return built or None

    def pairs(self) -> Iterator[PreferencePair]:
        """Each better action over the step as it was; slight where that was merely wasteful."""
        for at, step in enumerate(self.steps):
            better = self.better(at)
            if better is None or not visible_text(spoken(step.turn)):
                continue
            pair = preferred(
                as_answer(better),
                as_answer(step.turn),
                slight=self.judged[at].verdict == "wasteful",
                prompt=self.data["messages"][: step.at],
            )
            if pair is not None:
                yield pair

    def answers(self) -> Iterator[JudgedAnswer]:
        """The turns that are learnt are good, those that were called wrong are bad."""
        for at, step in enumerate(self.steps):
            better = self.better(at) if at == self.first_error else None
            good = step.turn if self.learnt(at) else better
            bad = step.turn if self.verdict(at) == "wrong" else None
            yield from judged(
                [] if good is None else [as_answer(good)],
                [] if bad is None else [as_answer(bad)],
                self.data["messages"][: step.at],
            )

    def chains(self) -> list[JudgedSteps]:
        """The steps up to and including the first error; and with the better action in its place.

        A step's text begins with what came since the step before: results of tools, the user's
        words, and steps that are neither right nor wrong. The chain ends before a step of which
        the expert said nothing.
        """
        texts: list[str] = []
        labels: list[bool] = []
        since: list[str] = []
        found: list[JudgedSteps] = []
        for at, step in enumerate(self.steps):
            verdict, said = self.verdict(at), spoken(step.turn).strip()
            if verdict is None:
                break
            if verdict == "wrong" and (better := self.better(at)) is not None:
                put_right = "\n\n".join([*since, spoken(better).strip()])
                found.append(JudgedSteps((*texts, put_right), (*labels, True)))
            if said and verdict in ("correct", "wrong"):
                texts.append("\n\n".join([*since, said]))
                labels.append(verdict == "correct")
                since = []
            elif said:
                since.append(_told(step.turn))
            if verdict == "wrong":
                break
            since += filter(None, map(_told, step.followed))
        as_it_was = JudgedSteps(tuple(texts), tuple(labels)) if texts else None
        corrected = [chain for chain in found if adds_to(chain, as_it_was)]
        return [*([as_it_was] if as_it_was else []), *corrected]


def as_answer(turn: TaskMessage) -> TextOrTurns:
    """A turn as an answer: its text alone where it is no more than that."""
    text = turn.get("content")
    more = any(value and key not in ("role", "content", "weight") for key, value in turn.items())
    if isinstance(text, str) and not more:
        return text.strip()
    return [{key: value for key, value in turn.items() if key != "weight"}]


def _told(message: TaskMessage) -> str:
    """A message as a paragraph with its speaker; "" where it says nothing."""
    pictures = [PICTURE] * len(image_urls(message.get("content")))
    said = "\n".join([*filter(None, [spoken(message).strip()]), *pictures])
    return f"{_SPEAKERS.get(message['role'], 'Other')}: {said}" if said else ""
