"""What a text decides: yes or no, an option, one of two opposites, or a number."""

import re
from collections.abc import Iterator

from sync.quality.facts.number_words import spelled_numbers
from sync.quality.facts.numbers import NumberInText, numbers_in

_SAID = (
    r"(?:(?:the\s+)?(?:final\s+|correct\s+|right\s+|best\s+)?"
    r"(?:answer|decision|verdict|conclusion|option|choice)(?:\s+(?:is|must be|should be)"
    r"|\s*[:=])\s*"
    r"(?:that\s+)?\W{0,4})"
)
_THUS = (
    r"(?:\b(?:so|therefore|thus|hence|consequently|in conclusion|we conclude|overall)\b[,:]?\s+"
    r"(?:that\s+|the answer is\s+)?)"
)
_OPTION = re.compile(
    rf"{_SAID}(?:option\s+)?\(?\*{{0,2}}([A-Ha-h])\*{{0,2}}(?:[).:,;]|\s*$|\s+(?:is|because|since)\b)"
    r"|^\W{0,3}(?:option\s+)?\(?([A-H])\)?[).:]?\*{0,2}\s*$"
    rf"|{_THUS}(?:option\s+)?\(?([A-H])\)?\s+(?:is|must be)\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    rf"(?:{_SAID}|{_THUS}|^\W{{0,3}})(yes|no|maybe)\b(?!\s+(?:one|more|longer|matter|doubt|need|problem)\b)"
    r"(?=\W|$)",
    re.IGNORECASE,
)
# two sides of a decision
_SIDES = (
    ("approv", r"approv(?:e|ed|es|al)", r"declined?|den(?:y|ied|ial)|reject(?:ed|s)?|refused?"),
    ("eligib", r"eligible", r"ineligible"),
    ("covered", r"covered", r"excluded|uncovered"),
    ("allowed", r"allowed|permitted", r"forbidden|prohibited"),
    ("safe", r"safe", r"unsafe|dangerous"),
    ("true", r"true|correct", r"false|incorrect|untrue"),
    ("valid", r"valid", r"invalid"),
    ("increase", r"increas(?:e|es|ed)|higher|rises?|rose", r"decreas(?:e|es|ed)|lower|falls?|fell"),
    ("guilty", r"guilty|liable", r"innocent|acquitted"),
    ("benign", r"benign", r"malignant"),
    ("positive", r"positive", r"negative"),
    ("accept", r"accept(?:ed|s)?", r"reject(?:ed|s)?"),
    ("refund", r"be refunded|entitled to a refund", r"no refund|non-refundable"),
)  # fmt: skip
_OPPOSITES = tuple(
    (name, re.compile(rf"\b(?:{one})\b", re.I), re.compile(rf"\b(?:{other})\b", re.I))
    for name, one, other in _SIDES
)
_NOT = re.compile(r"\b(?:not|never|no|cannot|without|neither)\b|n['’]t\b", re.IGNORECASE)
_RESULT = re.compile(
    rf"####\s*|\\boxed\{{|(?:{_SAID})|\b(?:in total|totals?(?:\s+(?:is|of|comes to))?|equals?|"
    rf"makes|"
    rf"comes to|which is|leaves?)\b\s*|(?:=|≈)\s*|{_THUS}",
    re.IGNORECASE,
)
_FINAL = re.compile(rf"####\s*|\\boxed\{{|{_SAID}", re.IGNORECASE)


def option_of(text: str) -> str | None:
    """The letter of the option that a text chooses last."""
    found = [next(filter(None, match.groups())) for match in _OPTION.finditer(text)]
    return found[-1].upper() if found else None


def yes_or_no(text: str) -> str | None:
    """`yes`, `no` or `maybe`, where a text begins or concludes with it."""
    found = {match[1].lower() for match in _YES_NO.finditer(text)}
    return found.pop() if len(found) == 1 else None


def sides_taken(text: str) -> dict[str, bool]:
    """For each pair of opposites of which a text takes one side: whether it is the first."""
    sides: dict[str, bool] = {}
    for name, one, other in _OPPOSITES:
        said = {not _is_denied(text, m) for m in one.finditer(text)}
        said |= {_is_denied(text, m) for m in other.finditer(text)}
        if len(said) == 1:
            sides[name] = said.pop()
    return sides


def _is_denied(text: str, match: re.Match[str]) -> bool:
    """Whether `not` and the like stand up to three words before."""
    before = " ".join(re.split(r"[.;:!?,]", text[: match.start()])[-1].split()[-3:])
    return _NOT.search(before) is not None


def final_number(text: str) -> NumberInText | None:
    """The number after `####`, `the answer is` or in a box."""
    ends = [match.end() for match in _FINAL.finditer(text)]
    return next(
        (n for n in numbers_in(text) if ends and ends[-1] <= n.start <= ends[-1] + 12), None
    )


def concluded_number(step: str) -> NumberInText | None:
    """The number that a step leads to: the last one that stands right after a sign of a result."""
    numbers = [number for number in numbers_in(step) if not number.glued]
    if not numbers:
        return None
    ends = [match.end() for match in _RESULT.finditer(step)]
    led = [n for n in numbers if any(end <= n.start <= end + 3 for end in ends)]
    if led:
        return led[-1]
    thus = re.search(_THUS, step, re.IGNORECASE)
    after = [number for number in numbers if thus and number.start >= thus.end()]
    return after[0] if len(after) == 1 else None


def all_values(text: str) -> Iterator[float]:
    """Every number of a text, in digits and in words."""
    for number in numbers_in(text):
        yield from number.values
    yield from (value for _, _, value in spelled_numbers(text))
