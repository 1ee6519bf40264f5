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
    ],
)
def test_two_quantities_that_are_no_conversion(other: str) -> None:
    assert found(other) == []
