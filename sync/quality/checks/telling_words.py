"""Words that tell some texts from others, in any language."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# scripts without a space between words: a character stands for a word
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(
    rf"<[A-Z][A-Z0-9_]*_\d+>|[{_UNSPACED}]|[^\W_{_UNSPACED}](?:[^\W{_UNSPACED}]|['\u2019](?=\w))*"
)


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, in order; a placeholder for personal data is one."""
    return [word.casefold() for word in _WORD.findall(text)]


@dataclass(frozen=True)
class WordCounts:
    """In how many of some texts each word stands.

    Attributes:
        texts: how many there are.
    """

    words: Counter[str]
    texts: int

    @classmethod
    def of(cls, texts: Iterable[str]) -> "WordCounts":
        """Count them."""
        counts: Counter[str] = Counter()
        number = 0
        for text in texts:
            counts.update(set(words_of(text)))
            number += 1
        return cls(counts, number)


def telling_words(texts: Iterable[str], others: WordCounts, most: int = 5) -> list[str]:
    """The words that are most typical of some texts beside others, the most typical first.

    By the log odds of a word's share of texts with an even prior, over its deviation (after Monroe
    et al., 2008); a word must be in at least two of the texts, or in all of them.

    Args:
        texts: each a text.
        others: that they are told from.
    """
    mine = WordCounts.of(texts)
    least = min(2, mine.texts)

    def typical(word: str) -> float:
        here, there = mine.words[word] + 0.5, others.words[word] + 0.5
        odds = math.log(here / (mine.texts - here + 1)) - math.log(
            there / (others.texts - there + 1)
        )
        return odds / math.sqrt(1 / here + 1 / there)

    known = [word for word, n in mine.words.items() if n >= least and len(word) > 2]
    scored = sorted(((typical(word), word) for word in known), key=lambda s: (-s[0], s[1]))
    return [word for score, word in scored[:most] if score > 0]


def shortened(text: str, most: int = 80) -> str:
    """A text on one line, cut at a word where it is long."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"


def listed(names: Sequence[str], most: int = 5) -> str:
    """Names with commas between them, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
