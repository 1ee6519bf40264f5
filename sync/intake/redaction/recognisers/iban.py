"""International bank account numbers (ISO 13616), in any case, in groups or not."""

import functools
import importlib.util
import re
import runpy
from collections.abc import Iterator, Mapping
from pathlib import Path

from sync.intake.redaction.recognisers.cues import Cue, cue_of
from sync.intake.redaction.recognisers.recogniser import Recogniser, Scored

_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])", re.ASCII)
_SHORTEST, _LONGEST = 15, 34


class IbanRecogniser(Recogniser):
    """An IBAN has its country's length and layout; its check digits make it certain."""

    ENTITY = "IBAN_CODE"

    def scored(self, text: str) -> Iterator[Scored]:
        """See `Recogniser`."""
        for match in _START.finditer(text):
            start = match.start()
            compact, ends = _compact(text, start)
            if len(compact) < _SHORTEST:
                continue
            layout = _layouts().get(compact[:2])
            found = re.match(layout.rstrip("$"), compact) if layout else None
            if found is None:
                continue
            end = ends[found.end() - 1]
            if re.match(r"[A-Za-z0-9]", text[end : end + 1]):
                continue
            yield start, end, self._score(text, start, end, found[0])

    def _score(self, text: str, start: int, end: int, iban: str) -> float:
        if checked(iban):
            return 1.0
        if cue_of(text, start, end) is Cue.IBAN:
            return 0.85
        # the layout alone: in capitals it is hardly anything else
        return 0.5 if text[start:end].isupper() else 0.2


@functools.cache
def _layouts() -> Mapping[str, str]:
    """Regular expressions by country, from a file of presidio that imports nothing.

    The package itself takes five seconds and 400 MB to import.
    """
    package = importlib.util.find_spec("presidio_analyzer")
    folder = Path(package.origin or "").parent if package else Path()
    file = folder / "predefined_recognizers" / "generic" / "iban_patterns.py"
    found: Mapping[str, str] = runpy.run_path(str(file))["regex_per_country"]
    return found


def _compact(text: str, start: int) -> tuple[str, list[int]]:
    """The letters and digits from here on without blanks and hyphens, and where each ends."""
    kept: list[str] = []
    ends: list[int] = []
    at = start
    while at < len(text) and len(kept) < _LONGEST:
        if text[at].isascii() and text[at].isalnum():
            kept.append(text[at].upper())
            ends.append(at + 1)
        elif text[at] not in " -" or text[at - 1] in " -":
            break
        at += 1
    return "".join(kept), ends


def checked(iban: str) -> bool:
    """Whether the check digits are right (ISO 7064, MOD 97-10)."""
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
