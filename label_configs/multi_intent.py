"""`multi_intent`: answer every intent of a query, in the order that serves the user best."""

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from label_configs import items, validation
from label_configs.content import text_of
from label_configs.interface import Interface, ResultItem
from label_configs.lessons import with_answer_verdict
from label_configs.multi_intent_items import (
    SPANS,
    Intent,
    QuerySpan,
    is_span,
    read_row,
    read_spans,
    row_items,
    row_names,
    span_items,
)
from label_configs.multi_intent_reply import SCHEMA, drafted_parts, text_or_blank, told_parts
from label_configs.reply import ReplyError, reply_object
from label_configs.visible_text import visible_text

OBJECT = "conversation"
SPARE_ROWS = 2  # beyond the drafted ones, for intents that the draft missed
_EMPTY_ROW = {"text": "Nothing was drafted here."}
_NOTHING_BEFORE = '<p class="lt-hint lt-nothing">The query opens the conversation.</p>'


@dataclass(frozen=True)
class MultiIntent:
    """The answer to a query with several intents, and the expert's judgement of its draft.

    Attributes:
        intents: in row order; `assembled` puts them in order of priority.
        spans: what in the query asks for what, in the query's order.
        opening: before the first segment.
        plan: what happens next, at the end.
        verdict: accept / edit / rewrite / reject, of the draft; None in a draft.
        note: for the team; never exported as training text.
        other: result items of controls that this interface does not know.
    """

    intents: tuple[Intent, ...] = ()
    spans: tuple[QuerySpan, ...] = ()
    opening: str = ""
    plan: str = ""
    verdict: str | None = None
    note: str = ""
    other: tuple[ResultItem, ...] = ()

    def __post_init__(self) -> None:
        # the page saves marks in the order in which they were made, which means nothing
        ordered = tuple(sorted(self.spans, key=lambda span: span.order))
        object.__setattr__(self, "spans", ordered)

    @property
    def first_to_last(self) -> list[Intent]:
        """What is answered, by priority; without one it comes last, equals in row order."""
        answered = [part for part in self.intents if part.segment.strip()]
        return sorted(answered, key=lambda p: (p.priority is None, p.priority or 0))


def assembled(record: MultiIntent) -> str:
    """The whole answer: opening, each segment under its lead by priority, plan.

    A lead stands on the line before its segment, so that a list below it stays a list.
    """
    segments = (
        "\n".join(filter(None, (p.lead.strip(), p.segment.strip()))) for p in record.first_to_last
    )
    paragraphs = [record.opening, *segments, record.plan]
    return "\n\n".join(text for text in (p.strip() for p in paragraphs) if text)


class MultiIntentInterface(Interface[MultiIntent]):
    """The query with its marked parts on the left, one row an intent on the right.

    The page makes its rows from task data, which no prediction can extend, so a draft's rows are
    written to `intents` in the task's data before the prediction is sent, with spare ones.
    """

    name: ClassVar[str] = "multi_intent"
    summary: ClassVar[str] = "answer every intent of a query, in order of priority"
    required: ClassVar[Mapping[str, str]] = {
        SPANS: "Labels",
        "intent_{{idx}}": "Choices",
        "segment_{{idx}}": "TextArea",
        "verdict": "Choices",
    }
    optional: ClassVar[Mapping[str, str]] = {
        "priority_{{idx}}": "Choices",
        "lead_{{idx}}": "TextArea",
        "opening": "TextArea",
        "plan": "TextArea",
        "note": "TextArea",
    }
    category_controls: ClassVar[Sequence[str]] = (SPANS, "intent_{{idx}}")
    instruction: ClassVar[str] = (
        "The last message holds one or more intents. Answer every one of them. Reply with JSON: "
        "opening (a sentence before the answers, or empty), intents (at most six, one for each "
        "thing that the user wants: intent, which is one of {intents}; "
        "quote, the words of the message that ask for it, copied exactly; "
        "priority, a number, 1 for what to answer first; lead, a few connecting words before the "
        "answer, or empty; segment, the answer to this intent alone) and plan (what happens next, "
        "or empty)."
    )
    example: ClassVar[Mapping[str, Any]] = {
        "id": "card-5",
        "messages": [
            {
                "role": "user",
                "content": "My card is lost. How do I freeze it, and what does a new one cost? "
                "I also asked twice last week and nobody answered.",
            }
        ],
        "context": {"customer_tier": "Plus", "fee_schedule": "Replacement card: GBP 5.00"},
    }
    reply_schema: ClassVar[Mapping[str, Any] | None] = SCHEMA
    drafted_fields: ClassVar[Mapping[str, Any]] = {"intents": [_EMPTY_ROW] * 3}

    @cached_property
    def choices(self) -> Sequence[str]:
        """The intents that the page offers."""
        control = self.config.control(SPANS)
        return control.choices if control else ()

    def check_conversation(self, messages: Sequence[Mapping[str, Any]], where: str) -> None:
        """Check that the user spoke last, since it is the user's query that is answered.

        Raises:
            LabelConfigError: somebody else did.
        """
        validation.check_ends_with_user(messages, where)

    def asked(self) -> str:
        return self.instruction.format(intents=", ".join(self.choices))

    def schema(self) -> Mapping[str, Any]:
        """`reply_schema` with the intents that the page offers."""
        narrowed = copy.deepcopy(dict(self.reply_schema or {}))
        intent = narrowed["properties"]["intents"]["items"]["properties"]["intent"]
        intent["enum"] = list(self.choices)
        return narrowed

    def shown_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The query by itself as plain text, for spans count its characters; and what led to it."""
        *before, query = data["messages"]
        shown = super().shown_fields({**data, "messages": before})
        return {
            **shown,
            "conversation_html": shown["conversation_html"] or _NOTHING_BEFORE,
            "query": text_of(query["content"]),
        }

    def read_reply(self, reply: str, data: Mapping[str, Any]) -> MultiIntent:
        """The reply as JSON after `reply_schema`; anything else is refused, never coerced.

        Rows come in order of priority. An intent that the page does not offer stays open for
        the expert, and so does a quote that the query does not hold.
        """
        raw = reply_object(reply)
        query = text_of(data["messages"][-1]["content"])
        try:
            opening, plan = text_or_blank(raw["opening"]), text_or_blank(raw["plan"])
            intents, spans = drafted_parts(raw["intents"], query, self.choices)
        except (ValueError, KeyError, TypeError) as error:
            raise ReplyError(f"the model's reply is not the JSON asked for ({error})") from error
        return MultiIntent(intents=intents, spans=spans, opening=opening, plan=plan)

    def answer(self, record: MultiIntent) -> str:
        return assembled(record)

    def separate_answers(self, record: MultiIntent) -> tuple[str, ...]:
        segments = tuple(part.segment for part in record.intents if part.segment.strip())
        return segments or (self.answer(record),)

    def answers_by_intent(self, record: MultiIntent) -> Sequence[tuple[str, str]]:
        """By priority, then those without an answer; none where a reviewer wrote it as one text."""
        answered = [(part.intent or "", part.segment.strip()) for part in record.first_to_last]
        named = [*(part.intent for part in record.intents), *(s.intent for s in record.spans)]
        left = dict.fromkeys(i for i in named if i and i not in dict(answered))
        return [*answered, *((intent, "") for intent in left)] if answered else ()

    def task_patch(self, record: MultiIntent) -> dict[str, Any]:
        drafted = [{"text": part.segment} for part in record.intents]
        return {"intents": drafted + [_EMPTY_ROW] * SPARE_ROWS}

    def task_labels(self, record: MultiIntent) -> dict[str, tuple[str, ...]]:
        """The intents that are answered, by priority, then those that are only marked."""
        if record.verdict == "reject":  # nobody went on to put the draft's right
            return {}
        found = [*(part.intent for part in record.first_to_last), *(s.intent for s in record.spans)]
        told = tuple(dict.fromkeys(intent for intent in found if intent))
        return {SPANS: told} if told else {}

    def encode(self, record: MultiIntent) -> list[ResultItem]:
        built: list[ResultItem] = []
        if record.opening:
            built.append(items.textarea("opening", OBJECT, record.opening))
        built += row_items(record.intents)
        built += span_items(record.spans)
        if record.plan:
            built.append(items.textarea("plan", OBJECT, record.plan))
        if record.verdict is not None:
            built.append(items.choices("verdict", OBJECT, record.verdict))
        if record.note:
            built.append(items.textarea("note", OBJECT, record.note))
        return [*built, *(dict(item) for item in record.other)]

    def decode(self, results: Sequence[Mapping[str, Any]]) -> MultiIntent:
        rows = row_names(results)
        known = {"opening", "plan", "verdict", "note", *(name for row in rows for name in row)}
        found = items.find([item for item in results if not is_span(item)], known)
        return MultiIntent(
            intents=tuple(read_row(found, names) for names in rows),
            spans=tuple(span for item in results if is_span(item) for span in read_spans(item)),
            opening=found.text("opening"),
            plan=found.text("plan"),
            verdict=found.choice("verdict"),
            note=found.text("note"),
            other=found.other,
        )

    def accepted_answer(self, record: MultiIntent, data: Mapping[str, Any]) -> str | None:
        return None if record.verdict == "reject" else visible_text(assembled(record)) or None

    def with_answer(self, record: MultiIntent, text: str) -> MultiIntent | None:
        """The whole text stands in the opening: nobody said which part of it answers what."""
        intents = tuple(replace(part, lead="", segment="") for part in record.intents)
        said = with_answer_verdict(record.verdict)
        amended = replace(record, opening=text, intents=intents, plan="", verdict=said)
        return amended if visible_text(text) else None

    def example_reply(self, record: MultiIntent, data: Mapping[str, Any]) -> str | None:
        """The segments as JSON; None when one of them answers no intent that the page offers."""
        query = text_of(data["messages"][-1]["content"])
        parts = told_parts(record.first_to_last, record.spans, query, self.choices)
        if self.accepted_answer(record, data) is None or not parts:
            return None
        told = {"opening": record.opening.strip(), "intents": parts, "plan": record.plan.strip()}
        return json.dumps(told, ensure_ascii=False)


interface = MultiIntentInterface()
