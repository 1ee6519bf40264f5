"""Words and names of which a sentence chooses one: colours, relatives, tiers, people, products.

An answer that has another one of the same class than the reasoning before it chooses otherwise.
"""

import re

from sync.quality.facts.sentences import STOP_WORDS
from sync.quality.facts.sides import denials

# each line a class; forms of one word are joined by a bar
_CLASSES_SAID = r"""
sons? / daughters? / wife / husband / mother / father / brothers? / sisters? / nephews? / nieces? / uncle / aunt / cousins? / widow / widower
red / blue / green / yellow / black / white / orange / purple / pink / brown / gr[ae]y
left(?! with| over)(?<!are left)(?<!is left)(?<!were left) / right(?!s\b| (?:to|of|now|away|choice|drug|one|answer|option|plan|after|before)\b)
north / south / east / west
basic / standard / premium / gold / silver / platinum / bronze / enterprise / starter
low / medium|moderate / high / critical
daily / weekly / fortnightly / monthly / quarterly / yearly|annually
breakfast / lunch / dinner
spring / summer / autumn / winter
first / second(?!s)(?<!\d second) / third / fourth / fifth
single / joint
fixed|fix / float|floating|variable
mild / severe
orally|oral / intravenous(?:ly)? / topical(?:ly)? / subcutaneous(?:ly)? / intramuscular(?:ly)?
civil / criminal
even(?!,? (?:if|though|when|more|less|the)) / odd
morning / afternoon / evening
bacterial / viral / fungal
acute / chronic
plaintiff|claimant / defendant|respondent
debit / credit
(?:all|every one|each)(?= (?:of )?(?:the|them|those|these|\w+s)\b)|everyone / none|nobody|no one
profit|gain|surplus / loss|deficit|shortfall
at least|no fewer than|no less than / at most|no more than|up to
above|over(?= the)|exceeds / below|under(?= the)
before(?= the) / after(?= the)
"""
_CLASSES = [
    [re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE) for words in line.split(" / ")]
    for line in _CLASSES_SAID.strip().splitlines()
]
_CAPITAL = re.compile(r"(?<![\w/.@-])[A-Z][\w’'-]*[a-z0-9][\w-]*")
_LOWER = re.compile(r"(?<![\w/.@-])[a-z][\w’'-]+")
# one is another, see `alternatives`, unless it bounds a time
_DAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b")
_SEVERAL = re.compile(r"(?<=\w{3})(?:['’]s|s['’]?)$")  # "Sundays", "Anna's"
_QUOTED = re.compile(r"[\"'“‘`*]{1,2}([A-Za-z][\w -]{1,30}?)[\"'”’`*]{1,2}(?!\w)")
_PATH = re.compile(
    r"(?<![\w:/])(?:~?/[\w.-]+){2,}|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|py|js|txt|csv|json|ya?ml|toml|log|conf)\b"
)
_NO_NAMES = frozenset(
    [
        "so",
        "yes",
        "no",
        "the",
        "this",
        "that",
        "then",
        "therefore",
        "thus",
        "hence",
        "it",
        "its",
        "they",
        "he",
        "she",
        "we",
        "you",
        "i",
        "if",
        "as",
        "since",
        "because",
        "only",
        "both",
        "neither",
    ]
)
_HEADS = (
    r"(?P<head>diagnosis|categor(?:y|ies)|cause|capital|currency|language|type|winner|culprit|treatment|drug|medicine|"
    r"antibiotic|method|priority|status|colou?r|department|team|supplier|owner|author|material|reason|label|intent|topic|"
    r"country|city|species|organ|element|sentiment|genre|root cause|answer|choice)"
)
_IS_VALUE = re.compile(
    rf"\b(?:the|her|his|its|their|your|most likely|likely) (?:[\w-]+ )?{_HEADS} (?:is|was|must be|will be) "
    r"(?:therefore |thus |hence )?(?:the |an? )?[\"'“‘*`]*(?P<value>[^\W\d_][\w -]{1,40})",
    re.IGNORECASE,
)
_VALUE_IS = re.compile(
    rf"(?P<value>[^\W\d_][\w-]{{2,30}}) (?:is|was) the (?:right|best|correct|likely|probable|most likely|only|safer?|"
    rf"recommended|preferred|main) {_HEADS}\b",
    re.IGNORECASE,
)
_CHOOSES = re.compile(
    r"^\W*(?:please )?(?:give|take|use|choose|pick|select|prescribe|buy|go (?:for|with)|it is|it's|this is)\b(?: the| an?)?",
    re.IGNORECASE,
)
_PREFIX = 5  # letters by which a word is found in another form
_FEW = 3  # words of an answer that is but a name


def other_of_a_class(told: str, claim: str, first: str) -> bool:
    """Whether a sentence has one word of a class, and an answer's first sentence another one.

    Args:
        told: the whole sentence; what stands in it anywhere is no other word.
        claim: its main clause.
    """
    for words in _CLASSES:
        ours = {i for i, word in enumerate(words) if word.search(claim)}
        theirs = {i for i, word in enumerate(words) if word.search(first)}
        if len(ours) != 1 or len(theirs) != 1 or ours == theirs:
            continue
        (mine,), (other,) = ours, theirs
        if words[other].search(told):
            continue
        apart = denials(words[mine].sub("", claim)) + denials(words[other].sub("", first))
        return apart % 2 == 0
    return False


def other_name(known: str, claim: str, first: str) -> bool:
    """Whether a clause names someone or something, and an answer another one that the task knows.

    Args:
        known: question and reasoning.
    """
    if denials(claim) % 2 != denials(first) % 2:
        return False
    for pattern in (_QUOTED, _PATH):
        ours, theirs = ({one.lower() for one in pattern.findall(text)} for text in (claim, first))
        if (
            len(ours) == 1
            and len(theirs) == 1
            and not ours & theirs
            and not any(one in claim.lower() for one in theirs)
        ):
            return True
    plain = {word.lower() for word in _LOWER.findall(known)} | STOP_WORDS | _NO_NAMES
    names = {word for word in _CAPITAL.findall(known) if word.lower() not in plain}
    ours, theirs = (
        {_SEVERAL.sub("", word) for word in _CAPITAL.findall(_DAY.sub(" ", text)) if word in names}
        for text in (claim, first)
    )
    return bool(ours and theirs) and not ours & theirs


def other_value(claim: str, told: str, first: str) -> bool:
    """Whether a clause says what the diagnosis, the category or the like is, and an answer another.

    An answer may name it alone, or behind a verb, as in "Give ibuprofen.".
    """
    ours = _IS_VALUE.search(claim) or _VALUE_IS.search(claim)
    if ours is None or denials(claim) or denials(first):
        return False
    theirs = _IS_VALUE.search(first) or _VALUE_IS.search(first)
    alone = _CHOOSES.sub("", first).strip(" .!\"'“”")
    if theirs is not None and theirs["head"].lower() == ours["head"].lower():
        given = theirs["value"]
    elif theirs is None and 0 < len(alone.split()) <= _FEW:
        given = alone
    else:
        return False
    words = {word for word in re.findall(r"[^\W_]{2,}", given.lower()) if word not in STOP_WORDS}
    held = told.lower()
    return (
        bool(words) and not any(word[:_PREFIX] in held for word in words) and not given[0].isdigit()
    )


def names_nothing_of(question: str, known: str, told: str, first: str) -> bool:
    """Whether a name is asked for, and an answer of a word or two is not what reasoning came to.

    Args:
        told: the last sentence of the reasoning.
    """
    words = [word.strip(".,;:!?\"'“”*").lower() for word in first.split()]
    content = [word for word in words if word and word not in STOP_WORDS]
    if (
        not content
        or len(content) > _FEW
        or any(map(str.isdigit, first))
        or not _asks_for_a_name(question)
    ):
        return False
    return not any(word[:5] in told.lower() for word in content) and any(
        _is_in(word, known) for word in content
    )


def _is_in(word: str, known: str) -> bool:
    return re.search(rf"\b{re.escape(word)}", known, re.IGNORECASE) is not None


def _asks_for_a_name(question: str) -> bool:
    return re.search(r"\b(?:which|who|whom|whose|what)\b", question, re.IGNORECASE) is not None
