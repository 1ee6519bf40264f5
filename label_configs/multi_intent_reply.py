"""The parts of a query with several intents as a model drafts them."""

from collections.abc import Mapping, Sequence
from typing import Any

from label_configs.multi_intent_items import Intent, QuerySpan
from label_configs.reply import reply_answer, reply_text

MAX_INTENTS = 6
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "opening": {"type": "string"},
        "intents": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_INTENTS,
            "items": {
                "type": "object",
                "properties": {
                    "intent": {"type": "string"},
                    "quote": {"type": "string"},
                    "priority": {"type": "integer", "minimum": 1, "maximum": MAX_INTENTS},
                    "lead": {"type": "string"},
                    "segment": {"type": "string"},
                },
                "required": ["intent", "quote", "priority", "lead", "segment"],
                "additionalProperties": False,
            },
        },
        "plan": {"type": "string"},
    },
    "required": ["opening", "intents", "plan"],
    "additionalProperties": False,
}


def drafted_parts(
    raw: Any, query: str, choices: Sequence[str]
) -> tuple[tuple[Intent, ...], tuple[QuerySpan, ...]]:
    """The `intents` of a model's reply by priority, and the spans that they quote.

    Args:
        choices: the intents that there are; any other is left for the expert to say.

    Raises:
        ReplyError: a text is missing.
        ValueError, KeyError, TypeError: something else is not as the schema asks.
    """
    if not isinstance(raw, list) or not 1 <= len(raw) <= MAX_INTENTS:
        raise ValueError(f"expected a list of 1 to {MAX_INTENTS} intents")
    parts: list[Intent] = []
    spans: set[QuerySpan] = set()
    for drafted in sorted(raw, key=lambda part: _priority(part["priority"])):
        said, quote = reply_text(drafted["intent"]), text_or_blank(drafted["quote"])
        intent = said if said in choices else None
        span = QuerySpan.quoting(query, quote, intent) if intent else None
        spans |= {span} if span else set()
        lead, segment = text_or_blank(drafted["lead"]), reply_answer(drafted["segment"])
        parts.append(Intent(intent, drafted["priority"], lead, segment))
    return tuple(parts), tuple(spans)


def told_parts(
    answered: Sequence[Intent], spans: Sequence[QuerySpan], query: str, choices: Sequence[str]
) -> list[dict[str, Any]] | None:
    """The inverse of `drafted_parts`: the segments as a model would have drafted them.

    Args:
        answered: those with a segment, first to last.

    Returns:
        None when there are too many, or one whose intent the page does not offer.
    """
    if len(answered) > MAX_INTENTS or any(part.intent not in choices for part in answered):
        return None
    quotes: dict[str | None, list[str]] = {}
    for span in spans:
        quotes.setdefault(span.intent, []).append(query[span.start : span.end].strip())
    return [
        {
            "intent": part.intent,
            # several parts of one intent quote its marks in turn
            "quote": quotes[part.intent].pop(0) if quotes.get(part.intent) else "",
            "priority": place,
            "lead": part.lead.strip(),
            "segment": part.segment.strip(),
        }
        for place, part in enumerate(answered, start=1)
    ]


def text_or_blank(value: Any) -> str:
    """A text of a model's reply that may be blank.

    Raises:
        ReplyError: it is no text.
    """
    return "" if isinstance(value, str) and not value.strip() else reply_text(value)


def _priority(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_INTENTS:
        raise ValueError(f"a priority is a whole number from 1 to {MAX_INTENTS}")
    return value
