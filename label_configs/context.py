"""A task's context as the model reads it: the same words when drafting and in training files."""

import json
from collections.abc import Mapping, Sequence
from typing import Any


def context_text(context: Mapping[str, Any], documents: Sequence[Mapping[str, Any]] = ()) -> str:
    """`Context:` and one line a fact, then each document under its title; may be empty.

    Args:
        context: names to facts; a fact that is no text is written as JSON, an absent one left out.
        documents: title and text each.
    """
    facts = [f"- {name}: {readable(fact)}" for name, fact in context.items() if fact is not None]
    parts = ["\n".join(["Context:", *facts])] if facts else []
    parts += [
        f"Document {i}: {document['title']}\n{document['text']}"
        for i, document in enumerate(documents, start=1)
    ]
    return "\n\n".join(parts)


def readable(fact: Any) -> str:
    """A fact as text: as it is, or as JSON where it is no text."""
    return fact if isinstance(fact, str) else json.dumps(fact, ensure_ascii=False)
