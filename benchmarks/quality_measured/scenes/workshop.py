"""A machine maker's answers, with quantities in two units, and with sums."""

from collections.abc import Callable, Mapping
from random import Random

from benchmarks.quality_measured.cases import Half
from benchmarks.quality_measured.scenes.filled import Scene, Template

# of half and quantity: both units and the way from one to the other
CONVERSIONS: Mapping[Half, Mapping[str, tuple[str, str, Callable[[float], float]]]] = {
    "dev": {
        "way": ("km", "miles", lambda km: km / 1.609344),
        "heat": ("°C", "°F", lambda c: c * 9 / 5 + 32),
        "mass": ("kg", "lb", lambda kg: kg / 0.45359237),
        "oil": ("litres", "US gallons", lambda litres: litres / 3.785411784),
        "speed": ("km/h", "mph", lambda v: v / 1.609344),
    },
    "reported": {
        "way": ("m", "ft", lambda m: m / 0.3048),
        "heat": ("°F", "°C", lambda f: (f - 32) * 5 / 9),
        "mass": ("g", "oz", lambda g: g / 28.349523125),
        "oil": ("cm", "inches", lambda cm: cm / 2.54),
        "speed": ("bar", "psi", lambda bar: bar * 14.503773773),
    },
}
_RANGES = {"way": (3, 90), "heat": (20, 190), "mass": (12, 180), "oil": (4, 60), "speed": (5, 120)}


def _draw(half: Half) -> Callable[[Random], dict[str, str]]:
    def draw(draws: Random) -> dict[str, str]:
        found: dict[str, str] = {"hours": str(draws.randrange(200, 900, 50))}
        for name, (one, other, convert) in CONVERSIONS[half].items():
            value = draws.randint(*_RANGES[name])
            found[name] = f"{value} {one}"
            found[f"{name}_in"] = f"{convert(value):.1f} {other}"
        parts, price = draws.randint(3, 9), draws.randint(11, 48)
        work = draws.randrange(60, 240, 5)
        rate = draws.choice((5, 10, 20, 25))
        found |= {
            "parts": str(parts),
            "price": str(price),
            "work": str(work),
            "parts_sum": str(parts * price),
            "whole": str(parts * price + work),
            "rate": str(rate),
            "base": str(draws.randrange(100, 900, 20)),
        }
        found["part"] = f"{int(found['base']) * rate / 100:g}"
        found["rest"] = f"{int(found['base']) - float(found['part']):g}"
        return found

    return draw


def _units(half: Half) -> tuple[Template, ...]:
    if half == "dev":
        return (
            Template(
                "How warm may the press get, and what does it weigh?",
                "The press may get up to {heat} ({heat_in}) warm at the head. It weighs {mass} "
                "({mass_in}) without its table, so lift it with a crane.",
            ),
            Template(
                "How far can the carrier drive, how fast, and how much oil does it hold?",
                "It drives {way} ({way_in}) on one charge, at {speed} = {speed_in} at most. The "
                "gear holds {oil} = {oil_in} of oil. Change it after {hours} hours of work.",
            ),
        )
    return (
        Template(
            "What pressure and heat can the hose take, and how long is it?",
            "The hose takes {speed} ({speed_in}) at {heat} ({heat_in}). It comes in a length of "
            "{way}, which is {way_in}. Check it after {hours} hours of work.",
        ),
        Template(
            "How heavy is the sensor and how wide must the slot be?",
            "The sensor weighs {mass}, or {mass_in}. The slot must be {oil} wide ({oil_in}). Keep "
            "it {way} ({way_in}) away from the drive.",
        ),
    )


_FACTS = {
    "manual": "heat {heat}, mass {mass}, range {way}, oil or slot {oil}, speed or pressure {speed}",
    "service": "every {hours} hours",
}
UNITS: Mapping[Half, Scene] = {
    half: Scene("units", _draw(half), {half: _units(half)}, _FACTS, profile="manufacturing")
    for half in CONVERSIONS
}
_QUOTE_DEV = (
    Template(
        "What will the repair cost?",
        "You need {parts} seals at GBP {price} each: {parts} \u00d7 {price} = {parts_sum}. The "
        "work costs GBP {work}. In all that is {parts_sum} + {work} = {whole}, so GBP {whole}.",
    ),
    Template(
        "What is left of {base} if we take the discount?",
        "{rate} % of {base} is {part}. So {base} - {part} = {rest} is left to pay.",
    ),
)
_QUOTE_REPORTED = (
    Template(
        "Please quote the new bearings with fitting.",
        "We would fit {parts} bearings. {parts} * GBP {price} = GBP {parts_sum} for the bearings, "
        "and fitting is GBP {work}. GBP {parts_sum} + GBP {work} = GBP {whole} in total.",
    ),
    Template(
        "How much is the deposit on {base}?",
        "The deposit is {rate}% of {base} = {part}. Then {rest} remains, since {base} \u2212 "
        "{part} = {rest}.",
    ),
)
QUOTES = Scene(
    "quotes",
    _draw("dev"),
    {"dev": _QUOTE_DEV, "reported": _QUOTE_REPORTED},
    {
        "parts": "{parts} at GBP {price}",
        "work": "GBP {work}",
        "list": "{base}, discount or deposit {rate} %",
    },
)
