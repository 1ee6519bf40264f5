"""Which of several alternatives a sentence chooses: a day, a plan by its letter, who pays, one of `A or B`."""

import re
from collections.abc import Sequence

from sync.quality.facts.claims import MainClaim, claim_words
from sync.quality.facts.dates import agrees, dates_in
from sync.quality.facts.sentences import content_stems
from sync.quality.facts.sides import denials

_OR = re.compile(
    r"\b((?:[\w'-]+ ){0,2}[\w'-]+),? or (?:(?:is|are|does|do|did|the|a|an|just|rather|only|to|should it be) ){0,2}"
    r"((?:[\w'-]+ ?){1,2})",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\b(plan|option|card|tier|version|choice|candidate|scenario|method|product|model|drug|policy|account|supplier|"
    r"offer|bid|route|group|team|machine|class|grade|stage|level|category|type|party|fund|clause|article|rule) "
    r"((?-i:[A-Z])\b|\d+\b|(?-i:[IVX]+)\b)",
    re.IGNORECASE,
)
# a day that bounds a time is none of it
_BOUND = r"(?<!\bbefore )(?<!\bafter )(?<!\bby )(?<!\buntil )(?<!\bsince )(?<!\bfrom )"
_DAYS = re.compile(rf"{_BOUND}\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_MONTHS = re.compile(
    r"\b(?:January|February|March|April|May(?= \d|[.,]|$)|June|July|August|September|October|November|"
    r"December)\b"
)
# who does something
_PARTIES = (
    r"(bank|customer|insurer|policyholder|landlord|tenant|buyer|seller|employer|employee|lender|borrower|plaintiff|"
    r"defendant|claimant|respondent|company|client|supplier|manufacturer|patient|hospital|husband|wife|owner|"
    r"contractor|carrier|merchant|retailer|sender|receiver|user|driver|doctor|estate|guarantor|state|union)"
)
_WHO = re.compile(
    rf"\b{_PARTIES}\b(?= (?:will |must |should |has to |have to |can |is |are )?(?:bears?|bore|pays?|paid|wins?|won|lost|"
    r"owes?|owed|liable|responsible|prevails?|loses?|keeps?|carr(?:y|ies)|covers?|at fault))",
    re.IGNORECASE,
)
_FEW = 3  # words of an answer that is a name
_PARTY_ALONE = re.compile(rf"\W*(?:the )?{_PARTIES}\W*", re.IGNORECASE)
_PREFERRED = re.compile(r"\b(?:instead of|rather than|and not|than|but not)\b", re.IGNORECASE)
_MORE = r"(?:more|greater|larger|bigger|higher|longer|older|heavier|faster|later|stronger|taller|warmer|better|more \w+)"
_LESS = r"(?:less|fewer|smaller|lower|shorter|younger|lighter|slower|earlier|weaker|colder|cooler|worse|cheaper|less \w+)"
_COMPARED = re.compile(
    rf"(?P<one>[\w'-]+) (?:is|are|was|were|costs?|takes?|lasts?|has|have) (?:\w+ ){{0,2}}?(?:(?P<more>{_MORE})|(?P<less>{_LESS})) "
    r"(?:\w+ ){0,2}?than (?:the |a )?(?P<other>[\w'-]+)",
    re.IGNORECASE,
)


# the winner of a comparison that names no loser
_WINS = re.compile(
    rf"\b(?P<one>[\w'-]+) (?:is|are|was|were|costs?|takes?|comes?|has|does) (?:the )?"
    rf"(?P<how>{_MORE}|{_LESS}|\w{{3,}}er)\b(?! than)",
    re.IGNORECASE,
)
_COMPARED_WITH = re.compile(
    rf"\b(?:(?P<more>{_MORE})|(?P<less>{_LESS})) (?:with|in|for|on|by|under|after) (?:the |a )?(?P<one>[\w'-]+) "
    r"(?:\w+ ){0,2}?than (?:(?:with|in|for|on|by|under|after) )?(?:the |a )?(?P<other>[\w'-]+)",
    re.IGNORECASE,
)


def chosen_otherwise(question: str, told: str, claim: MainClaim, said: Sequence[str]) -> bool:
    """Whether a sentence chooses one of several alternatives, and an answer another one.

    Args:
        told: the sentence that the answer should follow from.
        claim: what it claims.
        said: the answer's first sentences.
    """
    return (
        _another_day(told, " ".join(said))
        or _another_label(claim.clause, said[0])
        or _another_party(claim.clause, said[0])
        or _compared_otherwise(claim.clause, said[0])
        or _another_wins(f"{question} {told}", claim.clause, said[0])
        or _the_other(question, claim.clause, said[0])
        or _the_one_not_preferred(claim.clause, said[0])
    )


def _another_day(told: str, answer: str) -> bool:
    dates, (date, *more) = dates_in(told), (*dates_in(answer), None)
    if dates and date and more == [None]:
        return not any(
            agrees(one, other) for each in dates for one in each.readings for other in date.readings
        )
    for pattern in (_DAYS, _MONTHS):
        ours, theirs = set(pattern.findall(told)), set(pattern.findall(answer))
        if ours and len(theirs) == 1 and not ours & theirs:
            return True
    return False


def _another_label(told: str, first: str) -> bool:
    ours, theirs = ({(k.lower(), v) for k, v in _LABELLED.findall(one)} for one in (told, first))
    if len(ours) != 1 or len(theirs) != 1 or ours == theirs:
        return False
    (kind, _), (other, _) = *ours, *theirs
    return kind == other and denials(told) == denials(first)


def _another_party(told: str, first: str) -> bool:
    ours, theirs = ({who.lower() for who in _WHO.findall(one)} for one in (told, first))
    if (alone := _PARTY_ALONE.fullmatch(first)) is not None:
        theirs = {alone[1].lower()}
    apart = len(ours) == 1 and len(theirs) == 1 and ours != theirs
    return apart and denials(told) % 2 == denials(first) % 2


def _compared_otherwise(told: str, first: str) -> bool:
    """Whether one says that A is more than B, and the other that it is less, or that B is more."""
    one, other = (_COMPARED.search(each) or _COMPARED_WITH.search(each) for each in (told, first))
    if one is None or other is None:
        return False
    ends = [(each["one"].lower(), each["other"].lower()) for each in (one, other)]
    same_way = (one["more"] is None) == (other["more"] is None)
    if denials(told) or denials(first):
        return False
    return (ends[0] == ends[1] and not same_way) or (ends[0] == ends[1][::-1] and same_way)


def _another_wins(known: str, told: str, first: str) -> bool:
    """Whether one says that A is cheaper, and the other that B is, of which the task speaks."""
    one, other = _WINS.search(told), _WINS.search(first)
    if one is None or other is None or one["how"].lower() != other["how"].lower():
        return False
    winner, another = (content_stems(each["one"]) for each in (one, other))
    is_known = another and another <= content_stems(known)
    same_way = denials(told) % 2 == denials(first) % 2
    return bool(winner and is_known and not winner & another and same_way)


def _the_one_not_preferred(told: str, first: str) -> bool:
    """Whether an answer of a word or two is what a sentence sets another above."""
    preferred, *others = _PREFERRED.split(told)
    answer = claim_words(first)
    if (
        not others
        or not content_stems(first)
        or len(answer) > _FEW
        or denials(told)
        or denials(first)
    ):
        return False
    return answer <= claim_words(others[-1]) and not answer <= claim_words(preferred)


def _the_other(question: str, told: str, first: str) -> bool:
    """Whether the question names two alternatives, of which the two sentences choose different ones."""
    step, answer = (content_stems(re.split(r"\bthan\b", one)[0]) for one in (told, first))
    for one, other in _OR.findall(question):
        left, right = content_stems(one), content_stems(other)
        left, right = left - right, right - left
        for here, there in ((left, right), (right, left)) if left and right else ():
            chosen = here & step and not there & step
            if chosen and there & answer and not here & answer:
                return denials(told) % 2 == denials(first) % 2
    return False
