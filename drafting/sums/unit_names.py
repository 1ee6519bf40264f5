"""Units by what they are called in texts, with their names in pint.

What a word or a sign stands for is listed rather than guessed: a parser that knows every unit
reads `in` as inches, `2.15 pm` as picometres and `a mix` as a mile. Some words are the name of
several units, such as a pint or an ounce; each of them will do.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from itertools import product

# units in pint, separated by commas: words in texts, `_` for a space
_NAMES = """
meter: m metre metres meter meters
kilometer: km kms kilometer kilometers kilometre kilometres
centimeter: cm cms centimeter centimeters centimetre centimetres
millimeter: mm millimeter millimeters millimetre millimetres
micrometer: µm μm um micron microns micrometer micrometers micrometre micrometres
nanometer: nm nanometer nanometers nanometre nanometres
thou: thou mil mils
mile: mi mi. mile miles statute_miles
yard: yd yd. yds yard yards
foot: ft ft. foot feet
inch: in in. inch inches
nautical_mile: nmi NM nautical_mile nautical_miles
gram: g gr grams gram gramme grammes
kilogram: kg kgs kilogram kilograms kilogramme kilogrammes kilo kilos
milligram: mg mgs milligram milligrams milligramme milligrammes
microgram: µg μg mcg ug microgram micrograms
nanogram: ng nanogram nanograms
picogram: pg
pound: lb lb. lbs lbs. pound pounds
ounce, fluid_ounce: oz oz. ounce ounces
troy_ounce: ozt oz_t troy_oz troy_ounce troy_ounces
stone: st stone stones
grain: grain grains
carat: ct carat carats
metric_ton: t tonne tonnes metric_ton metric_tons
short_ton, long_ton, metric_ton: ton tons
short_ton: US_ton US_tons short_ton short_tons
long_ton: long_ton long_tons imperial_tons
liter: l L ltr liter liters litre litres
milliliter: ml mL mls milliliter milliliters millilitre millilitres
deciliter: dl dL deciliter deciliters decilitre decilitres
centiliter: cl cL centilitre centilitres centiliters
microliter: µl µL μl μL microlitre microlitres microliters
gallon, imperial_gallon: gal gal. gallon gallons
gallon: US_gal US_gallon US_gallons U.S._gallons American_gallons
imperial_gallon: imp_gal imperial_gallon imperial_gallons UK_gallon UK_gallons
quart, imperial_quart: qt qt. qts quart quarts
pint, imperial_pint: pt pt. pint pints
pint: US_pint US_pints
imperial_pint: imperial_pint imperial_pints UK_pint UK_pints
cup, metric_cup, imperial_cup: cup cups
tablespoon: tbsp tbsp. tablespoon tablespoons
teaspoon: tsp tsp. teaspoon teaspoons
fluid_ounce, imperial_fluid_ounce: fl_oz fl._oz. fl_oz. fluid_ounce fluid_ounces
fluid_ounce: US_fl_oz US_fluid_ounces
oil_bbl: bbl barrels_of_oil
degree_Celsius: °C ºC ℃ °_C deg_C degC degree_Celsius degrees_Celsius degrees_C Celsius centigrade C
degree_Celsius: degrees_centigrade
degree_Fahrenheit: °F ºF ℉ °_F deg_F degF degree_Fahrenheit degrees_Fahrenheit degrees_F F
degree_Fahrenheit: Fahrenheit
kelvin: K kelvin kelvins
millisecond: ms msec milliseconds millisecond
second: s sec secs sec. second seconds
minute: min min. mins minute minutes
hour: h hr hrs hr. hour hours
day: d day days
week: wk wks week weeks
fortnight: fortnight fortnights
month: mo mos month months
year: y yr yrs year years
decade_of_years: decade decades
km/hour: kph kmh kmph
mile/hour: mph
foot/second: fps
knot: kn kt kts knot knots
liter/hundred_kilometers: l/100_km L/100_km l/100km L/100km litres_per_100_km liters_per_100_km
mile/gallon, mile/imperial_gallon: mpg miles_per_gallon
gallon/minute, imperial_gallon/minute: gpm
foot**3/minute: cfm
hertz: Hz hertz
kilohertz: kHz
megahertz: MHz
gigahertz: GHz
1/minute: bpm
hectare: ha hectare hectares
acre: ac acre acres
cm**3: cc ccm
m**2: sqm
foot**2: sqft
pascal: Pa
kilopascal: kPa kilopascals
hectopascal: hPa
megapascal: MPa
bar: bar bars
millibar: mbar mb millibar millibars
psi: psi PSI
mmHg: mmHg mm_Hg mm_of_mercury torr
inHg: inHg
cmH2O: cmH2O cm_H2O cmH₂O
atmosphere: atm atmosphere atmospheres
kilocalorie: kcal Calories
calorie, kilocalorie: cal calorie calories
kilojoule: kJ kilojoule kilojoules
joule: J joule joules
megajoule: MJ megajoules
kilowatt_hour: kWh kilowatt-hour kilowatt-hours kilowatt_hours
megawatt_hour: MWh
watt_hour: Wh
BTU: BTU Btu BTUs
watt: W watt watts
kilowatt: kW kilowatt kilowatts
megawatt: MW megawatt megawatts
metric_horsepower: PS
horsepower, metric_horsepower: hp HP bhp horsepower
newton: N newton newtons
kilonewton: kN
pound_force: lbf
newton*meter: Nm N·m N-m newton_metres newton_meters newton-metres
foot*pound_force: ft-lb ft-lbs lb-ft ft·lb ft_lb ft_lbs lbf·ft foot-pounds foot_pounds pound-feet
mole: mol mole moles
millimole: mmol millimoles
micromole: µmol μmol umol
nanomole: nmol
picomole: pmol
gray: Gy
centigray: cGy
milligray: mGy
rads: rad rads
sievert: Sv
millisievert: mSv
microsievert: µSv μSv
rem: rem rems
millirem: mrem
becquerel: Bq
kilobecquerel: kBq
megabecquerel: MBq
gigabecquerel: GBq
curie: Ci
millicurie: mCi
microcurie: µCi μCi
activity_unit: IU IE units_of_activity
data_bit: bit bits
data_byte: B byte bytes
kilodata_byte, kibidata_byte: kB KB kilobyte kilobytes
megadata_byte, mebidata_byte: MB megabyte megabytes
gigadata_byte, gibidata_byte: GB gigabyte gigabytes
teradata_byte, tebidata_byte: TB terabyte terabytes
petadata_byte, pebidata_byte: PB petabyte petabytes
kibidata_byte: KiB
mebidata_byte: MiB
gibidata_byte: GiB
tebidata_byte: TiB
kilodata_bit: kbit Kbit kilobits
megadata_bit: Mbit Mb megabit megabits
gigadata_bit: Gbit Gb gigabit gigabits
kilodata_bit/second: kbps Kbps
megadata_bit/second: Mbps
gigadata_bit/second: Gbps
hundredth: % percent per_cent pct percentage_point percentage_points pp
thousandth: ‰ permille per_mille
basis_point: bps basis_point basis_points
part_per_million: ppm parts_per_million
part_per_billion: ppb parts_per_billion
"""
_LINES = [line.split(": ") for line in _NAMES.strip().splitlines()]
_LENGTHS = frozenset(
    ["meter", "kilometer", "centimeter", "millimeter", "mile", "yard", "foot", "inch"]
)
_SQUARES = ("{}²", "{}2", "{}^2", "sq {}", "sq. {}", "square {}")
_CUBES = ("{}³", "{}3", "{}^3", "cu {}", "cu. {}", "cubic {}")


def _named() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for units, words in _LINES:
        for word in words.split():
            name = word.replace("_", " ")
            found[name] = tuple(units.split(", "))
            if units in _LENGTHS:
                found |= {form.format(name): (f"{units}**2",) for form in _SQUARES}
                found |= {form.format(name): (f"{units}**3",) for form in _CUBES}
    words_only = {name: units for name, units in found.items() if len(name) > 3 and name.islower()}
    return {name.capitalize(): units for name, units in words_only.items()} | found


def any_of(words: Collection[str]) -> str:
    """A pattern of words that finds the longest first, with the beginnings that they share once.

    A list of them would be gone through at every place of a text.
    """
    ends: dict[str, list[str]] = {}
    for word in filter(None, words):
        ends.setdefault(word[0], []).append(word[1:])
    parts = [re.escape(first) + any_of(rest) for first, rest in sorted(ends.items())]
    if "" in words and parts:
        return f"(?:{'|'.join(parts)})?"
    return f"(?:{'|'.join(parts)})" if len(parts) > 1 else "".join(parts)


UNIT_NAMES = _named()
_ONE = any_of(UNIT_NAMES)
# `mg/kg/day`, `litres per minute`, `miles an hour`
_PER = re.compile(r"\s?/\s?| per | an? ")
UNIT = rf"{_ONE}(?:(?:\s?/\s?| per | an? ){_ONE}(?![\w²³^])){{0,2}}(?!/(?!\d)|[\w²³^·])"


@lru_cache(maxsize=4096)
def units_called(written: str) -> tuple[str, ...]:
    """What pint calls the unit, or each of the units, that a text may mean.

    Args:
        written: what `UNIT` matches.
    """
    if written in UNIT_NAMES:
        return UNIT_NAMES[written]
    parts = [UNIT_NAMES[part] for part in _PER.split(written)]
    return tuple("/".join(f"({unit})" for unit in units) for units in product(*parts))


# what numbers of documents count; the unit: other words for it
_COUNTED = """
day: d tag tage jour día
week: wk woche wochen
month: mo mth monat monate mois mese
year: y yr jahr jahre ans año anno
hour: h hr stunde stunden
minute: min
second: sec
mg: milligram
g: gram
kg: kilogram
µg: mcg ug microgram
ml: milliliter
l: liter litre
m: meter metre
foot: feet
time: fold
"""
_OTHERS = "dl cm mm km mile inch lb oz mmhg iu unit °c °f dose tablet degree gb mb kb tb"
_COUNTED_LINES = [line.split(": ") for line in _COUNTED.strip().splitlines()]

COUNTED_UNITS = frozenset([*_OTHERS.split(), *(unit for unit, _ in _COUNTED_LINES)])
COUNTED_BY = {word: unit for unit, words in _COUNTED_LINES for word in words.split()}
