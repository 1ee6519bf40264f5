"""Whether a sentence tells that what it mentions is over: retired, replaced, no longer sold."""

import re
from collections.abc import Iterator

from sync.quality.facts.mentions import Mention

_ADVERBS = r"nicht mehr|n['’]est plus|ne sont plus|ya no|non è più|niet meer|não é mais"
_GONE = (
    r"discontinued|deprecated|end[- ]of[- ](?:life|support|sale)|unsupported|obsolete|outdated"
    r"|out of date|withdrawn|phased out|eingestellt|abgel[öo]st|abgeschafft|veraltet|ersetzt"
)
_LASTS = (
    r"(?:support|avail|offer|sold|sell|valid|hold|appl|in use|used|maintain|exist|receiv|current"
    r"|charge|issue|made|accept|on sale|part of|the case|open to new)\w*"
)
_OVER = re.compile(
    rf"\b(?:{_GONE}|retired?|retirement|discontinue|deprecate|EOL|(?:superseded|replaced) by"
    r"|successors?|any ?more|formerly|previously|(?:no longer|not|isn['’]t)\s(?:\w+ly\s)?"
    rf"(?:be(?:en|ing)?\s)?{_LASTS}|{_ADVERBS})",
    re.IGNORECASE,
)
_FILLER = r"(?:the|our|your|its|their|versions?|release|v|plan|model|edition|old|product)\.?"
# said of what comes next: 5.0 replaces 4.1
_REPLACING = re.compile(
    r"\b(?:replac(?:es?|ed|ing)|supersed(?:es?|ed|ing)|succeed(?:s|ed)|takes? the place of"
    rf"|took the place of|no longer (?:\w+\s){{1,2}})\s?(?:{_FILLER}\s){{0,3}}$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?:\b(?:not|never)|n['’]t)\s(?:(?:yet|been|being|be|an?|by now)\s){0,2}$", re.IGNORECASE
)
_BEFORE = re.compile(
    r"(?:\b(?:until|till|up to|before|prior to|(?:old|earli|low|new|lat|high)er than|below"
    r"|instead of|rather than|unlike|not|neither|nor|older?|former|retired|legacy|previous|earlier"
    r"|outgoing|bis|vor|statt|anstatt|avant|antes de)"
    r"|\b(?:upgrad|updat|migrat|switch|mov|chang|com|convert|ris|rais|increas)\w*\s(?:\w+\s){0,3}"
    r"(?:from|away from|off)|\b(?:away from|leave|left|leaving)"
    r"|\b(?:was|were|had|used to)(?:\s\w+){0,3}(?:\s(?:in|with|on|for|under|by))?)"
    rf"\s(?:{_FILLER}\s){{0,3}}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[^.;,!?]{0,40}?(?<!\bthat )(?<!\bwhich )(?<!\byou )(?<!\bwho )(?<!\bwhat )\b"
    r"(?:was|were|had|used to|until|bis|war|waren|is over|are over|is gone|are gone)\b"
    r"|[^.;,!?]{0,12}\b(?:is|are|has been|have been|will be)\s(?:now\s|being\s)?(?:dropped|removed"
    r"|abolished|ended|closed|scrapped|stopped|ceased|expired)\b|[^.;,!?]{0,12}\bexpire[sd]\b",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\b(?:(?:upgrad|updat|migrat|switch|mov|install|chang|rais|increas)\w*|now|instead|today"
    r"|newer|newest|latest)\b",
    re.IGNORECASE,
)
_TO_THE_NEW = re.compile(
    r"\b(?:upgrade|update|switch|move|migrate|change)\s(?:\w+\s){0,4}?to\s(?:\w+\s){0,2}?(?:new|newer"
    r"|newest|latest|current|most recent)\b",
    re.IGNORECASE,
)
# of an answer that never names it: that what the task is about is over
_TOLD = re.compile(
    rf"\b(?:{_GONE}|retired|superseded|(?:no longer|not) (?:\w+ly )?{_LASTS}|{_ADVERBS})\b"
    r"|\b(?:upgrade|update|switch|move|migrate)\s(?:\w+\s){0,4}?to\s(?:\w+\s){0,3}?v?\d",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.,])[vV]?(\d+(?:\.\d+)+)(?![\w%])")
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_SPEAKS_OF_IT = re.compile(r"(?:it|this|that|they|these|both|sie|es|dies\w*|er)\b", re.IGNORECASE)
_NEAR_BEFORE, _NEAR_AFTER, _NEXT = 100, 40, 12


def is_over(sentence: str, mention: Mention, instead: str = "", following: str = "") -> bool:
    """Whether a sentence says of what it mentions that it is over, or speaks of the past.

    Args:
        instead: what holds now.
        following: the next sentence, which may say it.
    """
    before, after = sentence[: mention.start], sentence[mention.end :]
    if _BEFORE.search(before[-80:]) or _REPLACING.search(before[-80:]) or _AFTER.match(after):
        return True
    if any(_is_of(sentence, mention, match) for match in _said_over(sentence)):
        return True
    newer = any(_parts(n[1]) > _parts_of(mention) for n in _NUMBER.finditer(sentence))
    if _CHANGES.search(sentence) and (newer or _names(sentence, instead)):
        return True
    if _TO_THE_NEW.search(sentence):
        return True
    return bool(_SPEAKS_OF_IT.match(following)) and any(_said_over(following[:_NEAR_BEFORE]))


def tells_it_is_over(answer: str, instead: str = "") -> bool:
    """Whether an answer says of what its task is about that it is over, or what holds now."""
    told = _TO_THE_NEW.search(answer) is not None or any(
        not _DENIED.search(answer, max(0, match.start() - 24), match.start())
        for match in _TOLD.finditer(answer)
    )
    return told or _names(answer, instead)


def _said_over(sentence: str) -> Iterator[re.Match[str]]:
    for match in _OVER.finditer(sentence):
        if not _DENIED.search(sentence[max(0, match.start() - 24) : match.start()]):
            yield match


def _is_of(sentence: str, mention: Mention, said: re.Match[str]) -> bool:
    """Whether a word of the end is said of a mention: the last one before it, or else the next."""
    others = [n.span() for n in _NUMBER.finditer(sentence) if not _overlap(n.span(), mention)]
    if any(said.end() <= start <= said.end() + _NEXT for start, _ in others):
        return False
    between = [end for start, end in others if mention.end <= start and end <= said.start()]
    if mention.end <= said.start():
        return not between and said.start() - mention.end <= _NEAR_BEFORE
    # not sold in 4.1 is no end
    if said.end() > mention.start or said[0].lower().startswith(("not", "isn")):
        return False
    if any(end <= said.start() for _, end in others):
        return False
    gap = sentence[said.end() : mention.start]
    return len(gap) <= _NEAR_AFTER and not re.search(r"[,;:]", gap)


def _overlap(span: tuple[int, int], mention: Mention) -> bool:
    return span[0] < mention.end and mention.start < span[1]


def _parts(written: str) -> tuple[int, ...]:
    return tuple(int(part) for part in written.split("."))


def _parts_of(mention: Mention) -> tuple[float, ...]:
    number = _NUMBER.fullmatch(mention.text)
    return _parts(number[1]) if number else (float("inf"),)


def _names(text: str, instead: str) -> bool:
    """Whether a text holds what holds now: its first number, or else its words."""
    words = _WORD.findall(instead)
    numbers = [word for word in words if word[0].isdigit()]
    wanted = numbers[:1] or [word for word in words if word[0].isupper()]
    return bool(wanted) and all(
        re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", text) for word in wanted
    )
