"""Characters and white space in one form; code fences and indentation stay as they are.

- Line ends, also those of Unicode and the form feed, become a line feed.
- NFC: one code for one character. Not NFKC by default, which would rewrite formulas and code.
- Control and zero-width characters go. A joiner between two letters beyond ASCII stays: emoji and
  several scripts are spelled with it. So does what keeps a letter and an accent, or the parts of a
  Hangul syllable, from becoming another letter.
- Non-breaking and typographic spaces become spaces; blanks at a line's end go, but for Markdown's
  line break where Markdown is rendered.
- Three blank lines or more become two; none stay before the first and after the last line.

Inside a code fence only line ends and NUL, which no store takes, are changed.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Literal

from sync.common.task_texts import with_changed_texts
from sync.intake.cleaning.task_batches import TaskData

Form = Literal["NFC", "NFKC"]

_LINE_ENDS = re.compile("\r\n?")
_OTHER_LINE_ENDS = re.compile("[\v\f\x85\u2028\u2029]")
# characters; of a longer text the memory would cost more than looking again
_SHORT = 1000
# ASCII text without a match is in its form already
_UNTIDY = re.compile(r"[\0-\x08\x0b-\x1f\x7f]|[ \t]$|\n{4}|\A[ \t]*\n|\s\Z", re.MULTILINE)
_INVISIBLE = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff]+")
_NUL = re.compile("\0+")
# what a control character between a letter and an accent is replaced by
_ZERO_WIDTH_SPACE = "\u200b"
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_BLANKS = " \t\u3000"
# joiners that do not stand between two characters beyond ASCII
_JOINERS = "\u200c\u200d"
_JOINED = f"[^\0-\x7f\u3000{_JOINERS}]"
_STRAY_JOINERS = re.compile(f"(?<!{_JOINED})[{_JOINERS}]+|[{_JOINERS}]+(?!{_JOINED}|[{_JOINERS}])")
# the combining class of what takes a letter's vowel away in Indic scripts
_VIRAMA = 9
# in lists and quotations, too: a fence too many only leaves more as it is
_FENCE = re.compile(r"[ \t>]*(`{3,}(?=[^`]*\Z)|~{3,})")
_MOST_BLANK_LINES = 2


def normalised_task(data: TaskData, form: Form = "NFC") -> TaskData:
    """A task with every text in one form; the same object where it is already."""
    return with_changed_texts(
        data,
        plain=partial(normalised, form=form),
        markdown=partial(normalised, form=form, markdown=True),
    )


def _looks_tidy(text: str) -> bool:
    if not text.isascii():
        return False
    if text.isprintable():  # one line without tabs: only a blank at its end could be wrong
        return not text.endswith(" ")
    return not _UNTIDY.search(text)


# a task's texts are asked about again when it is compared with others
_is_tidy = lru_cache(maxsize=4096)(_looks_tidy)


def normalised(text: str, form: Form = "NFC", markdown: bool = False) -> str:
    """A text in one form; normalising that again changes nothing.

    Args:
        markdown: keep two blanks at a line's end, which break the line when it is rendered.
    """
    if _is_tidy(text) if len(text) <= _SHORT else _looks_tidy(text):
        return text
    lines = list(_normalised_lines(text, form))
    kept: list[str] = []
    blank = _MOST_BLANK_LINES  # none before the first line
    for i, (line, as_it_is) in enumerate(lines):
        if as_it_is:
            kept.append(line)
            blank = 0
        elif bare := line.rstrip(_BLANKS):
            breaks = markdown and line.endswith("  ") and _goes_on(lines, i)
            kept.append(bare + "  " if breaks else bare)
            blank = 0
        elif blank < _MOST_BLANK_LINES:
            kept.append("")
            blank += 1
    while kept and not kept[-1] and not lines[-1][1]:
        kept.pop()
    return "\n".join(kept)


def _goes_on(lines: list[tuple[str, bool]], i: int) -> bool:
    """Whether a further line of the same paragraph follows."""
    return i + 1 < len(lines) and bool(lines[i + 1][0].strip(_BLANKS))


def _normalised_lines(text: str, form: Form) -> Iterator[tuple[str, bool]]:
    """Each line, its characters in one form, and whether it stands in a fence as it is."""
    fence: str | None = None
    for raw in _NUL.sub(_let_go, _LINE_ENDS.sub("\n", text)).split("\n"):
        for part in [raw] if fence else _OTHER_LINE_ENDS.split(raw):
            if fence:
                closes = _closes(part, fence)
                fence = None if closes else fence
                yield part, not closes
            else:
                line = _normalised_characters(part, form)
                opening = _FENCE.match(line)
                fence = opening and opening[1]
                yield line, False


def _closes(line: str, fence: str) -> bool:
    marker = line.strip(" \t>")
    return len(marker) >= len(fence) and set(marker) == {fence[0]}


def _normalised_characters(line: str, form: Form) -> str:
    if line.isascii():
        return _INVISIBLE.sub("", line)
    # what goes may have kept others apart, or stood between one and the line's beginning
    while (once := _looked_at_once(line, form)) != line:
        line = once
    return line


def _looked_at_once(line: str, form: Form) -> str:
    # first the form: a composed character may hide an ASCII one from the rule on joiners
    line = unicodedata.normalize(form, _SPACES.sub(" ", _INVISIBLE.sub(_let_go, line)))
    return unicodedata.normalize(form, _STRAY_JOINERS.sub(_let_joiner_go, line))


def _let_go(invisible: re.Match[str]) -> str:
    """Nothing; one character where letters that it keeps apart would become another one."""
    start, end = invisible.span()
    before, after = invisible.string[max(start - 1, 0) : start], invisible.string[end : end + 1]
    if not before.strip() or not after or not _joins(after):
        return ""
    return next((c for c in invisible[0] if unicodedata.category(c) == "Cf"), _ZERO_WIDTH_SPACE)


def _let_joiner_go(joiners: re.Match[str]) -> str:
    """As `_let_go`; a joiner after a virama stays at a word's end: it tells its form."""
    before = joiners.string[max(joiners.start() - 1, 0) : joiners.start()]
    return (
        joiners[0][0] if before and unicodedata.combining(before) == _VIRAMA else _let_go(joiners)
    )


def _joins(character: str) -> bool:
    """Whether a character goes into the one before it: a combining mark, a vowel of Hangul."""
    return (
        unicodedata.category(character)[0] == "M"
        or "\u1160" <= character <= "\u11ff"
        or "\ud7b0" <= character <= "\ud7fb"
    )
