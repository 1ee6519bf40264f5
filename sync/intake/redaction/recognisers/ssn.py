"""US social security numbers, and the taxpayer numbers (ITIN) that look like them."""

import re
from collections.abc import Iterator

from sync.intake.redaction.recognisers.cues import Cue, cue_of
from sync.intake.redaction.recognisers.recogniser import Recogniser, Scored

_NUMBER = re.compile(
    r"(?<!\w)(?<!\d[-.,])(?<!\+)\d{3}([-\u2013. ]?)\d{2}\1\d{4}(?!\w|[-.,]\d)", re.ASCII
)


class SsnRecogniser(Recogniser):
    """Three, two and four digits; without hyphens only where the text says so.

    Areas that were never issued count as well: people mistype, and examples are made up.
    """

    ENTITY = "US_SSN"

    def scored(self, text: str) -> Iterator[Scored]:
        """See `Recogniser`."""
        for match in _NUMBER.finditer(text):
            cue = cue_of(text, *match.span())
            if cue is Cue.SSN:
                yield *match.span(), 0.9
            elif match[1] in ("-", "\u2013"):
                yield *match.span(), 0.7
            else:
                yield *match.span(), 0.2
