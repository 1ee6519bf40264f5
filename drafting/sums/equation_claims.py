"""Whether what looks like an equation claims one, in the usual arithmetic.

no claim: `pages 4-7 = the summary`, `a 10 x 15 is 6 inches wide`
denied: `it is not 12 * 8 = 98`, `12 * 8 = 98 is wrong`, `instead of 12 * 8 = 98`
other arithmetic: `in binary, 1 + 1 = 10`, `9 + 5 = 2 (mod 12)`
clock: `9am - 5pm = 8 hours`
"""

import re

from drafting.sums.calculations import SumSide
from drafting.sums.sum_tokens import SumToken

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
_OTHER_BASE = re.compile(
    r"\b(?:binary|binär\w*|binaire|binari[oa]|octal|hexa?(?:decimal)?|hexadezimal\w*|boole\w*|bitwise"
    r"|modul\w+|[bp]?mod|clock|base[- ](?:\d+|two|eight|sixteen)|0[xbo][0-9a-f]+)\b|\bGF\(",
    re.IGNORECASE,
)
_CLOCK = frozenset({"am", "pm"})
_COMPARED = re.compile(
    r"\s?(?:more|less|fewer|greater|higher|lower|bigger|larger|smaller|older|younger|times|out of"
    r"|in \d|to|or|percent|per ?cent)\b|\s?[-–/:]\s?\d"
)
# up to here two numbers with a dash between them are likely a range
_SCORE = 20.0


def is_judged(line: str, left: SumSide, sign: SumToken, right: SumSide) -> bool:
    """Whether it is arithmetic: no range, no date, and no comparison."""
    numbers = left.numbers
    operators = [operand for operand in left.operands if isinstance(operand, str)]
    if left.has_fractions_divided or not _is_of_one_letter(left, right):
        return False
    if sign.is_said:
        if _COMPARED.match(line, right.first.end) or len(right.operands) > 1:
            return False
        if operators in (["-"], ["/"]) and not left.is_worded:
            return left.is_spaced and (
                operators[0] == "/" or numbers[0].readings[0].value > numbers[1].readings[0].value
            )
        # a 10 x 15 is 6 inches wide
        said = right.first.readings[0].value
        is_size = operators == ["*"] and left.is_crossed
        return not is_size or said >= max(n.readings[0].value for n in numbers)
    if operators != ["-"]:
        return True
    # 4-7 = 2 points
    first, last = (number.readings[0].value for number in numbers)
    said = right.first.readings[0].value
    return first > last or said < 0 or (left.is_spaced and last > _SCORE and said != last - first)


def _is_of_one_letter(left: SumSide, right: SumSide) -> bool:
    """Whether a letter behind a number is a unit that the result has, too, and no unknown."""
    letters = {unit for unit in left.units if len(unit) == 1}
    if not letters:
        return True
    added = any(operand in ("+", "-") for operand in left.operands)
    same = len({unit for unit in left.units if unit or added}) == 1
    return same and len(right.operands) == 1 and right.units[:1] == (*letters,)


def is_not_meant(line: str, left: SumSide, right: SumSide) -> bool:
    """Whether what stands around an equation takes it back, or says that it is of another kind.

    Args:
        line: that both sides stand in.
    """
    before, behind = line[: left.start], line[right.end :]
    return (
        _DENIED.search(before) is not None
        or _REFUSED.match(behind) is not None
        or _OTHER_BASE.search(line) is not None
        or not _CLOCK.isdisjoint(unit.casefold() for unit in left.units)
    )
