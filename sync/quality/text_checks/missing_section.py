"""Answers that lack a section of their form, or have it in another order.

A section is recognised by its heading: Markdown's, a bold word, or a word with a colon, a dash or
a full stop at the beginning of a line, alone or before its text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.text_checks.checked_text import CheckedText, TextFault

# each section with other names of it
FORMS: dict[str, tuple[str, ...]] = {
    "soap": (
        "Subjective|S|History|HPI|History of present illness|Chief complaint|Subjektiv|Subjectif",
        "Objective|O|Examination|Exam|Findings|Physical exam|Vitals|Objektiv|Objectif|Befund",
        "Assessment|A|Impression|Diagnosis|Evaluation|Beurteilung|Évaluation|Analyse",
        "Plan|P|Management|Treatment plan|Procedere|Recommendations",
    ),
    "irac": (
        "Issue|Issues|Issue presented|Question presented|Question|Legal issue|I",
        "Rule|Rules|Applicable law|Rule of law|Legal rule|Governing law|Law|R",
        "Application|Analysis|Application of law|Discussion|A",
        "Conclusion|Conclusions|Holding|Brief answer|C",
    ),
    "advice": (
        "Client profile|Profile|Client|Client situation|Your situation|Your profile",
        "Market situation|Market|Market outlook|Market context|Market conditions",
        "Recommendation|Recommendations|Advice|Proposal|Recommended strategy",
        "Risks|Risk|Risk factors|Key risks|Risks and considerations|Risks and costs",
        "Disclosures|Disclosure|Disclaimer|Disclaimers|Important information|Important disclosures",
    ),
}
_SAYS = re.compile(r"[^\W_]")
_HEADING = (
    r"^[ \t>]*(?:#{{1,6}}[ \t]*|[-*+•][ \t]+)?(?:\(?(?:\d{{1,2}}|[IVX]{{1,4}}|[A-Ea-e])[.)][ \t]*)?"
    r"(?P<bold>\*\*|__)?(?:{names})(?:[ \t]*\([^)\n]{{1,30}}\)|[ \t]*/[ \t]*\w+)?"
    r"(?:[ \t]*[:.—–-](?:\*\*|__)?(?=\s|$|\*)|(?:\*\*|__)[ \t]*:?|[ \t]*$)"
)

_LETTER = r"^[ \t>]*(?:#{{1,6}}[ \t]*)?(?:\*\*|__)?(?:{names})(?:\*\*|__)?[:)](?:\*\*|__)?(?=\s|$)"


@dataclass(frozen=True)
class MissingSection:
    """Answers that lack a section.

    Attributes:
        form: one of `FORMS`; "" for sections of your own.
        sections: your own, in order, each with its other names: "Cause|Root cause". They count
            instead of the form's.
        in_order: whether they must come in this order.
        shortest: characters of an answer without any section that should have had some; 0 passes
            over all such answers.
    """

    form: str = ""
    sections: tuple[str, ...] = ()
    in_order: bool = True
    shortest: int = 400

    def __post_init__(self) -> None:
        if self.form and self.form not in FORMS:
            raise ValueError(f"form must be one of {', '.join(FORMS)}, found {self.form!r}")
        for section in self.sections:
            if not all(name.strip() for name in section.split("|")):
                raise ValueError(f"a section must have a name, found {section!r}")

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        wanted = self.sections or FORMS.get(self.form, ())
        names = [section.split("|", 1)[0] for section in wanted]
        places = _filled([_heading(section, text.answer) for section in wanted], text.answer)
        lacking = [name for name, place in zip(names, places, strict=True) if place is None]
        if not wanted:
            return
        if len(lacking) == len(names):
            if self.shortest and len(text.answer) >= self.shortest:
                yield TextFault(
                    f"the answer has none of its sections ({', '.join(names)}); write it in them",
                    0.3,
                )
        elif lacking:
            yield TextFault(
                f"the answer lacks a section ({', '.join(lacking)}); add it, and say so where "
                "nothing is known for it",
                0.2,
            )
        elif self.in_order and (known := [p for p in places if p is not None]) != sorted(known):
            by_place = sorted(zip(known, names, strict=True))
            yield TextFault(
                f"the answer's sections come as {', '.join(n for _, n in by_place)}; put them in "
                f"order: {', '.join(names)}",
                0.4,
            )


def _filled(headings: list[re.Match[str] | None], answer: str) -> list[int | None]:
    """Where each section begins; None for one that is missing or holds nothing."""
    starts = [found.start() for found in headings if found is not None]
    ends = [min((at for at in starts if at > start), default=len(answer)) for start in starts]
    end_of = dict(zip(starts, ends, strict=True))
    return [
        found.start()
        if found is not None and _SAYS.search(answer, found.end(), end_of[found.start()])
        else None
        for found in headings
    ]


def _heading(section: str, answer: str) -> re.Match[str] | None:
    """The heading of a section."""
    names = [re.escape(name.strip()).replace(r"\ ", r"[ \t]+") for name in section.split("|")]
    words = [name for name in names if len(name) > 1]
    letters = [name for name in names if len(name) == 1]
    found = re.search(_HEADING.format(names="|".join(words)), answer, re.I | re.M)
    if found is None and letters:
        # a letter alone needs its colon: "S: reports pain since Monday"
        found = re.search(_LETTER.format(names="|".join(letters)), answer, re.M)
    return found
