"""What is wrong with the brackets behind an American citation: the court, and how the year stands behind it."""

import re
from collections.abc import Iterator

_CIRCUIT = re.compile(
    r"(?P<number>\d{1,2})(?P<ending>st|nd|rd|th|d)?(?P<point>\.)?,? ?(?P<word>Cir(?:cuit)?)\b(?P<end>\.)?",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    r"\b(?P<which>First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh) Cir(?:cuit|\.)",
    re.IGNORECASE,
)
_BARE = re.compile(r"^\W*Cir\.")
_ENDINGS = {1: "st", 2: "d", 3: "d"}
_CIRCUITS = 11  # beside those of D.C. and the Federal one, which have no number
_DISTRICT = re.compile(r"^(?P<part>[NSEWMC])(?P<one>\.?) ?D(?P<other>\.?)(?= ?[A-Z])")
_LONG_NAMES_SAID = (
    "Alabama Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii Illinois Indiana Kansas Kentucky "
    "Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana Nebraska Nevada Oklahoma Oregon "
    "Pennsylvania Tennessee Texas Vermont Virginia Washington Wisconsin Wyoming"
)
_LONG_NAMES = re.compile(rf"\b(?:{'|'.join(_LONG_NAMES_SAID.split())}|New York|New Jersey|New Mexico|North Carolina|South Carolina)\b")  # fmt: skip
_COMMA = re.compile(r"[A-Za-z.],+ ?\d{4}$")
_MONTH = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z]*\.? (?:\d{1,2}, )?(?=\d{4}$)"
)
_DAY_BEFORE = re.compile(r"\b\d{1,2}, ?\d{4}$")


def court_faults(inside: str, reporter: str) -> Iterator[str]:
    """What is wrong with what stands between the brackets, as "calls the circuit '2nd Cir.', which is '2d Cir.'".

    Args:
        inside: court and year, as "9th Cir. 1994".
        reporter: that the citation is of.
    """
    if (found := _CIRCUIT.search(inside)) is not None:
        number = int(found["number"])
        form = f"{number}{_ENDINGS.get(number, 'th')} Cir."
        if not 1 <= number <= _CIRCUITS:
            yield f"names a circuit {number}, but there are {_CIRCUITS} with a number"
        elif found[0] != form:
            yield f"calls the circuit {found[0]!r}, which is written {form!r}"
    elif (spelled := _SPELLED.search(inside)) is not None:
        yield f"calls the circuit {spelled[0]!r}; write its number, as '9th Cir.'"
    elif _BARE.match(inside):
        yield "names no circuit; add its number"
    if (district := _DISTRICT.match(inside)) is not None and not (
        district["one"] and district["other"]
    ):
        yield f"calls the district {district[0]!r}, which is written '{district['part']}.D.'"
    if (name := _LONG_NAMES.search(inside)) is not None and "App" not in inside:
        yield f"writes {name[0]!r} out in its brackets; abbreviate it"
    if (month := _MONTH.search(inside)) is not None:
        yield f"gives the month {month[0]!r}; the year is enough for a case in a reporter"
    if _COMMA.search(inside) and not _DAY_BEFORE.search(inside):
        yield "has a comma before its year; take it out"
    if reporter == "U.S." and re.match(r"(?:Sup\. ?Ct|S\. ?Ct|U\.S|SCOTUS|Supreme)", inside):
        yield "names a court, but U.S. holds the Supreme Court alone; leave it out"
