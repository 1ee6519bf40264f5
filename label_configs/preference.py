"""`preference`: two answers to a conversation side by side; which is better, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from label_configs import items
from label_configs.answer_pair import (
    Answer,
    AnswerPair,
    alike,
    check_answers,
    in_order,
    task_pair,
)
from label_configs.interface import DraftVerdict, Interface, ResultItem
from label_configs.lessons import JudgedAnswer, PreferencePair, judged, preferred
from label_configs.preference_sides import (
    PREFERRED,
    SCALE,
    SIDES,
    SLIGHT,
    PreferenceRecord,
    drafted_text,
    final_text,
    kept_side,
    other_side,
    same_lines,
)
from label_configs.reply import ReplyError, reply_answer
from label_configs.task_views import TaskView
from label_configs.visible_text import visible_text

__all__ = ["PreferencePair", "PreferenceRecord", "interface"]

OBJECT = "conversation"


class PreferenceInterface(Interface[PreferenceRecord]):
    """The conversation, two rendered answers in equal columns, and one scale between them.

    Which answer stands on which side is recorded in the task's data as `pair`, with the source
    of each: {"left": {"text", "source"}, "right": {…}}. The page never shows a source.
    """

    name: ClassVar[str] = "preference"
    summary: ClassVar[str] = "choose the better of two answers, for preference training"
    required: ClassVar[Mapping[str, str]] = {
        "left": "TextArea",
        "right": "TextArea",
        "preference": "Choices",
    }
    optional: ClassVar[Mapping[str, str]] = {
        "criteria": "Choices",
        "reason": "TextArea",
        "category": "Choices",
    }
    category_controls: ClassVar[Sequence[str]] = ("category",)
    label_controls: ClassVar[Sequence[str]] = ("preference", "category")
    # "both bad" lies on no side of it
    ordered_controls: ClassVar[Mapping[str, Sequence[str]]] = {"preference": SCALE}
    task_views: ClassVar[Sequence[TaskView]] = (
        TaskView("both_bad", "Both bad", "preference", "both bad"),
    )
    example: ClassVar[Mapping[str, Any]] = {
        "id": "card-3",
        "messages": [
            {"role": "user", "content": "My card is lost. What now?"},
            {"role": "assistant", "content": "Have you frozen it in the app?"},
            {"role": "user", "content": "Yes. What does a new one cost?"},
        ],
        "context": {"customer_tier": "Plus"},
        "documents": [
            {"title": "Fee schedule, April", "text": "Replacement card: GBP 5.00, free on Premium."}
        ],
        "answers": [
            {"text": "A new card costs **GBP 5.00** on Plus.", "source": "support-v2"},
            {"text": "New cards are free of charge.", "source": "support-v1"},
        ],
    }
    drafted_fields: ClassVar[Mapping[str, Any]] = {"pair": {}}
    samples_for_a_draft: ClassVar[int] = 2

    def check_task(self, data: Mapping[str, Any], where: str = "task") -> None:
        super().check_task(data, where)
        check_answers(data.get("answers"), where)

    def shown_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        pair = task_pair(data)
        return {**super().shown_fields(data), "pair": pair.to_json(), **pair.html()}

    def inputs(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {**super().inputs(data), "answers": data.get("answers") or []}

    def read_reply(self, reply: str, data: Mapping[str, Any]) -> PreferenceRecord:
        """The whole reply is one answer, on the left until `assemble`; an empty one is refused."""
        return PreferenceRecord(left=reply_answer(reply))

    def attributed(self, record: PreferenceRecord, source: str) -> PreferenceRecord:
        return replace(record, sources=(source, ""))

    def assemble(
        self, drafts: Sequence[PreferenceRecord], data: Mapping[str, Any]
    ) -> PreferenceRecord:
        """The most central sample beside another model's most typical, or else the most distant."""
        central, model = drafts[0].left, drafts[0].sources[0]
        others = [d for d in drafts if d.sources[0] != model and not alike(d.left, central)]
        if others:
            rival = others[0].sources[0]
            pair = Answer(central, model), Answer(others[0].left, rival)
            return _draft(in_order(data["messages"], *pair))
        distant = next((d.left for d in reversed(drafts) if not alike(d.left, central)), None)
        if distant is None:
            raise ReplyError(
                "the model's replies are all alike, so there is nothing to compare; "
                "raise llm.temperature or llm.samples"
            )
        return _draft(
            in_order(
                data["messages"],
                Answer(central, "central sample"),
                Answer(distant, "distant sample"),
            )
        )

    def own_draft(self, data: Mapping[str, Any]) -> PreferenceRecord | None:
        return _draft(task_pair(data)) if data.get("answers") else None

    def answer(self, record: PreferenceRecord) -> str:
        return "\n\n".join(text for text in (record.left, record.right) if text)

    def task_patch(self, record: PreferenceRecord) -> dict[str, Any]:
        left_source, right_source = record.sources
        pair = AnswerPair(Answer(record.left, left_source), Answer(record.right, right_source))
        return {"pair": pair.to_json(), **pair.html()}

    def encode(self, record: PreferenceRecord) -> list[ResultItem]:
        texts = {"left": record.left, "right": record.right, "reason": record.reason}
        built = [items.textarea(name, OBJECT, text) for name, text in texts.items() if text]
        if record.preference is not None:
            built.append(items.choices("preference", OBJECT, record.preference))
        if record.criteria:
            built.append(items.choices("criteria", OBJECT, *record.criteria))
        if record.category is not None:
            built.append(items.choices("category", OBJECT, record.category))
        return [*built, *(dict(item) for item in record.other)]

    def decode(self, results: Sequence[Mapping[str, Any]]) -> PreferenceRecord:
        found = items.find(results, {**self.required, **self.optional})
        return PreferenceRecord(
            left=found.text("left"),
            right=found.text("right"),
            preference=found.choice("preference"),
            criteria=found.choices("criteria"),
            reason=found.text("reason"),
            category=found.choice("category"),
            other=found.other,
        )

    def accepted_answer(self, record: PreferenceRecord, data: Mapping[str, Any]) -> str | None:
        """The preferred side as edited; if neither is preferred, the only one that was edited."""
        side = kept_side(record, data)
        return (final_text(record, data, side) or None) if side else None

    def pair(self, record: PreferenceRecord, data: Mapping[str, Any]) -> PreferencePair | None:
        """Chosen and rejected, or None when the expert told no two answers apart.

        Where neither side was preferred but one was edited, its own draft is what was rejected.
        """
        side = kept_side(record, data)
        if side is None:
            return None
        worse = side if record.preference not in PREFERRED else other_side(side)
        chosen, rejected = final_text(record, data, side), drafted_text(data, worse)
        if not chosen or not rejected or same_lines(chosen, rejected):
            return None
        return PreferencePair(chosen, rejected, record.preference in SLIGHT)

    def preference_pairs(
        self, record: PreferenceRecord, data: Mapping[str, Any], draft: PreferenceRecord | None
    ) -> list[PreferencePair]:
        pair = self.pair(record, data)
        found = pair and preferred(pair.chosen, pair.rejected, pair.slight)
        return [found] if found else []

    def judged_answers(
        self, record: PreferenceRecord, data: Mapping[str, Any], draft: PreferenceRecord | None
    ) -> list[JudgedAnswer]:
        """What was kept is good; bad is the clearly worse side, and both of "both bad".

        An answer that is slightly worse may be good enough, and a tie says that two are alike, not
        that they are good.
        """
        bad: list[str] = []
        if record.preference == "both bad":
            bad = [drafted_text(data, side) for side in SIDES]
        elif record.preference in PREFERRED and record.preference not in SLIGHT:
            bad = [drafted_text(data, other_side(PREFERRED[record.preference]))]
        return judged([self.accepted_answer(record, data)], bad)

    def draft_verdict(
        self, record: PreferenceRecord, data: Mapping[str, Any]
    ) -> DraftVerdict | None:
        """Both were rejected where they are bad and neither was put right; else the texts tell."""
        rejected = record.preference == "both bad" and kept_side(record, data) is None
        return "reject" if rejected else None

    def missing(self, record: PreferenceRecord, data: Mapping[str, Any]) -> str | None:
        return "nobody said which answer is better" if record.preference is None else None

    def with_answer(self, record: PreferenceRecord, text: str) -> PreferenceRecord | None:
        """The preferred side with another text; None where neither is preferred."""
        side = PREFERRED.get(record.preference)
        if side is None or not visible_text(text):
            return None
        return replace(record, left=text) if side == "left" else replace(record, right=text)


def _draft(pair: AnswerPair) -> PreferenceRecord:
    sources = (pair.left.source, pair.right.source)
    return PreferenceRecord(pair.left.text, pair.right.text, sources=sources)


interface = PreferenceInterface()
