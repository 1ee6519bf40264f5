"""Which sentences of guidelines have changed, so that they ask for something else.

Guidelines are Markdown: sentences, list items and rows of tables under headings. A sentence that
stands elsewhere, or in which only a typing error was put right, asks for the same.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from sync.quality.facts.phrases import is_same_phrase, phrase_words
from sync.quality.facts.sentences import sentences

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_RULED = re.compile(r"[\s|:=-]+$")
_MARKS = re.compile(r"[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}|^\s*>+\s?")
# what `phrase_words` does not see and what changes the sense
_SIGNS = re.compile(r"[€$£¥%‰]")
# before a word they turn it round
_TURNED = re.compile(r"(?:un|in|im|il|ir|dis|non|mis|de|re)$")
# from which likeness on a sentence is another one changed, in percent
_ALIKE = 50.0


@dataclass(frozen=True, slots=True)
class GuidelineRule:
    """A sentence of guidelines, and the headings above it, the outermost first."""

    text: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangedRule:
    """A sentence that asks for something else than before.

    Attributes:
        now: as it stands; empty where it is gone.
        before: what stood there; empty where it is new.
    """

    now: str
    before: str = ""
    headings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sentence by which people know it."""
        return self.now or self.before

    def __str__(self) -> str:
        if not self.now:
            return f"“{self.before}” (taken out)"
        return f"“{self.now}” ({f'before: “{self.before}”' if self.before else 'new'})"


def changed_rules(before: str, now: str) -> tuple[ChangedRule, ...]:
    """Compare two versions of guidelines: what is new or other in its order, then what is gone."""
    old, new = list(rules_of(before)), list(rules_of(now))
    common = Counter(map(_words, old)) & Counter(map(_words, new))
    gone, come = _without(old, common), _without(new, common)
    found: list[ChangedRule] = []
    for rule in come:
        was = _most_alike(rule, gone)
        if was is not None:
            gone.remove(was)
        if was is None or not is_same_rule(was.text, rule.text):
            found.append(ChangedRule(rule.text, "" if was is None else was.text, rule.headings))
    return (*found, *(ChangedRule("", rule.text, rule.headings) for rule in gone))


def rules_of(markdown: str) -> Iterator[GuidelineRule]:
    """Every sentence under its headings; what holds no word is none."""
    above: dict[int, str] = {}
    block: list[str] = []
    in_code = False
    for line in (*markdown.splitlines(), ""):
        heading = None if in_code else _HEADING.match(line)
        starts = in_code or line.lstrip().startswith("|") or _ITEM.match(line) is not None
        fenced = _FENCE.match(line) is not None
        if heading or starts or fenced or not line.strip():
            yield from _rules_of_block(block, above)
            block = []
        in_code ^= fenced
        if heading:
            level = len(heading[1])
            above = {at: text for at, text in above.items() if at < level}
            above[level] = _plain(heading[2])
        elif line.strip() and not fenced:
            block.append(_ITEM.sub("", line, count=1))
    yield from _rules_of_block(block, above)


def is_same_rule(one: str, other: str) -> bool:
    """Whether two sentences ask for the same, but for typing errors that one puts right."""
    words, others = phrase_words(one).words, phrase_words(other).words
    if _SIGNS.findall(one) != _SIGNS.findall(other):
        return False
    if not is_same_phrase(words, others, exact=True):
        return False
    pairs = zip(words, others, strict=False)
    return len(words) != len(others) or not any(_is_turned(*pair) for pair in pairs)


def _is_turned(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short != long and long.endswith(short) and bool(_TURNED.match(long[: -len(short)]))


def _rules_of_block(block: Sequence[str], above: dict[int, str]) -> Iterator[GuidelineRule]:
    headings = tuple(above[level] for level in sorted(above))
    text = " ".join(part.strip() for part in block)
    if _RULED.match(text):
        return
    cells = " ".join(cell.strip() for cell in text.strip("|").split("|")) if "|" in text else text
    for sentence in sentences(_plain(cells)):
        if phrase_words(sentence).words:
            yield GuidelineRule(sentence, headings)


def _plain(text: str) -> str:
    return _MARKS.sub("", text).strip()


def _words(rule: GuidelineRule) -> tuple[str, ...]:
    return (*phrase_words(rule.text).words, *_SIGNS.findall(rule.text))


def _without(
    rules: Sequence[GuidelineRule], common: Counter[tuple[str, ...]]
) -> list[GuidelineRule]:
    left, found = common.copy(), []
    for rule in rules:
        words = _words(rule)
        if left[words]:
            left[words] -= 1
        else:
            found.append(rule)
    return found


def _most_alike(rule: GuidelineRule, gone: Sequence[GuidelineRule]) -> GuidelineRule | None:
    """What stood in a sentence's place: the most alike, under its own headings first."""
    alike = [
        (other.headings == rule.headings, ratio(rule.text, other.text), other) for other in gone
    ]
    alike = [each for each in alike if each[1] >= _ALIKE]
    return max(alike, key=lambda each: each[:2])[2] if alike else None
