"""Marks of who speaks that were left in an answer, as of a prompt that was copied with it.

Tokens of chat templates are looked for here and by `leftover`, which looks at every learnt turn.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.text_checks.checked_text import CheckedText, TextFault
from sync.quality.text_checks.speakers import speaker_left
from sync.quality.text_checks.template_tokens import template_tokens

_FENCED = re.compile(r"^[ \t>]*(`{3,}|~{3,}).*?(?:^[ \t>]*\1|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class RoleMarker:
    """Answers with the name of a role before them, or a further turn in them.

    Attributes:
        allowed: marks that are meant, without their colon: "Answer".
    """

    allowed: tuple[str, ...] = ()

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        answer = _FENCED.sub("", text.answer)
        allowed = {_bare(mark) for mark in self.allowed}
        for found in (*template_tokens(answer), speaker_left(answer, text.question)):
            if found is not None and _bare(found) not in allowed and not _is_asked(found, text):
                yield TextFault(
                    f"the answer holds {found!r}, which marks who speaks in a prompt; take it out, "
                    "and what of the prompt stands with it",
                    0.1,
                    "error",
                )
                return


def _bare(mark: str) -> str:
    return mark.strip(" :：*_#").lower()


def _is_asked(mark: str, text: CheckedText) -> bool:
    """Whether the question is about the mark: it holds it among other words."""
    return mark[:1] in "<[|#{" and mark in text.question
