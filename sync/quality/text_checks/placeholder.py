"""Answers that somebody meant to fill in later: nothing said, a stand-in, the question again.

What redaction left in place of personal data is meant, and so is a blank that the task holds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from sync.common.languages import without_code
from sync.quality.blanks.filler import filler_in, made_up_sites
from sync.quality.blanks.marked import marked_blanks
from sync.quality.blanks.notes import notes_to_fill_in
from sync.quality.blanks.signs import unlabelled_blanks
from sync.quality.blanks.stand_ins import stands_in
from sync.quality.text_checks.checked_text import CheckedText, TextFault

# capitals that stand for something to come, or are an abbreviation of the field's
_UNDECIDED = re.compile(r"(?<![\w,/])(?:TBD|TODO|FIXME|XXX)(?![\w/])(?! syndrome)")
_ABBREVIATIONS = {
    "TBD": re.compile(r"\bt(?!o be)\w+[ -]b\w+[ -]d\w+", re.IGNORECASE),
    "TBC": re.compile(r"\bt(?!o be)\w+[ -]b\w+[ -]c\w+", re.IGNORECASE),
    "TBA": re.compile(r"\bt(?!o be)\w+[ -]b\w+[ -]a\w+", re.IGNORECASE),
    "XXX": re.compile(r"\btriple.x\b", re.IGNORECASE),
}
_ADDRESS = re.compile(
    r"\b(?:https?://|www\.)(?!(?:www\.)?[\[<{])\S+|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
# answers at least this like the question say it again; a shorter one is no sentence
_SAME, _LEAST = 94.0, 20
_SHOWN = 60


@dataclass(frozen=True)
class PlaceholderAnswer:
    """Answers that are a placeholder or hold one, and those that repeat the question.

    Attributes:
        allowed: placeholders that are meant, as they stand in the answer: "[Your name]" in a
            letter to be filled in.
    """

    allowed: tuple[str, ...] = ()

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        if not text.answer.strip():
            return  # `incomplete` says so
        whole = stands_in(text.answer)
        if whole is not None:
            yield TextFault(f"the answer says nothing ({whole}); write it, or reject", 0.0, "error")
            return
        if _repeats(text):
            yield TextFault("the answer repeats the question; answer it, or reject", 0.0, "error")
            return
        found = [mark for mark in _marks(text) if mark not in self.allowed]
        if found:
            said = ", ".join(f"{mark!r}" for mark in dict.fromkeys(found[:3]))
            yield TextFault(f"the answer still holds {said}; fill it in, or take it out", 0.1)


def _repeats(text: CheckedText) -> bool:
    answer, question = _plain(text.answer), _plain(text.question)
    if len(question) < _LEAST or not 0.8 < len(answer) / len(question) < 1.25:
        return False
    return ratio(answer, question) >= _SAME


def _plain(text: str) -> str:
    words = re.sub(r"[\W_]+", " ", text.lower()).split()
    without_role = words[1:] if words[:1] in (["question"], ["q"], ["user"]) else words
    return " ".join(without_role)


def _marks(text: CheckedText) -> list[str]:
    """What the answer holds that was to be filled in, and the task does not hold."""
    answer = without_code(text.answer)
    plain = _ADDRESS.sub(" ", answer)
    found = [
        *marked_blanks(plain),
        *notes_to_fill_in(plain),
        *filler_in(plain),
        *unlabelled_blanks(plain),
        *made_up_sites(answer),
        *_undecided(plain),
    ]
    if not found:
        return []
    given = (text.prompt, text.question, *text.context.values(), *(d.text for d in text.documents))
    told = "\n".join((text.answer, *given))
    for short, spelled_out in _ABBREVIATIONS.items():
        if any(short in mark for mark in found) and spelled_out.search(told):
            found = [mark for mark in found if short not in mark]
    return [mark[:_SHOWN] for mark in found if not any(mark in one for one in given)]


def _undecided(answer: str) -> Iterator[str]:
    found = _UNDECIDED.findall(answer)
    if len(found) == 1:
        yield found[0]
