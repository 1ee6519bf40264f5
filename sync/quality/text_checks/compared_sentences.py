"""The sentences of a text as `repetition` compares them.

By their letters, without the words that lead them in ("in addition", "second") and without a list's
marks; and by their words that carry meaning, so that another article makes no other sentence.
"""

import re
from dataclasses import dataclass

from drafting.signals.text_parts import sentences
from sync.quality.facts.sentences import STOP_WORDS, stem

_LEADS_SAID = (
    r"also|and|but|so|then|next|now|again|first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth(?:ly)?|last(?:ly)?|finally|"
    r"in addition|additionally|furthermore|moreover|besides|likewise|similarly|in summary|to summari[sz]e|to sum up|in short|"
    r"in conclusion|in other words|that is|as (?:mentioned|noted|stated|said)(?: (?:above|before|earlier))?|once (?:more|again)|"
    r"therefore|thus|hence|however|overall|note that|remember|remember that|please note|please note that|again|außerdem|zudem|"
    r"ferner|zusammenfassend|de plus|en outre|en résumé|además|en resumen"
)
_LEAD = re.compile(rf"^\W*(?:\(?\d{{1,3}}[.):]\s+)?(?:(?:{_LEADS_SAID})\b[,:]?\s+)*", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+(?:[.,'’]\d+)*")
_DENYING = frozenset(
    {
        "no",
        "not",
        "nor",
        "never",
        "without",
        "don",
        "doesn",
        "isn",
        "aren",
        "won",
        "can't",
        "cannot",
    }
)
_POINT = re.compile(r"\s*(?:[-*•+]|\(?\d{1,3}[.):]|\|)\s")
_LEAST_WORDS = 4  # words of meaning of a sentence that is told by them
_SIGNS, _WEIGHT = (
    0x2E7F,
    3,
)  # a Chinese, Japanese or Korean sign says about as much as three letters
_MOST = 400  # sentences


@dataclass(frozen=True, slots=True)
class SaidSentence:
    """A sentence as it is compared.

    Attributes:
        line: of the text, that it stands in.
        letters: letters and digits in lower case.
        words: stems and numbers in their order, words such as `the` left out.
        numbers: those of its words that hold a digit.
        weight: of its letters; one of Chinese is worth three.
    """

    sentence: str
    line: int
    letters: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]
    weight: int

    @property
    def key(self) -> tuple[str, ...] | str:
        """What is the same of two sentences that are one."""
        return self.words if len(self.words) >= _LEAST_WORDS else self.letters

    @property
    def is_point(self) -> bool:
        """Whether it is a point of a list, or a row of a table."""
        return _POINT.match(self.sentence) is not None


def said_sentences(text: str) -> list[SaidSentence]:
    """The sentences of a text that are compared, in their order."""
    return [
        _said(sentence, number)
        for number, line in enumerate(text.split("\n"))
        for sentence in sentences(line)
    ][:_MOST]


def _said(sentence: str, line: int) -> SaidSentence:
    plain = _LEAD.sub("", sentence, count=1) or sentence
    letters = _NOT_LETTERS.sub("", plain).lower()
    words = _WORD.findall(plain.lower())
    return SaidSentence(
        sentence,
        line,
        letters,
        tuple(stem(word) for word in words if word not in STOP_WORDS or word in _DENYING),
        tuple(word for word in words if not word.isalpha() and any(map(str.isdigit, word))),
        len(letters) + sum(_WEIGHT - 1 for c in letters if ord(c) > _SIGNS),
    )
