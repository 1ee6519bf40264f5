"""Units by what they are called in texts, with their names in pint.

What a word or a sign stands for is listed rather than guessed: a parser that knows every unit
reads `in` as inches, `2.15 pm` as picometres and `a mix` as a mile. Some words are the name of
several units, such as a pint or an ounce; each of them will do.
"""

# units in pint, separated by commas: words in texts, `_` for a space
_NAMES = """
meter: m metre metres meters
kilometer: km kilometer kilometers kilometre kilometres
centimeter: cm centimeter centimeters centimetre centimetres
millimeter: mm millimeter millimeters millimetre millimetres
micrometer: µm μm
mile: mi mile miles
yard: yd yard yards
foot: ft foot feet
inch: in in. inch inches
nautical_mile: nmi
gram: g gram grams gramme grammes
kilogram: kg kilogram kilograms kilo kilos
milligram: mg milligram milligrams
microgram: µg μg mcg microgram micrograms
pound: lb lbs pound pounds
ounce, fluid_ounce: oz ounce ounces
stone: stone stones
metric_ton: t tonne tonnes
short_ton, long_ton, metric_ton: ton tons
liter: l L liter liters litre litres
milliliter: ml mL milliliter milliliters millilitre millilitres
deciliter: dl dL
centiliter: cl
gallon, imperial_gallon: gal gallon gallons
quart, imperial_quart: qt quart quarts
pint, imperial_pint: pint pints
cup, metric_cup, imperial_cup: cup cups
tablespoon: tbsp tablespoon tablespoons
teaspoon: tsp teaspoon teaspoons
degree_Celsius: °C ℃ degrees_Celsius degrees_C
degree_Fahrenheit: °F ℉ degrees_Fahrenheit degrees_F
kelvin: K
second: s sec secs second seconds
minute: min mins minute minutes
hour: h hr hrs hour hours
day: day days
week: week weeks
month: month months
year: year years
km/hour: km/h kph kmh
mile/hour: mph
meter/second: m/s
m**2: m² m2 sq_m
km**2: km²
cm**2: cm²
foot**2: sq_ft ft²
mile**2: sq_mi
hectare: ha hectare hectares
acre: acre acres
m**3: m³
cm**3: cm³ cc
kilopascal: kPa
hectopascal: hPa
megapascal: MPa
bar: bar
millibar: mbar
psi: psi
mmHg: mmHg
atmosphere: atm
kilocalorie: kcal
kilojoule: kJ
joule: J
kilowatt_hour: kWh
watt: W
kilowatt: kW
megawatt: MW
horsepower, metric_horsepower: hp horsepower
"""
_LINES = [line.split(": ") for line in _NAMES.strip().splitlines()]

UNIT_NAMES: dict[str, tuple[str, ...]] = {
    word.replace("_", " "): tuple(units.split(", "))
    for units, words in _LINES
    for word in words.split()
}
_OF_INCHES = (
    "mile yard foot inch pound ounce fluid_ounce stone short_ton gallon quart pint cup tablespoon "
    "teaspoon mile/hour foot**2 mile**2 acre psi horsepower"
)
# units between which and the metric ones numbers are rounded
IMPERIAL = frozenset(_OF_INCHES.split())
CALENDAR = frozenset({"day", "week", "month", "year"})
TEMPERATURES = frozenset({"degree_Celsius", "degree_Fahrenheit", "kelvin"})

# what numbers of documents count: the unit, and other words for it
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
