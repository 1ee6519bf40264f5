"""Personal data in finished work: what people typed, what a model wrote, what was never redacted.

Where `push` redacts, nothing of a finished task may hold any. Where it doesn't, the owner wants a
task's own texts as they are, so only what the answer adds to them is looked at.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from label_configs import Interface
from label_configs.answer_turns import answer_text
from label_configs.task_tools import tools_of
from sync.intake.redaction.placeholders import (
    PLACEHOLDER,
    Spans,
    kinds_of,
    placeholders_in,
    spans_in,
)
from sync.intake.redaction.spans import analysis
from sync.records import LabelledRecord
from sync.settings.redaction import RedactionSection

# what an answer mostly says on purpose: a page, a setting, a place; `entities` may name them
_CONTENT = frozenset({"URL", "IP_ADDRESS", "LOCATION", "ORGANIZATION", "NRP", "DATE_TIME"})
# as people say it; others by presidio's name
_NAMES = {
    "EMAIL_ADDRESS": "e-mail address",
    "PHONE_NUMBER": "phone number",
    "CREDIT_CARD": "card number",
    "IBAN_CODE": "IBAN",
    "US_SSN": "social security number",
    "IP_ADDRESS": "IP address",
    "MAC_ADDRESS": "MAC address",
    "CRYPTO": "wallet address",
    "URL": "web address",
    "PERSON": "name",
}

EntityKinds = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FoundData:
    """How many personal values of each entity one finished task holds, never the values.

    Attributes:
        answer: in what the expert wrote or accepted.
        task: in the task's own texts, where `push` redacts.
        draft: in the draft alone, which formats with bad answers hold.
        invented: what looks like a placeholder in the answer, and stands for nothing in the task.
    """

    answer: EntityKinds
    task: EntityKinds
    draft: EntityKinds
    invented: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.answer or self.task or self.draft or self.invented)


@dataclass(frozen=True)
class SeenTexts:
    """The personal values of one task and where they stand, so that placeholders can be put there.

    Attributes:
        kinds: value -> entity, of all of its texts.
        spans: of each text under each name.
        texts: everything that was looked at.
    """

    kinds: Mapping[str, str]
    spans: Spans
    texts: Mapping[str, Any]


@dataclass(frozen=True)
class PersonalData:
    """Looks for personal data in finished work, as a project's settings have it.

    Attributes:
        settings: of redaction, with the entities that count here.
        redacted: whether `push` redacts.
        values: whether values are looked for, or invented placeholders only.
        drafts: whether drafts are looked at, too.
    """

    settings: RedactionSection
    redacted: bool
    values: bool = True
    drafts: bool = True

    @classmethod
    def of(cls, settings: RedactionSection, *, values: bool = True) -> Self:
        """The search that `[cleaning.redaction]` asks for."""
        return cls(for_answers(settings), settings.on, values)

    def in_record(self, record: LabelledRecord, interface: Interface[Any]) -> FoundData | None:
        """Look for personal data in a finished task; None where there is none.

        Raises:
            ConfigError: an entity is unknown, or the spaCy model isn't installed.
        """
        answers = answer_texts(record, interface)
        if not self.values:
            invented = self.invented(record, answers)
            return FoundData({}, {}, {}, invented) if invented else None
        own = own_texts(record, interface)
        answer = self._kinds({"answers": answers, **with_calls(record, interface)})
        draft = self._kinds({"answers": self._drafts(record, interface)})
        task = self._kinds(own) if self.redacted else {}
        known = _bare(str(own)) if not self.redacted and (answer or draft) else ""
        found = FoundData(
            answer=_counted(answer, without=known),
            task=_counted(task),
            draft=_counted({v: e for v, e in draft.items() if v not in answer}, without=known),
            invented=self.invented(record, answers),
        )
        return found or None

    def invented(self, record: LabelledRecord, answers: Iterable[str]) -> tuple[str, ...]:
        """The placeholders in answers that the task's data does not have."""
        if not self.redacted:
            return ()
        used = {mark for text in answers if "<" in text for mark in PLACEHOLDER.findall(text)}
        return tuple(sorted(used - placeholders_in(dict(record.data)))) if used else ()

    def seen(self, record: LabelledRecord, interface: Interface[Any]) -> SeenTexts:
        """Find all personal data in the texts that an export may write of a finished task.

        Raises:
            ConfigError: see `in_record`.
        """
        answers = [*answer_texts(record, interface), *self._drafts(record, interface)]
        beside = with_calls(record, interface, self.drafts)
        texts = {**own_texts(record, interface), "answers": answers, **beside}
        spans = spans_in(texts, analysis(self.settings).spans)
        return SeenTexts(kinds_of(spans), spans, texts)

    def _drafts(self, record: LabelledRecord, interface: Interface[Any]) -> list[str]:
        wanted = self.drafts and record.draft is not None
        return [interface.written(record.draft)] if wanted else []

    def _kinds(self, texts: Mapping[str, Any]) -> dict[str, str]:
        return kinds_of(spans_in(texts, analysis(self.settings).spans))


def for_answers(settings: RedactionSection) -> RedactionSection:
    """The settings for texts that people wrote to be read by others.

    Where `entities` names none, pages and places are no personal data here.
    """
    kept = tuple(e for e in settings.wanted if settings.entities or e not in _CONTENT)
    return settings.model_copy(update={"entities": kept})


def own_texts(record: LabelledRecord, interface: Interface[Any]) -> dict[str, Any]:
    """The fields of a task's own data that a prompt can hold; not guidelines, the project's."""
    inputs = interface.inputs(record.data)
    kept = {key: inputs[key] for key in inputs if key not in ("guidelines", "categories")}
    tools = tools_of(record.data)
    return {**kept, "tools": list(tools)} if tools else kept


def answer_texts(record: LabelledRecord, interface: Interface[Any]) -> list[str]:
    """What the expert wrote or accepted."""
    written = [interface.written(record.record)]
    written += _of_pairs(record, interface, None)
    return list(dict.fromkeys(filter(None, written)))


def with_calls(
    record: LabelledRecord, interface: Interface[Any], drafts: bool = False
) -> dict[str, Any]:
    """The turns that call tools or tell their reasoning, whose values have names; often none.

    Args:
        drafts: those of answers that are worse than another, too.
    """
    data = record.data
    turns: list[Mapping[str, Any]] = [*(interface.training_turns(record.record, data) or ())]
    if tools_of(data):
        draft = record.draft if drafts else None
        pairs = interface.preference_pairs(record.record, data, draft)
        judged = interface.judged_answers(record.record, data, draft)
        answers = [a for pair in pairs for a in (pair.chosen, pair.rejected)]
        answers += (each.answer for each in judged)
        turns += (turn for answer in answers if not isinstance(answer, str) for turn in answer)
    told = [turn for turn in turns if turn.get("tool_calls") or turn.get("reasoning_content")]
    return {"turns": told} if told else {}


def _of_pairs(record: LabelledRecord, interface: Interface[Any], draft: Any) -> list[str]:
    pairs = interface.preference_pairs(record.record, record.data, draft)
    return [answer_text(a) for pair in pairs for a in (pair.chosen, pair.rejected)]


def _counted(kinds: Mapping[str, str], without: str = "") -> Counter[str]:
    return Counter(e for value, e in kinds.items() if not without or _bare(value) not in without)


def _bare(text: str) -> str:
    """The text without signs and case, since people write one number in many ways."""
    return re.sub(r"\W", "", text).casefold()


def said(kinds: EntityKinds) -> str:
    """Kinds and how many of each, for people: `e-mail address (2), phone number`."""
    named = ((_NAMES.get(e, e.lower().replace("_", " ")), n) for e, n in sorted(kinds.items()))
    return ", ".join(f"{name} ({n})" if n > 1 else name for name, n in named)
