"""A plausible draft for every interface, made the way the backend makes one."""

import json
import re
from collections.abc import Mapping
from typing import Any

from label_configs import Interface

_CARD = (
    "Thanks for freezing it, that keeps your money safe.\n\n"
    "A replacement card costs **GBP 5.00** on your plan and takes 3 to 5 working days.\n\n"
    "1. Open *Cards* in the app.\n2. Choose *Replace card*.\n3. Confirm your address."
)
_SHORT = "It costs GBP 5.00 and takes about a week. You can order it in the app, under Cards."


def _chain(steps: int) -> str:
    kinds = ["observation", "assumption", "intermediate conclusion", "final conclusion"]
    texts = [
        "It was frozen on Friday and billed on Saturday.",
        "The payment was made after the freeze, not merely booked late.",
        "A payment that was made after the freeze is not the customer's fault.",
        "The bank refunds the payment; the replacement card is charged as usual.",
    ]
    return json.dumps(
        {
            "steps": [{"text": texts[i % 4], "kind": kinds[i % 4]} for i in range(steps)],
            "answer": "You will not pay: we refund what was billed after you froze the card.",
        }
    )


def _intents(query: str) -> str:
    # a sentence each, or the same one twice
    first, *_, second = [part for part in re.split(r"(?<=[.?!])\s+", query) if part] * 2
    return json.dumps(
        {
            "opening": "Thanks for writing; there are two things here.",
            "intents": [
                {
                    "intent": intent,
                    "quote": quote,
                    "priority": priority,
                    "lead": lead,
                    "segment": segment,
                }
                for intent, quote, priority, lead, segment in (
                    ("how-to", first, 1, "First, your card.", "Freeze it in the app, under Cards."),
                    ("complaint", second, 2, "As for the wait:", "We are sorry; it was our fault."),
                )
            ],
            "plan": "Today: freeze the card. Within a week: the new one arrives.",
        }
    )


def drafted(interface: Interface[Any], data: Mapping[str, Any], steps: int = 4) -> Any:
    """A record as the backend would draft it for this task.

    Args:
        steps: of a reasoning chain.
    """
    own = interface.own_draft(data)
    if own is not None:
        return own
    query = str(data["messages"][-1]["content"])
    replies = {"reasoning_steps": [_chain(steps)], "multi_intent": [_intents(query)]}
    read = [interface.read_reply(r, data) for r in replies.get(interface.name, [_CARD, _SHORT])]
    return interface.assemble(read, data)
