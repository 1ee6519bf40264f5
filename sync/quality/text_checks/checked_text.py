"""What a text check takes and what it gives."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from label_configs import Interface
from label_configs.content import spoken, text_of
from label_configs.context import readable
from label_configs.source_reasoning import reasoning_of
from sync.quality.checks.check import FindingSeverity
from sync.quality.text_checks.by_meaning import LeftOut
from sync.records import LabelledRecord


@dataclass(frozen=True, slots=True)
class Document:
    """A document that a task gives to answer from."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class CheckedText:
    """An accepted answer with all that it was an answer to.

    Attributes:
        question: the last turn of the user's.
        prompt: every turn before the answer, a blank line between them.
        answer: the expert's final words, with the lines of its calls of tools.
        reasoning: the steps that lead to it; () where it has none.
        context: the task's facts, as text.
        guidelines: as Markdown, those of a profile first.
        categories: label by kind of category.
        intents: what the user asks for with the answer's part to it, "" where it has none.
        profile: `label_studio.profile`, or None.
        draft: the drafted answer that the expert began from; None where there was none.
        lead_time_s: seconds that the annotator spent.
    """

    question: str
    prompt: str
    answer: str
    reasoning: tuple[str, ...] = ()
    context: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    guidelines: str = ""
    categories: Mapping[str, str] = field(default_factory=dict)
    intents: tuple[tuple[str, str], ...] = ()
    profile: str | None = None
    draft: str | None = None
    lead_time_s: float | None = None
    updated_at: datetime | None = None

    def digest(self) -> bytes:
        """16 bytes that another text does not have."""
        return hashlib.blake2b(repr(self).encode(), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class TextFault:
    """What a check found in a text.

    Attributes:
        message: what is wrong, and what to do about it.
        score: in [0, 1], low = look at this first.
        only_if: what must hold by meaning; None where words were enough. A check with such faults
            says so: `by_meaning: ClassVar[bool] = True`.
    """

    message: str
    score: float
    severity: FindingSeverity = "warning"
    only_if: LeftOut | None = None


class TextCheck(Protocol):
    """A frozen dataclass whose fields are its options, each with a default; picklable.

    What it finds follows from the text and the options alone, so it can be computed anywhere, and
    kept; of a fault that depends on meaning it gives the condition.
    """

    def __call__(self, text: CheckedText) -> Iterable[TextFault]: ...


def checked_text(
    record: LabelledRecord, interface: Interface[Any], profile: str | None = None
) -> CheckedText | None:
    """A finished task as the text checks see it; None where nothing in it was accepted."""
    answer = interface.accepted_answer(record.record, record.data)
    turns = interface.training_turns(record.record, record.data)
    if answer is None or not turns or record.rejected:
        return None
    learnt = [i for i, t in enumerate(turns) if t["role"] == "assistant" and t.get("weight", 1)]
    at = learnt[-1] if learnt else len(turns) - 1
    asked = turns[:at]
    said = [turn for turn in asked if turn["role"] == "user"]
    data, context = record.data, record.data.get("context") or {}
    return CheckedText(
        question=text_of(said[-1].get("content")) if said else "",
        prompt="\n\n".join(filter(None, map(spoken, asked))),
        answer=answer,
        reasoning=_reasoning(record, interface, turns[at]),
        context={str(k): readable(v) for k, v in context.items() if v is not None},
        documents=_documents(data),
        guidelines=str(data.get("guidelines") or ""),
        categories=dict(record.categories),
        intents=tuple(interface.answers_by_intent(record.record)),
        profile=profile,
        draft=_draft(record, interface, answer),
        lead_time_s=record.provenance.lead_time_s,
        updated_at=record.updated_at,
    )


def _reasoning(
    record: LabelledRecord, interface: Interface[Any], turn: Mapping[str, Any]
) -> tuple[str, ...]:
    parts: Sequence[str] = interface.reasoning_parts(record.record, record.data)
    thought = reasoning_of(turn)
    return tuple(parts) or ((thought,) if thought else ())


def _documents(data: Mapping[str, Any]) -> tuple[Document, ...]:
    found = data.get("documents") or ()
    return tuple(Document(str(d.get("title") or ""), str(d.get("text") or "")) for d in found)


def _draft(record: LabelledRecord, interface: Interface[Any], answer: str) -> str | None:
    if record.provenance.change == "unchanged":
        return answer
    drafted = "" if record.draft is None else interface.answer(record.draft).strip()
    return drafted or None
