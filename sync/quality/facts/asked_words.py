"""Words that mean the same to whoever asks and to whoever answers, and what kind of answer is asked for."""

import re

from drafting.sums.numbers import numbers_in
from sync.quality.facts.amounts import amounts_in
from sync.quality.facts.dates import dates_in
from sync.quality.facts.sentences import content_stems

# words of asking that say nothing of what is asked
_EMPTY_SAID = (
    "need want know tell get like question help thing anything something someone people make take give much many long "
    "possible able explain please happen use work see go come find good best difference way ask one two first second lot "
    "really actually exactly still already also wonder understand sure let describe list mention maybe currently thanks "
    "hello hi could would say mean kind type sort do does new i'd i'm i've what's well as too recommend suggest show provide confirm check last next"
)
# common words of service, money, time, law and medicine that stand for one another
_GROUPS_SAID = """
cost price fee charge pay expensive cheap rate bill invoice tariff
cancel terminate end quit unsubscribe
block freeze lock suspend disable
stolen lost theft missing
ship deliver send dispatch post parcel arrive
login password signin authenticate
restore recover undo
update upgrade release
colleague teammate member
refund reimburse compensate money
allow permit lawful legal accept prohibit forbid
safe harm danger risk
warranty guarantee cover exclude insure include
repair fix mend
landlord rent lease
notice announce
deadline due within until
child kid
buy purchase order
contact write mail email call phone
begin start effect effective
ill sick illness
schedule automatic
notify inform alert
location located stored region place
increase raise rise higher
lower reduce decrease drop
error fault bug crash
symptom sign
medicine drug medication tablet treat treatment therapy
cause reason because
appeal object dispute complain contest
difference differ whereas unlike
limit maximum most minimum least
address street
"""
_EMPTY = content_stems(_EMPTY_SAID)
_CONCEPTS = {
    stem: group.split()[0]
    for group in reversed(_GROUPS_SAID.strip().splitlines())
    for stem in content_stems(group)
}
_MONEY = re.compile(
    r"\bcosts?\b|\bprices?\b|\bfees?\b|\bcharges?\b|how much(?! (?:\w+ )?(?:space|storage|time|memory|data|room|water|fluid|food|weight|sleep|salt|sugar|energy|power|notice|work|of)\b)|(?:have|need) to pay|what (?:do|would|must) (?:i|we) pay|\bexpensive\b|\binterest rate\b",
    re.I,
)
_TIME = re.compile(
    r"\bwhen\b|how long|how soon|how often|\bdeadlines?\b|\bwhat (?:time|date|day)\b|\bby (?:when|what date)\b|"
    r"\bhours?\b|\bhow quickly\b|\bhow fast\b|until when",
    re.I,
)
_COUNT = re.compile(
    r"\bhow (?:many|old|far|high|big|large|heavy|tall)\b|\bhow much (?:\w+ )?(?:space|storage|memory|data|water|fluid|salt|sugar)\b|\b(?:maximum|minimum|limit)\b",
    re.I,
)
_HOW_MANY = re.compile(r"\bhow many (?P<what>[\w-]+(?: [\w-]+)?)", re.I)
_FREE = re.compile(
    r"\bfree\b|no (?:fee|charge|cost)|prepaid|\bnothing\b|not (?:have to )?(?:spend|pay)|refund|compensat|\bincluded\b|at no (?:extra )?(?:cost|charge)|\bhalf\b|%|per ?cent",
    re.I,
)
_TIME_SAID = re.compile(
    r"\b(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|today|tomorrow|immediately|instantly|always|never|"
    r"daily|weekly|monthly|yearly|annually|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|am|pm|noon|midnight|"
    r"soon|once|twice|at once|right away|as soon as|every|(?:19|20)\d\d|(?-i:January|February|March|April|May|June|July|August|"
    r"September|October|November|December))\b|\d ?[ap]\.?m\b|\d:\d\d",
    re.I,
)
_RATE = re.compile(
    r"(?:(?<=\d )(?:an?|each)|\bper) (?:night|day|week|month|year|hour|minute)\b|\bmore than once\b",
    re.I,
)
_SHORT_STEM = 3  # letters
_SHORT = 6  # words of an answer that is but a number


def concepts(text: str) -> frozenset[str]:
    """Stems of what is spoken of, words of one meaning as one, and numbers; empty words left out."""
    stems = (_CONCEPTS.get(stem, stem) for stem in content_stems(text) - _EMPTY)
    # "copy" as in "copies"
    plain = (
        stem[:-1] if stem.endswith("y") and len(stem) > _SHORT_STEM else stem for stem in stems
    )
    return frozenset(plain) | {number.text for number in numbers_in(text) if not number.glued}


def kind_asked(question: str) -> str:
    """`money`, `count` or `time` where a question asks for one, else ""."""
    if _MONEY.search(question):
        return "money"
    if _COUNT.search(question):
        return "count"
    return "time" if _TIME.search(question) else ""


def gives(kind: str, question: str, answer: str) -> bool:
    """Whether an answer has an amount, a number or a time."""
    numbers = numbers_in(answer)
    if kind == "money":
        is_number = bool(numbers) and len(answer.split()) <= _SHORT
        return is_number or any(amounts_in(answer, numbers)) or _FREE.search(answer) is not None
    if kind == "time":
        answer = _RATE.sub(" ", answer)
        return _TIME_SAID.search(answer) is not None or bool(dates_in(answer))
    counted = _HOW_MANY.search(question)
    if counted is None:
        return bool(numbers)
    wanted = content_stems(counted["what"])
    return any(
        not number.glued and (not number.of or content_stems(number.of) & wanted)
        for number in numbers
    )
