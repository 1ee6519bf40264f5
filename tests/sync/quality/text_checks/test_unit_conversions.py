"""Quantities in two units."""

import pytest

from sync.quality.text_checks.checked_text import CheckedText
from sync.quality.text_checks.unit_conversions import UnitConversions


def found(answer: str) -> list[str]:
    return [fault.message for fault in UnitConversions()(CheckedText("", "", answer))]


@pytest.mark.parametrize(
    "right",
    [
        "5 km (3.1 miles)",
        "100 °F (37.8 °C)",
        "38 °C (100 °F)",
        "99 °F (37.0 °C)",
        "-40 °C (-40 °F)",
        "500 mg (0.5 g)",
        "100 km (60 miles)",
        "1 oz (30 g)",
        "8 oz (225 g)",
        "6 ft 2 in (188 cm)",
        "5-10 km (3-6 miles)",
        "1 year (12 months)",
        "4 weeks (1 month)",
        "1 cup (250 ml)",
        "1 pint (568 ml)",
        "1,000 m (1 km)",
        "1.000 m (1 km)",
        "1.609 km (1 mile)",
        "1 1/2 inches (3.8 cm)",
        "1/4 inch (6 mm)",
        "120 mmHg (16 kPa)",
        "1 mile is about 1.6 km.",
        # in one text, with words behind
        "It drives 66 km (41.0 miles), at 82 km/h = 51.0 mph at most, with 15 l = 4.0 US gallons.",
        "a 50 kg patient (110 lb)",
        "300 m (984 ft) above the sea",
        "a speed of 30 knots (56 km/h; 35 mph)",
        "37 °C (98.6 °F, 310 K)",
        "Lift 40 lb, about 18 kg, at once",
        "12 bar, or 174 psi, at most",
        # several numbers of one unit
        "20 °C to 25 °C (68 °F to 77 °F)",
        "between 20 and 25 °C (68 and 77 °F)",
        "4 x 6 inches (10 x 15 cm)",
        "120/80 mmHg (16/10.7 kPa)",
        "six months to 5 years (60 months)",
        # in words, in parts
        "half a mile (800 m)",
        "three-quarters of an hour (45 minutes)",
        "five to ten miles (8 to 16 km)",
        "5 feet 10 inches (1.78 m)",
        "1.75 m (5'9\")",
        "1.5 hours (1 hour 30 minutes)",
        "5 lb 3 oz (2.35 kg)",
        # several of a kind
        "2 x 500 mg = 1 g",
        "2 bottles of 500 ml (1 litre)",
        # a difference has no zero point
        "a rise of 5 °C (9 °F)",
        "20 ± 2 °C (68 ± 3.6 °F)",
        # ovens
        "heat it to 350 °F (180 °C)",
        "180°C/350°F",
        # rates, and what falls as the other rises
        "0.1 mg/kg (100 mcg/kg)",
        "7.8 l/100 km (30 mpg)",
        "5 min/km (12 km/h)",
        "every 20 ms (50 Hz)",
        "1 MB/s (8 Mbps)",
        # shares, space for data, laboratories
        "50 bps (0.5%)",
        "1 GB (1024 MB)",
        "1 GB (1000 MB)",
        "A fasting glucose of 126 mg/dL (7.0 mmol/L)",
        "creatinine 1.2 mg/dL (106 µmol/L)",
        "HbA1c of 7.0% (53 mmol/mol)",
        "Vitamin D 800 IU (20 µg)",
        # what defines a unit
        "There are 16 ounces in a pound.",
        "A mile is 1.6 km, and an inch equals 2.54 cm.",
        "A business week is 1 week (5 days).",
        "| km | miles |\n|---|---|\n| 5 | 3.1 |\n| 10 | 6.2 |",
    ],
)
def test_rounding_is_no_fault(right: str) -> None:
    assert found(right) == []


@pytest.mark.parametrize(
    ("wrong", "makes"),
    [
        ("500 mg (5 g)", "0.5 g"),
        ("0.5 mg (50 mcg)", "500 mcg"),
        ("100 °F (39 °C)", "37.78 °C"),
        ("5 km (3.4 miles)", "3.107 miles"),
        ("70 kg (164 lb)", "154.3 lb"),
        ("6 ft 2 in (178 cm)", "188 cm"),
        ("2 hours (90 minutes)", "120 minutes"),
        ("1 mile = 1.8 km", "1.609 km"),
        ("it drives at 82 km/h = 68.8 mph at most", "50.95 mph"),
        ("15 litres = 5.3 US gallons of oil", "3.963 US gallons"),
        ("a 50 kg patient (150 lb)", "110.2 lb"),
        ("175 lb (79 kg; 15.5 stone)", "12.5 stone"),
        ("40 lb, about 28 kg, at once", "18.14 kg"),
        ("12 bar, or 147 psi, at most", "174 psi"),
        ("20 °C to 25 °C (68 °F to 87 °F)", "77 °F"),
        ("between 20 and 25 °C (58 and 77 °F)", "68 °F"),
        ("4 x 6 inches (10 x 18 cm)", "15.24 cm"),
        ("half a mile (900 m)", "804.7 m"),
        ("five to ten miles (8 to 26 km)", "16.09 km"),
        ("6'2\" (178 cm)", "188 cm"),
        ("1.5 hours (1 hour 50 minutes)", "1.5 hour"),
        ("2 x 500 mg = 2 g", "1 g"),
        ("a rise of 5 °C (19 °F)", "41 °F"),
        ("180°C/450°F", "356 °F"),
        ("7.8 l/100 km (40 mpg)", "30.16 mpg"),
        ("50 bps (5%)", "0.5 %"),
        ("a fasting glucose of 126 mg/dL (9.0 mmol/L)", "6.994 mmol/L"),
        ("HbA1c of 7.0% (63 mmol/mol)", "53 mmol/mol"),
        ("Vitamin D 800 IU (200 µg)", "20 µg"),
        ("1.2 g/dL (120 g/L)", "12 g/L"),
        ("100 km (65 miles)", "62.14 miles"),
        ("it is true: there are 12 ounces in a pound", "0.75 pound"),
        ("care: an hour has 50 minutes", "60 minutes"),
        ("note:\n\n| km | miles |\n|---|---|\n| 5 | 3.1 |\n| 10 | 7.2 |\n", "6.214 miles"),
    ],
)
def test_a_wrong_conversion(wrong: str, makes: str) -> None:
    (message,) = found(f"Take {wrong}.")
    assert f"the first is {makes};" in message


@pytest.mark.parametrize(
    "other",
    [
        # what parsers of any unit misread (quantulum3 135, 153, 190, 226; pint 1143, 1941)
        "at 2.15 pm",
        "it is a mix, 5 in all (6 in total)",
        "5 mg/dL (0.3 mmol/L)",
        "20 minutes 30 seconds",
        "5 km (30 minutes)",
        "3 days or 2 weeks",
        "1 hour is 50 minutes away",
        "5 pounds (£5)",
        "250 mg (0.25 mg)",
        "(range 12 months - 8 years)",
        "2 years (6 months for members)",
        "500 mg (5 g a day)",
        "for 30 days (10 mg/kg/day)",
        "5 mg/dL (0.3 mmol/L)",
        "2 tablets of 500 mg every 6 hours (4 g a day)",
        "| single dose | most in a day |\n|---|---|\n| 500 mg | 4 g |",
        "Wait 48 hours (2 business days)",
        "Add 500 mg + 1 g = 1.5 g.",
    ],
)
def test_two_quantities_that_are_no_conversion(other: str) -> None:
    assert found(other) == []
