"""A task's context as the model reads it: the same words when drafting and in training files."""

import json
from collections.abc import Mapping
from typing import Any


def context_text(context: Mapping[str, Any]) -> str:
    """`Context:` and one line a fact; empty where there are no facts.

    Args:
        context: names to facts; a fact that is no text is written as JSON, an absent one left out.
    """
    facts = [f"- {name}: {_readable(fact)}" for name, fact in context.items() if fact is not None]
    return "\n".join(["Context:", *facts]) if facts else ""


def _readable(fact: Any) -> str:
    return fact if isinstance(fact, str) else json.dumps(fact, ensure_ascii=False)
