"""Answers that are harder or easier to read than a field's readers want.

Reading ease after Flesch, 0 (very difficult) to 100 (very easy), with the formula that was fitted
to each language: of words a sentence and syllables a word. English: Flesch 1948; German: Amstad
1978; French: Kandel and Moles 1958; Spanish: Szigriszt-Pazos 1993; Italian: Franchina and Vacca
1986; Dutch: Douma 1960; Portuguese: Martins 1996. Other languages are not judged. Syllables are
counted as groups of vowels, which is nearer to how words are spoken than where they are hyphenated.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from drafting.signals.text_parts import sentences
from sync.common.languages import language_of, prose
from sync.quality.text_checks.checked_text import CheckedText, TextFault

# language -> what ease begins at, what a word a sentence and a syllable a word cost
FORMULAS = {
    "en": (206.835, 1.015, 84.6),
    "de": (180.0, 1.0, 58.5),
    "fr": (207.0, 1.015, 73.6),
    "es": (206.835, 1.0, 62.3),
    "it": (217.0, 1.3, 60.0),
    "nl": (206.84, 0.93, 77.0),
    "pt": (248.835, 1.015, 84.6),
}
_VOWELS = {
    "en": re.compile(r"[aeiouy]+"),
    "de": re.compile(r"aa|ee|oo|ei|ai|au|äu|eu|ie|ui|[aeiouyäöü]"),
    "fr": re.compile(r"[aeiouyàâæéèêëîïôœùûü]+"),
    "es": re.compile(r"[iuü]?[aeoáéó][iuy]?|i?[úu]|[íiü]|y\b"),
    "it": re.compile(r"[iu]?[aeoàèéò][iu]?|[ìùiu]"),
    "nl": re.compile(r"aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ij|ei|au|ou|[aeiouyëï]"),
    "pt": re.compile(r"[iu]?[aeoáéóâêôãõà][iu]?|[íúiuü]"),
}
_SILENT = {
    "en": re.compile(
        r"(?<=[a-z]{2})(?:(?<![aeiouyl])e|(?<=[aeiouy]l)e|(?<![aeiouytd])ed|"
        r"(?<![aeiouysxzcghl])es|(?<=[aeiouy]l)es)$"
    ),
    "fr": re.compile(r"(?<=[a-zéèêç]{2})(?<!i)(?:e|es|(?<!m)ent)$"),
}
# of English: vowels in a row that are two syllables, and an i that is none
_APART = re.compile(
    r"i(?=[ao](?!u))|(?<=[sq][cu])i(?=e)|(?<=oc)i(?=e)|(?<=[^qg])u(?=[ao])|e(?=ing)"
    r"|y(?=ing)|e(?=a$|as$|at[eio])"
)
_NO_SYLLABLE = re.compile(r"(?<=[ctsxg])i(?=[aou])(?!at)|(?<=ll)i(?=on)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_POINTS = re.compile(
    r"\b(?:e\.g|i\.e|z\.\s?B|d\.\s?h|u\.\s?a|p\.\s?ex|U\.S|Dr|Prof|Mr|Mrs|Ms|vs|al|approx|ca|bzw|Nr|"
    r"Sr|Sra|No|Fig|St)\.",
    re.IGNORECASE,
)
_CODE_OR_TABLE = re.compile(r"^ *\|.*$|^ {4}.*$", re.MULTILINE)
_MARKS = re.compile(r"^[ \t>]*(?:#{1,6}|[-*+•]|\d{1,3}[.)])[ \t]+|[*_`#]+", re.MULTILINE)


@dataclass(frozen=True)
class Readability:
    """Answers outside a band of reading ease, 0 very difficult, 100 very easy.

    Attributes:
        hardest: the least ease: 60 is plain language, 30 for students, below 0 hardly readable.
        easiest: the most; above it a text is too plain for its readers.
        shortest: words of an answer below which it is not judged.
    """

    hardest: float = -20.0
    easiest: float = 120.0
    shortest: int = 60

    def __post_init__(self) -> None:
        if self.hardest >= self.easiest:
            raise ValueError(f"hardest ({self.hardest}) must be below easiest ({self.easiest})")

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        language = language_of(text.answer)
        if language not in FORMULAS:
            return
        ease = reading_ease(text.answer, language, self.shortest)
        if ease is None:
            return
        if ease < self.hardest:
            score = max(0.0, min(1.0, 0.5 - (self.hardest - ease) / 100))
            yield TextFault(
                f"the answer is harder to read than wanted (reading ease {ease:.0f}, wanted "
                f"{self.hardest:g} or more); use shorter sentences and plainer words",
                score,
                "info",
            )
        elif ease > self.easiest:
            yield TextFault(
                f"the answer is plainer than wanted (reading ease {ease:.0f}, wanted "
                f"{self.easiest:g} or less); use the field's own terms",
                0.6,
                "info",
            )


def reading_ease(text: str, language: str, shortest: int = 1) -> float | None:
    """How easy a text is to read, about 0 to 100; None for one of fewer words.

    Args:
        language: one of `FORMULAS`.
    """
    plain = _MARKS.sub("", _CODE_OR_TABLE.sub("", prose(text)))
    plain = _POINTS.sub(lambda found: found[0].replace(".", ""), plain)
    words = _WORD.findall(plain)
    parts = [part for part in sentences(plain) if _WORD.search(part)]
    if not parts or len(words) < shortest:
        return None
    begins, of_word, of_syllable = FORMULAS[language]
    told = sum(syllables(word, language) for word in words)
    return begins - of_word * len(words) / len(parts) - of_syllable * told / len(words)


def syllables(word: str, language: str) -> int:
    """Syllables of a word, at least 1."""
    word = word.lower()
    if language == "en":
        word = _NO_SYLLABLE.sub("", word)
    groups = len(_VOWELS[language].findall(word))
    silent = _SILENT.get(language)
    groups -= silent is not None and silent.search(word) is not None
    groups += len(_APART.findall(word)) if language == "en" else 0
    return max(groups, 1)
