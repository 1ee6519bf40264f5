"""An answer as training has it: text, or the assistant's turns where it is more than text."""

from collections.abc import Mapping, Sequence
from typing import Any

from label_configs.answer_pair import alike
from label_configs.content import spoken

Turns = Sequence[Mapping[str, Any]]
# a text alone; or turns, the first the assistant's: calls of tools, their results, what is said
TextOrTurns = str | Turns


def answer_turns(answer: TextOrTurns) -> list[dict[str, Any]]:
    """An answer as messages, the first of them the assistant's."""
    if isinstance(answer, str):
        return [{"role": "assistant", "content": answer}]
    return [dict(turn) for turn in answer]


def answer_text(answer: TextOrTurns) -> str:
    """An answer as one text, its calls of tools written on lines of their own."""
    return answer if isinstance(answer, str) else "\n".join(filter(None, map(spoken, answer)))


def same_answer(one: TextOrTurns, another: TextOrTurns) -> bool:
    """Whether two answers differ in blanks and line breaks at most."""
    return alike(answer_text(one), answer_text(another))
