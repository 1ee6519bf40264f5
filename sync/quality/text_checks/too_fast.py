"""Drafts that were accepted as they were, faster than anybody can read them.

People who trust a model stop reading what it writes (automation bias). How fast people read texts
of the same meaning differs less by language than by script: in letters a minute, seventeen
languages lie at about 1,000 where they are written with an alphabet, at 255 in Chinese and at 357
in Japanese (Trauzettel-Klosinski and Dietz, 2012, https://doi.org/10.1167/iovs.11-8284).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.text_checks.checked_text import CheckedText, TextFault

_ALPHABET, _KANA, _HAN = 1000.0, 600.0, 255.0  # letters a minute; kana is ours
_KANA_LETTER = re.compile("[\u3040-\u30ff]")
_HAN_LETTER = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class TooFast:
    """Drafts that were accepted faster than they can be read.

    Attributes:
        times: as fast as people read is still believed.
    """

    times: float = 2.0

    def __post_init__(self) -> None:
        if not self.times > 0:
            raise ValueError(f"times must be more than 0, found {self.times}")

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        if text.lead_time_s is None or text.draft is None or not _same(text.draft, text.answer):
            return
        read = " ".join((*text.reasoning, text.answer))
        usual = reading_time_s(read)
        if text.lead_time_s < usual / self.times:
            yield TextFault(
                f"the draft was accepted unchanged after {text.lead_time_s:.0f} s, and reading it "
                f"takes about {usual:.0f} s; read it again",
                text.lead_time_s / usual,
            )


def reading_time_s(text: str) -> float:
    """Seconds that people usually take to read a text silently, by its scripts."""
    kana, han = len(_KANA_LETTER.findall(text)), len(_HAN_LETTER.findall(text))
    others = len(_LETTER.findall(text)) - kana - han
    return 60.0 * (others / _ALPHABET + kana / _KANA + han / _HAN)


def _same(draft: str, answer: str) -> bool:
    return draft.split() == answer.split()
