"""`reasoning_steps`: correct a drafted chain of reasoning, step by step, and its final answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from label_configs import items
from label_configs.interface import Interface, ReplyError, ResultItem, reply_text

OBJECT = "conversation"
MAX_DIGITS = 3  # of a row's number; a saved item beyond is a stray one, not a row
KINDS = ("observation", "intermediate conclusion", "alternative", "assumption", "final conclusion")


@dataclass(frozen=True)
class Step:
    """One step of a chain.

    Attributes:
        text: the step as it should read; empty when the expert dropped it.
        kind: one of `KINDS`.
        verdict: correct / doubtful / wrong, of the drafted step; None in a draft.
    """

    text: str = ""
    kind: str | None = None
    verdict: str | None = None


@dataclass(frozen=True)
class ReasoningSteps:
    """A chain of reasoning with its final answer, and the expert's judgement of both.

    Attributes:
        steps: in order; the task's data fixes how many rows the page shows.
        verdict: accept / edit / rewrite / reject, of the draft as a whole.
        other: result items of controls that this interface does not know.
    """

    steps: tuple[Step, ...] = ()
    answer: str = ""
    verdict: str | None = None
    other: tuple[ResultItem, ...] = ()


class ReasoningStepsInterface(Interface[ReasoningSteps]):
    """One row a step under the conversation: text to correct, kind, verdict; then the answer.

    The page makes its rows from task data, which no prediction can extend, so the drafted steps
    are written to `steps` in the task's data before the prediction is sent.
    """

    name: ClassVar[str] = "reasoning_steps"
    summary: ClassVar[str] = "correct a drafted chain of reasoning and its final answer"
    required: ClassVar[Mapping[str, str]] = {
        "fix_{{idx}}": "TextArea",
        "kind_{{idx}}": "Choices",
        "ok_{{idx}}": "Choices",
        "answer": "TextArea",
        "verdict": "Choices",
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
                "maxItems": 30,
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

    def read_reply(self, reply: str) -> ReasoningSteps:
        """The reply as JSON after `reply_schema`; anything else is refused, never coerced."""
        try:
            raw = json.loads(reply)
            steps = tuple(_drafted_step(step) for step in raw["steps"])
            answer = reply_text(raw["answer"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ReplyError(f"the model's reply is not the JSON asked for ({error})") from error
        if not steps:
            raise ReplyError("the model's reply holds no steps")
        return ReasoningSteps(steps=steps, answer=answer)

    def answer(self, record: ReasoningSteps) -> str:
        return record.answer

    def task_patch(self, record: ReasoningSteps) -> dict[str, Any]:
        return {"steps": [{"text": step.text} for step in record.steps]}

    def encode(self, record: ReasoningSteps) -> list[ResultItem]:
        built: list[ResultItem] = []
        for i, step in enumerate(record.steps):
            row = f"step_{i}"
            # always present, so that a dropped step keeps its place
            built.append(items.textarea(f"fix_{i}", row, step.text))
            if step.kind is not None:
                built.append(items.choices(f"kind_{i}", row, step.kind))
            if step.verdict is not None:
                built.append(items.choices(f"ok_{i}", row, step.verdict))
        if record.answer:
            built.append(items.textarea("answer", OBJECT, record.answer))
        if record.verdict is not None:
            built.append(items.choices("verdict", OBJECT, record.verdict))
        return [*built, *(dict(item) for item in record.other)]

    def decode(self, results: Sequence[Mapping[str, Any]]) -> ReasoningSteps:
        rows = 1 + max((_row(item) for item in results), default=-1)
        known = {"answer", "verdict"} | {
            f"{part}_{i}" for i in range(rows) for part in ("fix", "kind", "ok")
        }
        mine, other = items.split(results, known)
        return ReasoningSteps(
            steps=tuple(
                Step(
                    text=items.read_text(mine[f"fix_{i}"]) if f"fix_{i}" in mine else "",
                    kind=items.read_choice(mine[f"kind_{i}"]) if f"kind_{i}" in mine else None,
                    verdict=items.read_choice(mine[f"ok_{i}"]) if f"ok_{i}" in mine else None,
                )
                for i in range(rows)
            ),
            answer=items.read_text(mine["answer"]) if "answer" in mine else "",
            verdict=items.read_choice(mine["verdict"]) if "verdict" in mine else None,
            other=other,
        )

    def labels(self, record: ReasoningSteps) -> dict[str, str]:
        return {"verdict": record.verdict} if record.verdict else {}

    def accepted_answer(self, record: ReasoningSteps) -> str | None:
        return None if record.verdict == "reject" else record.answer.strip() or None


def _drafted_step(raw: Any) -> Step:
    text, kind = reply_text(raw["text"]), raw["kind"]
    if kind not in KINDS:
        raise ValueError(f"a step needs a kind of {', '.join(KINDS)}")
    return Step(text=text, kind=kind)


def _row(item: Mapping[str, Any]) -> int:
    """The row that a result item belongs to, or -1."""
    name = item.get("from_name") if isinstance(item, Mapping) else None
    part, _, index = str(name).partition("_")
    if part not in {"fix", "kind", "ok"} or not index.isdecimal() or len(index) > MAX_DIGITS:
        return -1
    # only as the page writes it: `fix_07` is no row
    return int(index) if index == str(int(index)) else -1


interface = ReasoningStepsInterface()
