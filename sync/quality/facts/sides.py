"""Pairs of opposites of which a text takes one side: refunded or kept, eligible or not, rising or falling."""

import re
from collections.abc import Iterator

_BACK = r"(?: \S+){0,6}? back"
# each side as a text says it; what is denied of one is said of the other
_SIDES: tuple[tuple[str, str, str], ...] = (
    (
        "refund",
        rf"refund(?:s|ed|able|ing)?|reimburse(?:s|d|ment)?|giv(?:e|es|en|ing){_BACK}|g[eo]ts?{_BACK}|ha(?:ve|s){_BACK}|"
        rf"pa(?:y|ys|id){_BACK}|waiv(?:e|es|ed|er|ing)|be(?:en)? returned|return(?:s|ed)? the (?:money|fee|amount|sum|price|deposit)|"
        r"compensat(?:e|es|ed|ion)|revers(?:e|es|ed) the (?:charge|fee|payment|debit)|(?:charge|fee|payment|debit)s?(?: \S+){0,4} reversed|credit(?:s|ed)? (?:it|the|your|back)|"
        r"(?:bank|we|us|insurer|company|seller|landlord|employer) (?:will |must |has to |have to )?(?:bears?|covers?|pays?)",
        r"non-?refundable|(?:fee|charge|cost|amount|price|payment|debit)s?(?: \S+){0,4} (?:stands?|stays?|remains?|is kept)|"
        r"(?:customer|you|client|patient|buyer|tenant|policyholder|consumer|employee) (?:will |must |has to |have to )?"
        r"(?:bears?|pays?)|(?:keep|retain)s? the (?:fee|charge|money|amount|deposit)|at your own expense|forfeit(?:s|ed)?",
    ),
    (
        "approve",
        r"approv(?:e|es|ed|al)|accept(?:s|ed|able)?|grant(?:s|ed)?|uph(?:old|eld)|succeeds?|prevails?|endorsed?",
        r"declin(?:es|ed)|(?:must|should|will|to|we) decline|den(?:y|ies|ied|ial)|reject(?:s|ed|ion)?|refus(?:e|es|ed|al)|dismiss(?:es|ed|al)?|"
        r"turn(?:s|ed)? down|fails?|overturned|quashed",
    ),
    (
        "eligible",
        r"eligible|entitled|qualif(?:y|ies|ied)|meets? (?:the|all|every|our|its) (?:\w+ )?(?:conditions?|criteria|"
        r"requirements?|terms|test|threshold)",
        r"ineligible|disqualified|falls? short of|misses the (?:conditions?|criteria|threshold)",
    ),
    (
        "covered",
        r"covered|covers|insured|included|protected|(?:falls|is) (?:within|under) (?:the )?(?:cover|policy|warranty|guarantee)",
        r"excluded|uncovered|uninsured|(?:falls|is) outside (?:of )?(?:the |your )?(?:cover|policy|warranty|guarantee)",
    ),
    (
        "allowed",
        r"allowed|permitted|permissible|authori[sz]ed|lawful|legal|possible|able to|free to",
        r"forbidden|prohibited|banned|barred|unlawful|illegal|impossible|unable to|off limits",
    ),
    (
        "safe",
        r"safe|harmless|advisable|appropriate|suitable|recommended|indicated|tolerated",
        r"unsafe|dangerous|harmful|inadvisable|inappropriate|unsuitable|contraindicated|avoid(?:ed)?|discouraged|risky",
    ),
    ("true", r"true|correct|right(?! (?:to|of|now|away|hand|side|choice|one|before|after))|sound", r"false|incorrect|untrue|wrong|mistaken|unsound"),
    ("strong", r"strong", r"weak|feeble"),
    (
        "valid",
        r"valid|binding|enforceable|in force|effective as a contract|still good",
        r"invalid|void|unenforceable|expired|lapsed|null|(?:ran|runs?) out|out of date",
    ),
    (
        "increase",
        r"increas(?:e|es|ed|ing)|rais(?:e|es|ed|ing)|higher|rises?|rose|rising|grow(?:s|n|ing)?|grew|more than before|improv(?:e|es|ed)|(?:go|goes|went|gone) up|up by",
        r"decreas(?:e|es|ed|ing)|lower(?:s|ed|ing)?|cuts?(?= the| its| rates?| prices?)|falls?|fell|falling|shr(?:inks?|ank)|declined|dropp?ed|drops|less than before|"
        r"reduc(?:e|es|ed)|worsen(?:s|ed)?|(?:go|goes|went|gone) down|down by",
    ),
    (
        "guilty",
        r"guilty|liable|responsible|at fault|negligent|in breach|breached|infring(?:es|ed)|"
        r"(?:his|her|its|their|your|my|our|\w+['’]s) (?:own )?fault|to blame",
        r"innocent|acquitted|blameless|exonerated|cleared of",
    ),
    ("benign", r"benign|harmless growth", r"malignant|cancerous"),
    ("positive", r"positive", r"negative"),
    (
        "present",
        r"present|detected|found|confirmed|proven|established|demonstrated",
        r"absent|ruled out|excluded as|unproven|refuted",
    ),
    (
        "effective",
        r"effective|efficacious|beneficial|worthwhile",
        r"ineffective|useless|futile|of no (?:use|value|benefit)",
    ),
    (
        "needed",
        r"required|necessary|needed|needs?|requires?|mandatory|compulsory",
        r"optional|unnecessary|voluntary|needless|superfluous",
    ),
    (
        "go on",
        r"continu(?:e|es|ed)|go(?:es)? on(?! to)|runs on(?= for| until|\W*$)|carry on|keep (?:taking|using|paying|going)|"
        r"start(?:s|ed)?|resume",
        r"stop(?:s|ped)?|discontinu(?:e|ed)|ceas(?:e|es|ed)|halt(?:ed)?|cancel(?:s|led|ed)?|end(?:s|ed)? the|"
        r"ha(?:s|ve) ended",
    ),
    (
        "available",
        r"available|in stock|supported|compatible|works with|offered",
        r"unavailable|out of stock|sold out|unsupported|incompatible|discontinued|withdrawn",
    ),
    ("up", r"(?:is|are|was|were|back) up(?! to)|online|reachable", r"(?:is|are|was|were) (?:not )?down(?! to)|offline|unreachable"),
    ("open", r"opens?|opened|active|enabled|switched on|unlocked", r"closes?|closed|shut|inactive|disabled|switched off|locked|blocked"),
    (
        "in time",
        r"in time|on time|within the (?:period|deadline|time)|punctual(?:ly)?|c[oa]mes? early",
        r"too late|late|overdue|after the deadline|out of time|(?:claim|suit|action|case) is (?:time-)?barred",
    ),
    (
        "enough",
        r"enough|sufficient|adequate|suffices",
        r"insufficient|inadequate|too (?:little|few|small|short)|needs? (?:a second|another|one more|more|an additional)",
    ),
    ("pass", r"pass(?:es|ed)", r"fail(?:s|ed)"),
    ("buy", r"buy|purchase", r"sell"),
    ("repair", r"repair(?:ed|s)?|fix(?:ed)?", r"replac(?:e|ed|es|ement)|scrap(?:ped)?"),
    ("same", r"same|identical|equal|equivalent|comparable", r"different|unequal|distinct|differs?"),
    ("free", r"free(?: of charge)?|without (?:a |any )?(?:fee|charge|cost)|costs? nothing", r"chargeable|costs? (?:extra|more)|(?:a|the) (?:fee|charge) applies"),
    ("settled", r"settled|paid (?:off|back|in full)|repaid", r"owes?(?! (?:\w+ )?no)|outstanding|unpaid"),
    ("full price", r"(?:normal|full|regular|standard) (?:price|rate|fare)", r"discount(?:ed)?|early[- ]bird|reduced (?:price|rate|fare)"),
    ("edible", r"edible|eat(?:en)?|drinkable|drunk", r"poisonous|toxic|inedible|undrinkable"),
    ("chance", r"significant", r"(?:by|mere|pure|be|just) chance|insignificant"),
    ("at once", r"at once|immediately|right away|straight away", r"leave (?:it|them) (?:as|for)|for now|later|postponed?|put off"),
    ("kept away", r"ke(?:ep|pt) (?:\S+ ){0,3}away|stay away", r"(?:is|are) (?:fine|all right|harmless)|go ahead"),
    ("holds", r"holds|withstands?|bears the (?:load|weight)", r"collapses?|gives way|breaks"),
    ("profit", r"makes? money|made money|profit(?:s|able)?", r"los(?:es?|t) (?:money|[$€£]?\d\S*)|made a loss"),
    ("likely", r"likely|probable", r"unlikely|improbable"),
)  # fmt: skip
_OPPOSITES = tuple(
    (name, re.compile(rf"\b(?:{one})\b", re.I), re.compile(rf"\b(?:{other})\b", re.I))
    for name, one, other in _SIDES
)
_NOT = re.compile(
    r"\b(?:not(?! only)|never|no(?! (?:doubt|matter|more|less|later|longer than|sooner))|cannot|without|neither|absence of|lacks?|little|few|"
    r"nobody|nothing|none|exempt|(?:is|are|has|have) gone|hardly|scarcely|fail(?:s|ed)? to|refus(?:e|es|ed) to|unable to)\b|n['’]t\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"\b(?:rather than|instead of|nor)\b", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|unless|whether|had|were)\b", re.IGNORECASE)
_CLAUSE_ENDS = re.compile(
    r"[.;:!?]|, (?!and\b|or\b)|\b(?:but|because|since|although|though|while|whereas|so)\b"
)
_REACH = 4  # words before, in which a denial stands, small ones left out
_SMALL = frozenset({"a", "an", "the", "of"})


def sides_taken(text: str) -> dict[str, bool]:
    """For each pair of opposites of which a text takes one side: whether it is the first."""
    sides: dict[str, bool] = {}
    for name, one, other in _OPPOSITES:
        said = {not denied for denied in _denied(one, text)} | set(_denied(other, text))
        if len(said) == 1:
            sides[name] = said.pop()
    return sides


def _denied(side: re.Pattern[str], text: str) -> Iterator[bool]:
    """For each place where a side is named, and not under a condition: whether it is denied."""
    for found in side.finditer(text):
        if not _is_supposed(text, found):
            yield is_denied(text, found.start()) != (_NOT.search(found[0]) is not None)


def is_denied(text: str, at: int) -> bool:
    """Whether `not` and the like stand up to four words before a place, in the same clause."""
    before = _CLAUSE_ENDS.split(text[:at])[-1] or ""
    near = " ".join([word for word in before.split() if word.lower() not in _SMALL][-_REACH:])
    return _NOT.search(near) is not None or _INSTEAD.search(near) is not None


def denials(text: str) -> int:
    """How often a text denies something."""
    return sum(1 for _ in _NOT.finditer(text))


def _is_supposed(text: str, match: re.Match[str]) -> bool:
    """Whether it stands in a clause that begins with `if`."""
    before = re.split(r"[.;:!?,]", text[: match.start()])[-1].split()
    return bool(before) and _IF.fullmatch(before[0]) is not None
