"""Marks of who speaks that were left in an answer, as of a prompt that was copied with it.

The tokens of chat templates are `leftover`'s matter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.text_checks.checked_text import CheckedText, TextFault

_FENCED = re.compile(r"^[ \t>]*(`{3,}|~{3,}).*?(?:^[ \t>]*\1|\Z)", re.DOTALL | re.MULTILINE)
_ROLE = r"(?:assistant|ai assistant|ai|bot|chatbot|chatgpt|gpt-?\d?|model|llm|claude|gemini|llama)"
_ASKER = r"(?:user|human|system|prompt|instruction|question|customer|client|patient|q)"
_AT_THE_START = re.compile(
    rf"\s*(?:[*_#]{{0,4}} ?)(?:{_ROLE}|(?:final )?(?:answer|response|output|reply)|a)[*_]{{0,3}}:"
    r"[*_]{0,3}(?=\s)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"^[ \t>]*[*_#]{{0,4}} ?(?P<role>{_ROLE}|{_ASKER})[*_]{{0,3}} ?:[*_]{{0,3}}(?=\s|$)",
    re.IGNORECASE | re.MULTILINE,
)
_SECTION = re.compile(
    r"^[ \t]*#{2,4} ?(?:instructions?|response|input|output|human|assistant|user|system)[ \t]*:"
    r"|^[ \t]*#{2,4} ?(?:human|assistant|user)[ \t]*$"
    r"|^[ \t]*</?(?:system|user|assistant|human|instruction|response|prompt)>"
    r"|^[ \t]*\[/?(?:system|user|assistant|human|inst)\](?!\()"
    r"|^[ \t]*\{?['\"]role['\"] ?: ?['\"](?:user|assistant|system)['\"]",
    re.IGNORECASE | re.MULTILINE,
)
_OF_A_MODEL = re.compile(rf"{_ROLE}|user|human|system", re.IGNORECASE)


@dataclass(frozen=True)
class RoleMarker:
    """Answers with the name of a role before them, or a further turn in them.

    Attributes:
        allowed: marks that are meant, without their colon: "Answer".
    """

    allowed: tuple[str, ...] = ()

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        answer = _FENCED.sub("", text.answer)
        allowed = {mark.strip(" :").lower() for mark in self.allowed}
        for found in (_section(answer), _before(answer), _further_turn(answer)):
            if found is not None and found.strip(" :*_#").lower() not in allowed:
                yield TextFault(
                    f"the answer holds {found!r}, which marks who speaks in a prompt; take it out, "
                    "and what of the prompt stands with it",
                    0.1,
                    "error",
                )
                return


def _section(answer: str) -> str | None:
    found = _SECTION.search(answer)
    return found[0].strip() if found else None


def _before(answer: str) -> str | None:
    found = _AT_THE_START.match(answer)
    if found is None:
        return None
    name = found[0].strip(" :*_#\n").lower()
    if name == "a" and "\n" in answer.strip():
        return None  # an item of a list
    # a label of one of several parts, as "Answer:" before "Explanation:"
    labels = re.findall(r"^[*_#]{0,4} ?[A-Z][\w ]{1,24}[*_]{0,3}:", answer, re.MULTILINE)
    return None if len(labels) > 1 and not _OF_A_MODEL.fullmatch(name) else found[0].strip()


def _further_turn(answer: str) -> str | None:
    """A turn of a model's, or one of the user's and then one of the assistant's."""
    roles = [(m["role"].lower(), m[0].strip()) for m in _BETWEEN.finditer(answer)]
    names = {role for role, _ in roles}
    asked = names & {"user", "human"}
    answered = names & {"assistant", "ai assistant", "ai", "bot", "chatbot", "chatgpt", "model"}
    if len(roles) == 1 and asked:
        return roles[0][1]
    if asked and answered:
        return next(said for role, said in roles if role in asked | answered)
    return None
