"""How much of one unit is how much of another, by pint and for what a laboratory measures."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Any

# what is told in moles as well: g/mol
_MOLAR_TEXT = {
    r"glucose|blood sugar|glyc(?:a?emia|a?emic)": 180.16,
    r"cholesterol|[LH]DL(?:-C)?": 386.65,
    r"triglycerides?": 885.4,
    r"creatinine": 113.12,
    r"uric acid|urate": 168.11,
    r"urea nitrogen|BUN": 28.01,
    r"urea": 60.06,
    r"calcium": 40.08,
    r"magnesium": 24.305,
    r"phosph(?:ate|orus)": 30.97,
    r"bilirubin": 584.66,
    r"iron": 55.85,
    r"cortisol": 362.46,
    r"vitamin D|25-OH|calcidiol": 400.64,
    r"vitamin B ?12|cobalamin": 1355.4,
    r"fol(?:ate|ic acid)": 441.4,
    r"testosterone": 288.42,
    r"estradiol": 272.38,
    r"thyroxine|\bT4": 776.87,
    r"lactate|lactic acid": 90.08,
    r"ethanol|alcohol": 46.07,
    r"lithium": 6.94,
}
_SUBSTANCES = re.compile(
    "|".join(rf"(?P<s{i}>\b(?:{name})\b)" for i, name in enumerate(_MOLAR_TEXT)), re.IGNORECASE
)
_MOLAR = tuple(_MOLAR_TEXT.values())
# gram of a unit of biological activity
_GRAMS_A_UNIT = {"D": 0.025e-6, "A": 0.3e-6, "E": 0.67e-3}
_VITAMIN = re.compile(r"\bvitamin ([ADE])\b", re.IGNORECASE)
_GLYCATED = re.compile(r"\b(?:Hb ?A1c|A1C|glycated h(?:a?e)moglobin)\b", re.IGNORECASE)
_NEAR, _NEXT = 150, 40


@dataclass(frozen=True, slots=True)
class Scale:
    """What makes a number of one unit a number of another: value * factor + offset.

    Attributes:
        is_inverse: factor / value, as of miles a gallon and litres a hundred kilometres.
    """

    factor: float
    offset: float = 0.0
    is_inverse: bool = False

    def __call__(self, value: float) -> float:
        if self.is_inverse:
            return self.factor / value if value else float("inf")
        return value * self.factor + self.offset

    def back(self, value: float) -> float:
        """The number that makes a value."""
        return self(value) if self.is_inverse else (value - self.offset) / self.factor


@lru_cache(maxsize=4096)
def scale(unit: str, other: str) -> Scale | None:
    """Between units in pint; None where they measure different things."""
    registry = _registry()
    one, target = registry.parse_units(unit), registry.parse_units(other)
    if one.dimensionality == target.dimensionality:
        zero, two = (float(registry.Quantity(n, one).to(target).magnitude) for n in (0.0, 2.0))
        return Scale((two - zero) / 2, zero)
    if _are_inverse(unit, other) and one.dimensionality == (1 / target).dimensionality:
        return Scale(float((1 / registry.Quantity(1.0, one)).to(target).magnitude), 0.0, True)
    return None


def _are_inverse(unit: str, other: str) -> bool:
    """Whether one may rise as the other falls: minutes a kilometre and kilometres an hour, or Hz.

    A dose in mg/kg/day is no number of days.
    """
    per = [not name.isidentifier() for name in (unit, other)]
    return all(per) or "hertz" in unit + other


def scale_of_substance(text: str, start: int, end: int, unit: str, other: str) -> Scale | None:
    """Between masses and moles or units of activity, by what stands near in the text.

    Args:
        start, end: of the two quantities.
    """
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEXT]
    if {unit, other} == {"hundredth", "(millimole)/(mole)"}:
        if not (_GLYCATED.search(before) or _GLYCATED.search(after)):
            return None
        # IFCC and NGSP
        return Scale(10.929, -23.5) if unit == "hundredth" else Scale(0.0915, 2.15)
    vitamins = _VITAMIN.findall(before) or _VITAMIN.findall(after)
    if vitamins and "activity_unit" in unit + other:
        return _scale_by_mass(unit, other, "activity_unit", 1 / _GRAMS_A_UNIT[vitamins[-1].upper()])
    named = [*_SUBSTANCES.finditer(before)][-1:] or [*_SUBSTANCES.finditer(after)][:1]
    if named and "mole" in unit + other:
        molar = _MOLAR[int(str(named[0].lastgroup).removeprefix("s"))]
        return _scale_by_mass(unit, other, "mole", 1 / molar)
    return None


@lru_cache(maxsize=4096)
def _scale_by_mass(unit: str, other: str, counted: str, per_gram: float) -> Scale | None:
    """Where a gram is so many of what is counted."""
    registry = _registry()
    ratio = registry.Quantity(per_gram, f"{counted}/gram")
    one, target = registry.Quantity(1.0, unit), registry.parse_units(other)
    for changed in (one * ratio, one / ratio):
        if changed.dimensionality == target.dimensionality:
            return Scale(float(changed.to(target).magnitude))
    return None


@cache
def can_convert() -> bool:
    """Whether units can be converted: only with the `quality` extra, which a backend may lack."""
    return find_spec("pint") is not None


@cache
def _registry() -> Any:
    import pint  # slow to load; only where a text converts something

    registry: Any = pint.UnitRegistry()
    for definition in (
        "metric_cup = 250 * milliliter",
        "decade_of_years = 10 * year",
        "hundred_kilometers = 100 * kilometer",
        "data_bit = [information]",
        "data_byte = 8 * data_bit",
        "whole = [whole]",
        "hundredth = 1e-2 * whole",
        "thousandth = 1e-3 * whole",
        "basis_point = 1e-4 * whole",
        "part_per_million = 1e-6 * whole",
        "part_per_billion = 1e-9 * whole",
        "activity_unit = [activity]",
    ):
        registry.define(definition)
    return registry
