"""A model's raw reply, split into what it thought and what it says.

Servers that do not separate the two leave the marks of a model's chat template in the text: a block
of reasoning, or its end alone where the template wrote the beginning; channels; tokens that end the
turn. Only what stands at the borders is taken off. In the middle of an answer, in code or between
quotes the same characters are words.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from label_configs import reply_marks as marks
from label_configs.reply_fence import unfenced

# a model that is stuck repeats them without end
_MOST_MARKS = 20
_BLANKS = " \t\r\n\ufeff"
_FENCES = ("```", "~~~")
_ODD_BEGINNINGS = (*_FENCES, *marks.SPOKEN)
_ODD_FIRST = frozenset(_BLANKS) | {begun[0] for begun in _ODD_BEGINNINGS}
_BRACKET = re.compile(rf"\[[{marks.AFTER_BRACKET}\n]")


@dataclass(frozen=True)
class RawReply:
    """The two parts of a reply, without the marks between them.

    Attributes:
        reasoning: every block of it, a blank line between; "" where there is none.
        answer: "" where the reply holds nothing but reasoning.
        unclosed: the reply ends inside its reasoning.
    """

    reasoning: str = ""
    answer: str = ""
    unclosed: bool = False


def split_reply(raw: str) -> RawReply:
    """Set a reply's reasoning apart from its answer.

    Splitting the answer once more changes nothing.

    Args:
        raw: as the server sent it.
    """
    if not _may_hold_marks(raw):
        return RawReply(answer=raw.strip(_BLANKS))
    thought: list[str] = []
    left, unclosed = raw, False
    for _ in range(_MOST_MARKS):
        before = left
        left = marks.without_turn_marks(left.strip(_BLANKS)).strip(_BLANKS)
        for take in _TAKERS:
            if (found := take(left)) is not None:
                reasoning, left, cut = found
                thought.append(reasoning.strip(_BLANKS))
                unclosed = unclosed or cut
                break
        if thought and left == before:
            left = marks.unwrapped(left)
        if left == before:
            break
    return RawReply("\n\n".join(filter(None, thought)), left, unclosed)


@dataclass(frozen=True)
class Leftover:
    """Something of a raw reply in a text that should be an answer.

    Attributes:
        what: a few words; never what the text says.
        certain: it stands where a model's server leaves it; else somebody may have meant it.
    """

    what: str
    certain: bool


def may_hold_leftovers(texts: Sequence[str]) -> bool:
    """A quick look at many answers: false where `leftover` finds nothing in any of them."""
    joined = "\n".join(texts)
    if "<" in joined or "◁" in joined or ("[" in joined and _BRACKET.search(joined)):
        return True
    odd = [text for text in texts if text[:1] in _ODD_FIRST]
    return any(text.lstrip(_BLANKS).startswith(_ODD_BEGINNINGS) for text in odd)


def leftover(text: str) -> Leftover | None:
    """The worst leftover of a raw reply in an answer, as a block of reasoning; None if clean."""
    if not text.lstrip(_BLANKS).startswith(_ODD_BEGINNINGS) and not _holds_marks(text):
        return None
    stripped = text.strip(_BLANKS)
    if stripped.startswith(_FENCES) and unfenced(stripped) != stripped:
        return Leftover("a code fence around the whole answer", certain=False)
    split = split_reply(text)
    if split.unclosed:
        return Leftover("the model's reasoning, which has no end", certain=True)
    if split.reasoning or any(take(stripped) is not None for take in _TAKERS):
        return Leftover("the model's reasoning", certain=True)
    if split.answer != stripped:
        return Leftover("a token that ends the model's turn", certain=True)
    if marks.holds_turn_marks(text):
        return Leftover("a token of the model's chat template", certain=False)
    if marks.holds_block_marks(text):
        return Leftover("a tag of the model's reasoning", certain=False)
    return None


def holds_closed_reasoning(text: str) -> bool:
    """Whether a text is a block of reasoning and then an answer, as reasoning models are taught."""
    opened = marks.OPENING.match(text.lstrip(_BLANKS))
    split = split_reply(text)
    return opened is not None and bool(split.reasoning and split.answer) and not split.unclosed


def _may_hold_marks(text: str) -> bool:
    """A quick look: most replies are plain."""
    return _holds_marks(text) or text.lstrip(_BLANKS).startswith(marks.SPOKEN)


def _holds_marks(text: str) -> bool:
    """Whether there are characters that marks begin with."""
    if "<" in text or "◁" in text:
        return True
    at = text.find("[")
    while at >= 0:
        if text[at + 1 : at + 2] in marks.AFTER_BRACKET:
            return True
        at = text.find("[", at + 1)
    return False


# --- each takes (reasoning, what is left, whether it was cut) off a reply's border, or None

_Taken = tuple[str, str, bool]


def _block(text: str) -> _Taken | None:
    """A block at the beginning."""
    opened = marks.OPENING.match(text)
    if opened is None:
        return None
    end = marks.closing_of(opened, text, opened.end())
    if end is None:
        return text[opened.end() :], "", True
    return text[opened.end() : end.start()], text[end.end() :], False


def _closing_alone(text: str) -> _Taken | None:
    """The end of a block that the chat template had opened."""
    for end in islice(marks.CLOSING.finditer(text), _MOST_MARKS):
        if marks.is_opened_before(end, text):
            return None
        if marks.is_mark(end, text):
            return text[: end.start()], text[end.end() :], False
    return None


def _block_at_the_end(text: str) -> _Taken | None:
    """A block after the answer, on lines of its own."""
    if text[-1:] not in (">", "]", "▷"):
        return None
    ends = [end for end in marks.CLOSING.finditer(text) if end.end() == len(text)]
    if not ends or not marks.is_mark(ends[0], text):
        return None
    opened = [
        begin
        for begin in marks.OPENING.finditer(text)
        if marks.starts_line(begin, text) and marks.is_closed_by(begin, ends[0])
    ]
    if not opened:
        return None
    begin = opened[-1]
    return text[begin.end() : ends[0].start()], text[: begin.start()], False


def _channels(text: str) -> _Taken | None:
    """Channels of the harmony format: everything before the final one is reasoning."""
    channels = marks.channels(text)
    if channels is None:
        return None
    shown = next((n for n in marks.SHOWN if any(name == n for name, _ in channels)), "")
    answer = "".join(said for name, said in channels if name == shown)
    thought = "\n\n".join(said.strip() for name, said in channels if name != shown)
    return thought, answer, not answer


def _folded(text: str) -> _Taken | None:
    """A block as a chat's page keeps it."""
    found = marks.FOLDED.match(text)
    return None if found is None else (marks.QUOTED.sub("", found[1]), text[found.end() :], False)


def _spoken(text: str) -> _Taken | None:
    """Granite's sentences around its two parts."""
    found = marks.SPOKEN_PARTS.fullmatch(text)
    return None if found is None else (found["thought"], found["answer"] or "", not found["answer"])


_TAKERS: tuple[Callable[[str], _Taken | None], ...] = (
    _channels,
    _spoken,
    _folded,
    _block,
    _closing_alone,
    _block_at_the_end,
)
