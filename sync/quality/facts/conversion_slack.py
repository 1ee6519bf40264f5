"""How much a converted number may be off: what its digits and its round form leave open."""

import re

from drafting.sums.numbers import NumberRead
from drafting.sums.unit_scale import Scale

_OF_INCHES = (
    "mile yard foot inch thou pound ounce fluid_ounce imperial_fluid_ounce stone grain short_ton "
    "long_ton gallon imperial_gallon quart imperial_quart pint imperial_pint cup imperial_cup "
    "tablespoon teaspoon acre psi inHg horsepower BTU pound_force oil_bbl troy_ounce"
)
# units between which and the metric ones numbers are rounded
_IMPERIAL = frozenset(_OF_INCHES.split())
_WORD = re.compile(r"[A-Za-z_0-9]*[A-Za-z_]")
TEMPERATURES = frozenset({"degree_Celsius", "degree_Fahrenheit", "kelvin"})
_EXACT_DAYS = frozenset({"fortnight", "week", "day", "hour", "minute", "second", "millisecond"})
# of a number in another system of units, and of one that is round there
_ROUGH, _ROUGHER = 0.02, 0.06
_ROUND_TO = (1000, 500, 250, 100, 50, 25, 10, 5)
# ovens and the like are told to tens of degrees from here
_HOT = {"degree_Celsius": 90.0, "degree_Fahrenheit": 200.0}
_ROUND_HEAT = 5.0


def _is_imperial(unit: str) -> bool:
    """Whether a unit in pint is, or one in it: `mile/hour`."""
    return not _IMPERIAL.isdisjoint(_WORD.findall(unit))


def are_of_two_systems(unit: str, other: str) -> bool:
    """Whether who gives both means one quantity: metric and imperial, Celsius and Fahrenheit."""
    return _is_imperial(unit) != _is_imperial(other) or {unit, other} <= TEMPERATURES


def is_near(makes: float, said: NumberRead, of: str, unit: str, *, about: bool) -> bool:
    """Whether a number is a value as far as its digits tell; more roughly between two systems.

    Args:
        of, unit: in pint; `makes` and `said` are of `unit`.
    """
    off = abs(makes - said.value)
    slack = 0.5 * 10.0**-said.decimals
    if unit in TEMPERATURES:
        return off <= slack * (1 + 1e-6) + (1.0 if about else 0.01) or (
            _is_round_heat(said, unit) and off < _ROUND_HEAT
        )
    share = _calendar_share(of, unit)
    if _is_imperial(of) != _is_imperial(unit):
        share, slack = _ROUGH, max(slack, min(_round_half(said), _ROUGHER * abs(makes)))
        share = _ROUGHER if about else share
    elif about:
        share = max(share, _ROUGH)
    # of what begins at more than nothing, half a digit may be all of it
    slack = min(slack, 0.1 * abs(makes)) if said.decimals == 0 and share == 0 else slack
    return off <= max(slack, share * abs(makes)) * (1 + 1e-6) + 1e-9


def _is_round_heat(said: NumberRead, unit: str) -> bool:
    return said.value >= _HOT.get(unit, float("inf")) and said.value % 5 == 0


def _round_half(said: NumberRead) -> float:
    """Half of what a round number is rounded to."""
    if said.decimals:
        return 0.0
    return next((step / 2 for step in _ROUND_TO if said.value % step == 0 and said.value), 0.0)


def leads_back(makes: Scale, one: NumberRead, other: NumberRead, unit: str) -> bool:
    """Whether the first number may be rounded from the second one."""
    first = makes.back(other.value)
    slack = 0.5 * 10.0**-one.decimals
    if unit in TEMPERATURES:
        slack = _ROUND_HEAT if _is_round_heat(one, unit) else slack
    else:
        slack = min(slack, _ROUGH * abs(first))
    return abs(first - one.value) <= slack


def _calendar_share(one: str, other: str) -> float:
    """What part of a time may be off since months and years are of several lengths."""
    if len({one, other} & _EXACT_DAYS) != 1:
        return 0.0
    if "month" in (one, other):
        return 0.09 if "day" in (one, other) else 0.12
    return 0.02
