"""`reasoning_steps`: correct a drafted chain of reasoning, step by step, and its final answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, ClassVar

from label_configs import items, step_lessons
from label_configs.interface import Interface, ResultItem, TrainingTurn
from label_configs.lessons import JudgedSteps, with_answer_verdict
from label_configs.reply import ReplyError, paragraphs, reply_answer, reply_object, reply_text
from label_configs.source_reasoning import reasoning_of
from label_configs.step_rows import (
    ADDED,
    KINDS,
    PARTS,
    SLOTS,
    START,
    Step,
    inserted_items,
    read_inserted,
    read_row,
    row_items,
)
from label_configs.visible_text import visible_text

OBJECT = "conversation"
MAX_STEPS = 30  # in a draft


@dataclass(frozen=True)
class ReasoningSteps:
    """A chain of reasoning with its final answer, and the expert's judgement of both.

    Attributes:
        steps: in order, those that were dropped or inserted included (`chain` has what counts).
        verdict: accept / edit / rewrite / reject, of the draft as a whole.
        other: result items of controls that this interface does not know.
    """

    steps: tuple[Step, ...] = ()
    answer: str = ""
    verdict: str | None = None
    other: tuple[ResultItem, ...] = ()

    @property
    def chain(self) -> tuple[Step, ...]:
        """The steps as the expert left them: without dropped and empty ones."""
        return tuple(step for step in self.steps if step.text.strip() and not step.dropped)

    @property
    def first_error(self) -> int | None:
        """Index in `steps` of the first one that is wrong, or None."""
        return next((i for i, step in enumerate(self.steps) if step.verdict == "wrong"), None)


class ReasoningStepsInterface(Interface[ReasoningSteps]):
    """One row a step beside the conversation: text to correct, kind, verdict; and the answer.

    The page makes its rows from task data, which no prediction can extend, so the drafted steps
    are written to `steps` in the task's data before the prediction is sent. What an expert inserts
    goes into slots that every row has.
    """

    name: ClassVar[str] = "reasoning_steps"
    summary: ClassVar[str] = "correct a drafted chain of reasoning and its final answer"
    required: ClassVar[Mapping[str, str]] = {
        "fix_{{idx}}": "TextArea",
        "ok_{{idx}}": "Choices",
        "answer": "TextArea",
        "verdict": "Choices",
    }
    optional: ClassVar[Mapping[str, str]] = {
        "kind_{{idx}}": "Choices",
        "drop_{{idx}}": "Choices",
        **{f"add{slot}_{at}": "TextArea" for slot in SLOTS for at in (START, "{{idx}}")},
        **{f"add{slot}_kind_{at}": "Choices" for slot in SLOTS for at in (START, "{{idx}}")},
    }
    ordered_controls: ClassVar[Mapping[str, Sequence[str]]] = {
        **Interface.ordered_controls,
        "ok_{{idx}}": ("correct", "doubtful", "wrong"),
    }
    instruction: ClassVar[str] = (
        "Work out the reply to the last message of the conversation in discrete steps, then give "
        "the reply itself. Answer with JSON: steps (each with text and kind) and answer."
    )
    example: ClassVar[Mapping[str, Any]] = {
        "id": "card-2",
        "messages": [
            {"role": "user", "content": "My card is lost. What now?"},
            {"role": "assistant", "content": "Have you frozen it in the app?"},
            {"role": "user", "content": "Yes, on Friday. I was billed on Saturday. Who pays?"},
        ],
        "context": {"customer_tier": "Plus", "fee_schedule": "Replacement card: GBP 5.00"},
    }
    reply_schema: ClassVar[Mapping[str, Any] | None] = {
        "type": "object",
        "properties": {
            "steps": {
                "type": "array",
                "minItems": 1,
                "maxItems": MAX_STEPS,
                "items": {
                    "type": "object",
                    "properties": {
                        "text": {"type": "string"},
                        "kind": {"type": "string", "enum": list(KINDS)},
                    },
                    "required": ["text", "kind"],
                    "additionalProperties": False,
                },
            },
            "answer": {"type": "string"},
        },
        "required": ["steps", "answer"],
        "additionalProperties": False,
    }
    drafted_fields: ClassVar[Mapping[str, Any]] = {"steps": []}

    def read_reply(self, reply: str, data: Mapping[str, Any]) -> ReasoningSteps:
        """The reply as JSON after `reply_schema`; anything else is refused, never coerced."""
        raw = reply_object(reply)
        try:
            steps = tuple(_drafted_step(step) for step in raw["steps"])
            answer = reply_answer(raw["answer"])
        except (ValueError, KeyError, TypeError) as error:
            raise ReplyError(f"the model's reply is not the JSON asked for ({error})") from error
        if not steps:
            raise ReplyError("the model's reply holds no steps")
        return ReasoningSteps(steps=steps, answer=answer)

    def is_drafted_plainly(self, reasoned: bool) -> bool:
        """Only with its reasoning: an answer alone has no steps."""
        return reasoned

    def read_plain_turn(self, turn: TrainingTurn, data: Mapping[str, Any]) -> ReasoningSteps:
        """Each paragraph of the reasoning as a step, whose kind the expert tells."""
        steps = tuple(Step(text=reply_text(each)) for each in paragraphs(reasoning_of(turn)))
        if not steps:
            raise ReplyError("the model's reply holds no reasoning, so that there are no steps")
        return ReasoningSteps(steps=steps, answer=reply_answer(turn["content"]))

    def answer(self, record: ReasoningSteps) -> str:
        return record.answer

    def written(self, record: ReasoningSteps) -> str:
        return "\n\n".join([*(step.text for step in record.chain), record.answer])

    def task_patch(self, record: ReasoningSteps) -> dict[str, Any]:
        return {"steps": [{"text": step.text} for step in record.steps if not step.inserted]}

    def encode(self, record: ReasoningSteps) -> list[ResultItem]:
        """Result items, one row a drafted step.

        Raises:
            LabelConfigError: more steps inserted in one place than a row has slots.
        """
        built: list[ResultItem] = []
        at, row = START, OBJECT
        number = 0
        for inserted, run in groupby(record.steps, key=lambda step: step.inserted):
            if inserted:
                built += inserted_items(tuple(run), at, row)
                continue
            for step in run:
                at, row = str(number), f"step_{number}"
                built += row_items(step, at, row)
                number += 1
        if record.answer:
            built.append(items.textarea("answer", OBJECT, record.answer))
        if record.verdict is not None:
            built.append(items.choices("verdict", OBJECT, record.verdict))
        return [*built, *(dict(item) for item in record.other)]

    def decode(self, results: Sequence[Mapping[str, Any]]) -> ReasoningSteps:
        rows = items.row_count(results, (*PARTS, *ADDED))
        places = [START, *map(str, range(rows))]
        known = {"answer", "verdict"}
        known |= {f"{part}_{at}" for at in places[1:] for part in PARTS}
        known |= {f"{part}_{at}" for at in places for part in ADDED}
        found = items.find(results, known)
        steps: list[Step] = []
        for at in places:
            if at != START:
                steps.append(read_row(found, at))
            steps += read_inserted(found, at)
        return ReasoningSteps(
            steps=tuple(steps),
            answer=found.text("answer"),
            verdict=found.choice("verdict"),
            other=found.other,
        )

    def accepted_answer(self, record: ReasoningSteps, data: Mapping[str, Any]) -> str | None:
        return None if record.verdict == "reject" else visible_text(record.answer) or None

    def judged_steps(self, record: ReasoningSteps, data: Mapping[str, Any]) -> list[JudgedSteps]:
        """The chain as it was drafted, and the corrected one where it says more."""
        drafted = step_lessons.judged_draft(record.steps, data)
        corrected = step_lessons.judged_correction(record.steps, data)
        if self.accepted_answer(record, data) is None:
            corrected = None
        if corrected is not None and not step_lessons.adds_to(corrected, drafted):
            corrected = None
        return [chain for chain in (drafted, corrected) if chain is not None]

    def reasoning(self, record: ReasoningSteps, data: Mapping[str, Any]) -> str | None:
        """The chain, a paragraph a step; None where it holds a wrong step as it was drafted."""
        return "\n\n".join(self.reasoning_parts(record, data)) or None

    def reasoning_parts(self, record: ReasoningSteps, data: Mapping[str, Any]) -> Sequence[str]:
        accepted = self.accepted_answer(record, data) is not None
        if not accepted or step_lessons.holds_wrong(record.steps, data):
            return ()
        return [step.text.strip() for step in record.chain]

    def with_answer(self, record: ReasoningSteps, text: str) -> ReasoningSteps | None:
        """The answer alone: the chain led to another one, so all its steps are dropped."""
        if not visible_text(text):
            return None
        steps = tuple(replace(step, dropped=True) for step in record.steps)
        verdict = with_answer_verdict(record.verdict)
        return replace(record, steps=steps, answer=text, verdict=verdict)

    def example_reply(self, record: ReasoningSteps, data: Mapping[str, Any]) -> str | None:
        """The chain and its answer as JSON; None when a step has no kind that the model knows."""
        answer = self.accepted_answer(record, data)
        steps = [{"text": step.text.strip(), "kind": step.kind} for step in record.chain]
        told = 0 < len(steps) <= MAX_STEPS and all(step["kind"] in KINDS for step in steps)
        if answer is None or not told:
            return None
        return json.dumps({"steps": steps, "answer": answer}, ensure_ascii=False)

    def missing(self, record: ReasoningSteps, data: Mapping[str, Any]) -> str | None:
        if record.verdict == "reject" or visible_text(record.answer):
            return None
        return "the answer is empty, though the draft was not rejected"


def _drafted_step(raw: Any) -> Step:
    text, kind = reply_text(raw["text"]), raw["kind"]
    if kind not in KINDS:
        raise ValueError(f"a step needs a kind of {', '.join(KINDS)}")
    return Step(text=text, kind=kind)


interface = ReasoningStepsInterface()
