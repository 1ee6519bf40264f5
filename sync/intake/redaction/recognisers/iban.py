"""International bank account numbers (ISO 13616), in any case, in groups or not."""

import functools
import re
from collections.abc import Iterator, Mapping

from sync.intake.redaction.recognisers.cues import Cue, cue_of
from sync.intake.redaction.recognisers.recogniser import Recogniser, Scored

_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])", re.ASCII)
_SHORTEST, _LONGEST = 15, 34
# what follows a country's code and two check digits, as the registry of ISO 13616 writes it:
# so many digits (n), capital letters (a), or either (c)
_BANKS = """
    AD 8n12c  AE 19n  AL 8n16c  AT 16n  AZ 4c20n  BA 16n  BE 12n  BG 4a6n8c  BH 4a14c
    BR 23n1a1c  BY 4c4n16c  CH 5n12c  CR 18n  CY 8n16c  CZ 20n  DE 18n  DK 14n  DO 4a20n
    EE 16n  EG 25n  ES 20n  FI 14n  FO 14n  FR 10n11c2n  GB 4a14n  GE 2c16n  GI 4a15c  GL 14n
    GR 7n16c  GT 24c  HR 17n  HU 24n  IE 4c14n  IL 19n  IQ 4a15n  IS 22n  IT 1a10n12c  JO 4a22n
    KW 4a22c  KZ 3n13c  LB 4n20c  LC 4a24c  LI 5n12c  LT 16n  LU 3n13c  LV 4a13c  LY 21n
    MC 10n11c2n  MD 20c  ME 18n  MK 3n10c2n  MR 23n  MT 4a5n18c  MU 4a19n3a  NL 4a10n  NO 11n
    PK 4c16n  PL 24n  PS 4a21c  PT 21n  QA 4a17c  RO 4a16c  RS 18n  SA 2n18c  SC 4a20n3a
    SE 20n  SI 15n  SK 20n  SM 1a10n12c  TL 19n  TN 20n  TR 5n17c  UA 6n19c  VA 18n  VG 4c16n
    XK 16n
"""
_KINDS = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}


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
            found = layout.match(compact) if layout else None
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
def _layouts() -> Mapping[str, re.Pattern[str]]:
    """By country, what a whole number matches from its start."""
    words = _BANKS.split()
    return {
        country: re.compile(
            rf"{country}\d\d"
            + "".join(f"{_KINDS[kind]}{{{n}}}" for n, kind in re.findall(r"(\d+)([nac])", layout)),
            re.ASCII,
        )
        for country, layout in zip(words[::2], words[1::2], strict=True)
    }


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
