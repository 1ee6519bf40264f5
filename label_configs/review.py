"""`review`: a second pass over finished work; approve an answer, amend it, or reject them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from label_configs import items, review_task
from label_configs.errors import LabelConfigError
from label_configs.interface import DraftVerdict, Interface, ResultItem
from label_configs.lessons import JudgedAnswer, PreferencePair, judged, preferred
from label_configs.reply import reply_answer
from label_configs.review_place import place_of
from label_configs.review_task import DECISIONS, LETTERS, ListedAnswer, newest
from label_configs.visible_text import visible_text

OBJECT = "conversation"


@dataclass(frozen=True)
class Review:
    """What a reviewer decided about the answers to one task.

    Attributes:
        decision: approve / amend / reject; None in a draft.
        best: which answer is approved, by its place on the page (0 is A). `chosen_answer` finds
            it in the task.
        amended: the answer as it should be; counts only with `amend`, else it is as drafted.
        reason: why it was amended or rejected; for the team, never exported as an answer.
        error_kinds: factual, incomplete, tone, unsafe, format, guideline not followed.
        note: for the team; never exported as training text.
        other: result items of controls that this interface does not know, kept as they came.
    """

    decision: str | None = None
    best: int | None = None
    amended: str = ""
    reason: str = ""
    error_kinds: tuple[str, ...] = ()
    note: str = ""
    other: tuple[ResultItem, ...] = ()


class ReviewInterface(Interface[Review]):
    """The conversation on the left; why it was sent, the answers and the decision on the right.

    A blind task (`blind` is true) shows letters for names, in an order that tells nothing, also in
    what the checks found; a bare number there can't be told from any other, so a finding must name
    nobody by one. Whoever turns the Data Manager's `answers` column on sees the names.
    """

    name: ClassVar[str] = "review"
    summary: ClassVar[str] = "approve, amend or reject answers that annotators gave"
    required: ClassVar[Mapping[str, str]] = {
        "decision": "Choices",
        "best": "Choices",
        "amended": "TextArea",
        "reason": "TextArea",
    }
    optional: ClassVar[Mapping[str, str]] = {"error_kinds": "Choices", "note": "TextArea"}
    label_controls: ClassVar[Sequence[str]] = ("decision",)
    ordered_controls: ClassVar[Mapping[str, Sequence[str]]] = {"decision": DECISIONS}
    example: ClassVar[Mapping[str, Any]] = {
        "id": "review-card-1",
        "reviewed_id": "card-1",
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
            {
                "text": "A replacement card costs **GBP 5.00** on your plan.",
                "annotator": "ana@example.org",
                "verdict": "edit",
                "written_at": "2026-11-20T09:14:00Z",
            },
            {
                "text": "It is free of charge. You will have it in 3 to 5 working days.",
                "annotator": "bo@example.org",
                "verdict": "accept",
                "written_at": "2026-11-20T11:02:00Z",
            },
        ],
        "findings": [
            {
                "check": "contradictions",
                "message": "The answers name different fees.",
                "score": 0.18,
            }
        ],
        "sent_because": "two annotators disagree",
        "blind": True,
    }

    def check_task(self, data: Mapping[str, Any], where: str = "task") -> None:
        super().check_task(data, where)
        review_task.check_review(data, where)

    def shown_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **super().shown_fields(data),
            "shown_order": review_task.shown_order(data),
            "findings_html": review_task.findings_html(data),
            "answers_html": review_task.answers_html(data),
            "best_choices": review_task.best_choices(data),
        }

    def read_reply(self, reply: str, data: Mapping[str, Any]) -> Review:
        """The whole reply is an amended answer; an empty one is refused."""
        return Review(amended=reply_answer(reply))

    def own_draft(self, data: Mapping[str, Any]) -> Review | None:
        """The newest answer, ready to be amended; the first one shown where times are unknown.

        Blind it is the first, since the newest would tell a time. An only answer is the best one.
        """
        shown = review_task.shown_answers(data)
        if not shown:
            return None
        start = shown[0] if data.get("blind") else newest(shown)
        return Review(best=0 if len(shown) == 1 else None, amended=start["text"])

    def own_score(self, data: Mapping[str, Any]) -> float | None:
        """As its queue puts it; None where no queue does."""
        return place_of(data).order

    def answer(self, record: Review) -> str:
        return record.amended

    def encode(self, record: Review) -> list[ResultItem]:
        """Result items of a record.

        Raises:
            LabelConfigError: `best` is beyond the letters that the page gives out.
        """
        built: list[ResultItem] = []
        if record.decision is not None:
            built.append(items.choices("decision", OBJECT, record.decision))
        if record.best is not None:
            built.append(items.choices("best", OBJECT, _letter(record.best)))
        if record.amended:
            built.append(items.textarea("amended", OBJECT, record.amended))
        if record.reason:
            built.append(items.textarea("reason", OBJECT, record.reason))
        if record.error_kinds:
            built.append(items.choices("error_kinds", OBJECT, *record.error_kinds))
        if record.note:
            built.append(items.textarea("note", OBJECT, record.note))
        return [*built, *(dict(item) for item in record.other)]

    def decode(self, results: Sequence[Mapping[str, Any]]) -> Review:
        found = items.find(results, {**self.required, **self.optional})
        return Review(
            decision=found.choice("decision"),
            best=_place(found.choice("best")),
            amended=found.text("amended"),
            reason=found.text("reason"),
            error_kinds=found.choices("error_kinds"),
            note=found.text("note"),
            other=found.other,
        )

    def chosen_answer(self, record: Review, data: Mapping[str, Any]) -> ListedAnswer | None:
        """The answer that was approved, as the task holds it (text, annotator, …), or None.

        Of several where the record names none, nobody said which is good: None, never the first.
        """
        if record.decision != "approve":
            return None
        shown = review_task.shown_answers(data)
        if record.best is None:
            return shown[0] if len(shown) == 1 else None
        return shown[record.best] if record.best < len(shown) else None

    def accepted_answer(self, record: Review, data: Mapping[str, Any]) -> str | None:
        """The approved or the amended text; None when rejected, undecided, or not said which."""
        if record.decision == "amend":
            return visible_text(record.amended) or None
        chosen = self.chosen_answer(record, data)
        return None if chosen is None else visible_text(chosen["text"]) or None

    def preference_pairs(
        self, record: Review, data: Mapping[str, Any], draft: Review | None
    ) -> list[PreferencePair]:
        """The approved answer against each other one, an amended one against what it began as."""
        # which is the answer that the reviewer named, or else the one that stood in the editor
        shown = review_task.shown_answers(data)
        worse = [answer["text"] for answer in shown]
        if record.decision == "amend":
            began = draft or self.own_draft(data) or Review()
            named = record.best is not None and record.best < len(worse)
            worse = [worse[record.best or 0] if named else began.amended]
        accepted = self.accepted_answer(record, data)
        pairs = (preferred(accepted, text.strip()) for text in dict.fromkeys(worse))
        return [pair for pair in pairs if pair is not None]

    def judged_answers(
        self, record: Review, data: Mapping[str, Any], draft: Review | None
    ) -> list[JudgedAnswer]:
        """The approved or amended text is good; bad is what was passed over or rejected.

        What was amended is neither, and nothing is where nobody said which answer is meant.
        """
        good = self.accepted_answer(record, data)
        passed_over = record.decision == "approve" and good is not None
        shown = [answer["text"].strip() for answer in review_task.shown_answers(data)]
        return judged([good], shown if passed_over or record.decision == "reject" else [])

    def draft_verdict(self, record: Review, data: Mapping[str, Any]) -> DraftVerdict | None:
        said: dict[str | None, DraftVerdict]
        said = {"approve": "accept", "amend": "edit", "reject": "reject"}
        return said.get(record.decision)

    def missing(self, record: Review, data: Mapping[str, Any]) -> str | None:
        if record.decision == "reject" or self.accepted_answer(record, data) is not None:
            return None
        lacks = {
            None: "nothing was decided",
            "approve": "nobody said which of the answers is approved",
        }
        return lacks.get(record.decision, "the amended answer is empty")

    def with_answer(self, record: Review, text: str) -> Review | None:
        return replace(record, decision="amend", amended=text) if visible_text(text) else None


def _letter(place: int) -> str:
    if not 0 <= place < len(LETTERS):
        raise LabelConfigError(
            f"best={place} names no answer, the page letters at most {len(LETTERS)}; correct it"
        )
    return LETTERS[place]


def _place(letter: str | None) -> int | None:
    if letter is None:
        return None
    if len(letter) != 1 or letter not in LETTERS:
        raise LabelConfigError(
            f"the choice {letter!r} of 'best' is no letter of an answer; "
            "correct or delete the annotation in Label Studio"
        )
    return LETTERS.index(letter)


interface = ReviewInterface()
