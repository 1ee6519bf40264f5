"""Names in English text: words with a capital where a plain word would have none.

Careful rather than complete. A sentence's first word has a capital anyway, a heading has it in
every word, a button and a menu are called by theirs, and in languages such as German every noun has
one; none of these is taken for a name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.facts.sentences import STOP_WORDS, sentences

_TITLE = (
    r"(?:Dr|Mr|Mrs|Ms|Prof|Professor|Judge|Justice|Sir|Captain|Senator|Inc|Nurse|Sister|Lord|Lady)"
    r"\b\.?"
)
_WORD = rf"(?!{_TITLE}\s)[A-Z][a-z\u00df-\u00f6\u00f8-\u00ff]+(?:['’-]?[A-Z]?[a-z\u00df-\u00ff]+)*"
_NAME = re.compile(
    rf"(?<![\w.@/#&-])(?:(?P<title>{_TITLE})\s)?(?P<name>{_WORD}(?:\s(?:[A-Z]\.\s?|(?:de|van|von|of|the)"
    rf"\s(?=[A-Z]))*{_WORD})*)(?![\w@/-]|\.[a-z])"
)
# before a place, and before what is one of many: `in Denmark`, `the Gram stain`
_PLACE = re.compile(r"\b(?:in|of|the|an?|and|or|across|throughout|within|than|like)\s$")
_NEXT = re.compile(r"['’]?s?[ -]([a-z]+)")
# what a company or a town names its own with
_OWN_NOUNS_TEXT = (
    "plan tariff account package app branch fund loan policy edition hotel hospital street road "
    "bank club store shop clinic foundation university institute bridge airport station directive"
)
_OWN_NOUNS = frozenset(_OWN_NOUNS_TEXT.split())
# where something is, rather than a place that everybody knows
_OWN_PLACE = re.compile(
    r"\b(?:city|town|village|branch|office|store|shop|clinic|hospital|court|warehouse|factory|cent(?:re|er)|"
    r"stored|located|based|hosted|held|kept|situated|born|live|lives|living|registered|headquartered|"
    r"shipped|delivered|sent|moved?|flights?) (?:of|in|at|to|from|near)\s$"
)
_LOWER = re.compile(r"\b[a-z]{2,}")
_CAPITAL = re.compile(r"\b[A-Z][a-z]+")
_ENDS = re.compile(r"[.!?][\"'”’)\]*_]*$")
# a button, a menu, a field: of an app, after what one does with it
_PRESSED = re.compile(
    r"(?:\b(?:open|choose|press|select|tap|click(?: on)?|hit|pick|tick|untick|toggle|enable|disable"
    r"|go to|under|via|menu|button|tab|settings?|option|field|screen|page|folder|box|link|called"
    r"|labell?ed|marked|then)\s(?:the\s|on\s|to\s|and\s|or\s)*|[>→»›]\s?)[\"'“‘*_]{0,3}$",
    re.IGNORECASE,
)
# another one behind it: `Admin, People, Invite again`
_CHAIN = re.compile(r"(?:\s?[>→»›]\s?|,\s|\sand\s(?:then\s)?|\sthen\s|,\sthen\s)[\"'“‘*_]{0,3}$")
# with a capital in plain text, and no names
_PLAIN_WORDS = (
    "i monday tuesday wednesday thursday friday saturday sunday january february march april "
    "may june july august september october november december jan feb mar apr jun jul aug sep "
    "sept oct nov dec english american british european asian african spanish german french "
    "italian chinese japanese indian western eastern northern southern internet web email god "
    "earth christmas easter north south east west step table figure section appendix chapter "
    "part page note yes no dear hello hi thanks thank sincerely regards best kind please sir "
    "madam customer support team option answer question united kingdom states nations union "
    "world republic trial registration subject headings clinical medical"
)
_PLAIN = frozenset(_PLAIN_WORDS.split())


@dataclass(frozen=True, slots=True)
class Name:
    """A name, and its words in lower case, without a title."""

    text: str
    words: tuple[str, ...]


def names_in(text: str) -> Iterator[Name]:
    """Names in the sentences of a text: after a title, or within a sentence."""
    for sentence in sentences(text):
        yield from _names(sentence, is_prose=_is_prose(sentence))


def _names(sentence: str, *, is_prose: bool) -> Iterator[Name]:
    label_end = -1
    for match in _NAME.finditer(sentence):
        name = _without_first(sentence, match)
        start = match.end() - len(name)
        if not match["title"] and _is_label(sentence, start, label_end):
            label_end = match.end()
            continue
        words = tuple(
            word.casefold() for word in re.findall(r"[^\W\d_]{2,}", name) if word[0].isupper()
        )
        if not words or any(word in _PLAIN for word in words):
            continue
        alone = len(words[-1]) > 2 and _stands_alone(sentence, start, match.end())
        if match["title"] or (is_prose and (len(words) > 1 or alone)):
            yield Name(f"{match['title'] or ''} {name}".strip(), words)


def _is_prose(sentence: str) -> bool:
    """Whether it is more than a heading, a label or a shout, which have hardly a plain word."""
    lower = len(_LOWER.findall(sentence))
    ends = _ENDS.search(sentence) is not None
    return lower > 1 and (ends or lower >= len(_CAPITAL.findall(sentence)))


def _is_label(sentence: str, start: int, label_end: int) -> bool:
    """Whether a button or the like is named, or another one right behind it."""
    before = sentence[max(0, start - 40) : start]
    return _PRESSED.search(before) is not None or (
        label_end >= 0 and _CHAIN.fullmatch(sentence, label_end, start) is not None
    )


def _stands_alone(sentence: str, start: int, end: int) -> bool:
    """Whether a single word is someone: not a place that one is in, nor said of another word."""
    if start == 0:
        return False
    after = _NEXT.match(sentence, end)
    if after and after[1].removesuffix("s") in _OWN_NOUNS:
        return True
    before = sentence[max(0, start - 30) : start]
    if _OWN_PLACE.search(before):
        return True
    return not _PLACE.search(before) and (after is None or after[1] in STOP_WORDS)


def _without_first(sentence: str, match: re.Match[str]) -> str:
    """The name, less a first word that has its capital since a sentence or a clause begins."""
    name = match["name"]
    if match["title"]:
        return name
    before = sentence[: match.start()].rstrip()
    begins = not before or before[-1] in ".:;!?*_\"'“‘(•|>-–—" or before[-1].isdigit()
    return name.partition(" ")[2] if begins else name
