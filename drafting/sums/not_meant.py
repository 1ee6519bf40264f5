"""Equations that a text does not claim, or that hold in another arithmetic than the usual one.

denied: `it is not 12 * 8 = 98`, `12 * 8 = 98 is wrong`, `instead of 12 * 8 = 98`
other arithmetic: `in binary, 1 + 1 = 10`, `9 + 5 = 2 (mod 12)`
clock: `9am - 5pm = 8 hours`
"""

import re

from drafting.sums.calculations import SumSide

_QUOTE = r"[\s\"'`“”„«»‘’*_(:$]*"
# right before it
_DENIED = re.compile(
    r"(?:\b(?:not|never|isn['’]t|instead of|rather than|nicht|statt|anstatt|et non|au lieu de|no es"
    r"|en lugar de|en vez de|invece di|niet|inte|ikke|não é|em vez de|не|а не|вместо)"
    r"|(?:\bnot|n['’]t) (?:true|right|correct|so|the case) that"
    r"|\b(?:wrong|false|incorrect|mistake|error|claim\w*|misread\w*) that"
    r"|\b(?:mistake|error|falsch|fehler|wrong|incorrect|faux|erreur|incorrecto|errado)"
    rf"(?: (?:is|was|ist|war|est|es|é))?)\s?{_QUOTE}$",
    re.IGNORECASE,
)
# right behind it
_REFUSED = re.compile(
    rf"\s?[^\W\d_]{{0,12}}{_QUOTE},?\s?(?:which |that |this |das |was |ce qui |lo que )?"
    r"(?:is|are|was|isn['’]t|ist|war|est|es|é|är|er)?\s?"
    r"(?:(?:not|nicht|pas|no|não|inte|ikke) (?:true|right|correct|richtig|wahr|vrai|juste|correcto"
    r"|certo|rätt)|(?:a )?(?:wrong|false|incorrect|untrue|mistaken?|falsch|faux|incorrecto|falso"
    r"|errado|sbagliato|fout|fel|forkert|неверно|неправильно))\b",
    re.IGNORECASE,
)
_MODULO = re.compile(r"\s?[^\W\d_]{0,3}[$\\]*\s?\(?\s?\\?(?:[pb]?mod\w*)\b", re.IGNORECASE)
_OTHER_BASE = re.compile(
    r"\b(?:binary|binär\w*|binaire|binari[oa]|octal|hexa?(?:decimal)?|hexadezimal\w*|boole\w*|bitwise"
    r"|modul\w+|mod|clock|base[- ](?:\d+|two|eight|sixteen)|0[xbo][0-9a-f]+)\b|\bGF\(",
    re.IGNORECASE,
)
_CLOCK = frozenset({"am", "pm"})


def is_not_meant(line: str, left: SumSide, right: SumSide) -> bool:
    """Whether what stands around an equation takes it back, or says that it is of another kind.

    Args:
        line: that both sides stand in.
    """
    before, behind = line[: left.start], line[right.end :]
    return (
        _DENIED.search(before) is not None
        or _REFUSED.match(behind) is not None
        or _MODULO.match(behind) is not None
        or _OTHER_BASE.search(line) is not None
        or not _CLOCK.isdisjoint(unit.casefold() for unit in left.units)
    )
