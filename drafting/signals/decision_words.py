# ruff: noqa: RUF001
"""Words that decide: yes, no and maybe, and those that turn a sentence into its contrary.

Embeddings hardly see them: "it works" and "it does not work" are nearly the same vector. The lists
hold common words of the most written languages; a text without any is compared by similarity.
"""

import re
from collections.abc import Mapping
from typing import Literal

from drafting.signals.text_parts import sentences, words

PolarAnswer = Literal["yes", "no", "maybe"]

# language: yes, no, maybe, and what negates a sentence beside the words for no
_WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "ar": ("نعم", "لا", "ربما", "ليس لم لن غير بدون دون"),
    "cs": ("ano", "ne", "možná", "není nikdy bez"),
    "da": ("ja", "nej", "måske", "ikke ingen aldrig uden"),
    "de": (
        "ja jawohl",
        "nein",
        "vielleicht möglicherweise unklar",
        "nicht kein keine keinen keiner keinem nie niemals ohne",
    ),
    "el": ("ναι", "όχι", "ίσως", "δεν μην χωρίς"),
    "en": (
        "yes yeah yep",
        "no nope",
        "maybe perhaps possibly unclear uncertain unknown",
        "not never none neither nor without cannot nothing nobody",
    ),
    "es": ("sí si", "no", "quizás quizá", "nunca ningún ninguna ninguno sin"),
    "fa": ("بله", "نه خیر", "شاید", "نیست بدون"),
    "fi": ("kyllä", "ei", "ehkä", "eivät emme"),
    "fr": ("oui", "non", "peut-être", "ne pas jamais aucun aucune sans"),
    "hi": ("हाँ हां", "नहीं", "शायद", "मत न बिना"),
    "hu": ("igen", "nem", "talán", "nincs soha"),
    "id": ("ya", "tidak", "mungkin", "bukan tanpa"),
    "it": ("sì", "no", "forse", "nessun nessuna senza"),
    "ja": ("はい ええ", "いいえ", "おそらく 多分", ""),
    "ko": ("예 네", "아니요 아니오", "아마 아마도", "안 못"),
    "nl": ("ja", "nee", "misschien", "niet geen nooit zonder"),
    "pl": ("tak", "nie", "może", "nigdy bez żaden"),
    "pt": ("sim", "não", "talvez", "nem nunca nenhum nenhuma sem"),
    "ru": ("да", "нет", "возможно неясно", "не ни без никогда нельзя запрещено"),
    "sv": ("ja", "nej", "kanske", "inte ingen aldrig utan"),
    "th": ("ใช่", "ไม่ ไม่ใช่", "อาจ", ""),
    "tr": ("evet", "hayır", "belki", "değil yok"),
    "uk": ("так", "ні", "можливо", "не без ніколи"),
    "ur": ("ہاں", "نہیں", "شاید", "بغیر"),
    "vi": ("có vâng", "không", "lẽ", "chưa"),
    "zh": ("是 是的 对 對", "不 不是 否 不对 不對", "可能 也许 也許", ""),
}
_KINDS: tuple[PolarAnswer, ...] = ("yes", "no", "maybe")
_DECISIONS: Mapping[str, PolarAnswer] = {
    word: kind
    for language in _WORDS.values()
    for kind, listed in zip(_KINDS, language, strict=False)
    for word in words(listed)
}
_NEGATIONS = frozenset(
    word for _, no, _, negations in _WORDS.values() for word in words(f"{no} {negations}")
)
_SHORT = 3  # words
_GREETING = 3  # sentences, of which the last may decide
_COLON = re.compile("[:\uff1a]")
# what may stand before a last word that decides
_IS = frozenset(words("is are ist sind est sont es son è sono é são är er jest это"))
_ENGLISH = ("n't", "n\u2019t")
# of scripts without blanks between words, where they stand within what looks like one
_NEGATIONS_WITHIN = ("不", "没", "沒", "無", "无", "未", "ない", "ません", "なし", "않", "없", "ไม่")


def decision(text: str) -> PolarAnswer | None:
    """What a text decides: by its last line where that says nothing else, else by how it begins.

    "Decision: yes" decides, "Yes, it does." and "The answer is yes." do, the second one behind a
    greeting, too; "No difference was found.", "It may or may not." and "I can't say yes." don't.

    Returns:
        None where neither end of the text says.
    """
    said = sentences(text)
    if not said:
        return None
    ends = _end(said[-1])
    if ends and (_COLON.search(said[-1]) or len(words(said[-1])) == 1):
        return ends
    begins = next((told for one in said[:_GREETING] if (told := _begin(one))), None)
    return begins or ends


def only_decides(sentence: str) -> bool:
    """Whether a sentence gives nothing but one decision, such as "Final decision: maybe"."""
    said = words(sentence)
    kinds = {_DECISIONS[word] for word in said if word in _DECISIONS}
    return 0 < len(said) <= _SHORT and said[-1] in _DECISIONS and len(kinds) == 1


def _end(sentence: str) -> PolarAnswer | None:
    """What the last word decides, in a short sentence, behind a colon or behind a word for "is"."""
    said = words(sentence)
    if not said or said[-1] not in _DECISIONS:
        return None
    behind_colon = words(_COLON.split(sentence)[-1]) == said[-1:]
    if only_decides(sentence) or behind_colon or (len(said) > _SHORT and said[-2] in _IS):
        return _DECISIONS[said[-1]]
    return None


def _begin(sentence: str) -> PolarAnswer | None:
    """What the first word decides, or the first one behind a short heading and a colon."""
    heading, *rest = _COLON.split(sentence, maxsplit=1)
    headed = _beginning(rest[0]) if rest and len(words(heading)) <= _SHORT else None
    return headed or _beginning(sentence)


def _beginning(sentence: str) -> PolarAnswer | None:
    """What the first word decides, where something parts it from the next, unlike "No drug"."""
    start = next((place for place, c in enumerate(sentence) if c.isalnum()), None)
    if start is None:
        return None
    first, _, rest = sentence[start:].partition(" ")
    if rest[:1].isalnum() and first[-1].isalnum():
        return None
    said = words(first)
    return _DECISIONS.get(said[0]) if said else None


def is_negated(text: str) -> bool:
    """Whether a word of negation stands in a text."""
    return any(word in _NEGATIONS or word.endswith(_ENGLISH) for word in words(text)) or any(
        negation in text for negation in _NEGATIONS_WITHIN
    )
