"""The page for practice: the interface's own, and the team's answer once somebody compares."""

from typing import Any

import pytest
from lxml import etree

import label_configs
from label_configs import INTERFACES, Interface
from label_configs.practice import COMPARE, CONTROL, FIELD, practice_html, with_practice


@pytest.fixture(params=INTERFACES)
def interface(request: pytest.FixtureRequest) -> Interface[Any]:
    return label_configs.load(request.param)


def test_the_answer_is_shown_only_after_the_choice(interface: Interface[Any]) -> None:
    xml = with_practice(interface.label_config(), "page.xml")
    config = interface.check_config(xml)  # still the interface's
    control = config.control(CONTROL)
    assert control is not None and control.choices == (COMPARE,)
    assert config.controls[:-1] == interface.config.controls
    root = etree.fromstring(xml.encode())
    (shown,) = root.xpath(f"//HyperText[@value='${FIELD}']")
    around = shown.getparent()
    assert around.get("visibleWhen") == "choice-selected"
    assert (around.get("whenTagName"), around.get("whenChoiceValue")) == (CONTROL, COMPARE)


def test_nothing_that_somebody_wrote_is_markup() -> None:
    shown = practice_html("<script>x</script>\n\n**5 EUR**", {"topic": "<b>"}, "<i>why</i>")
    assert "<script>" not in shown and "<b>&lt;b&gt;" not in shown and "<i>" not in shown
    assert "<strong>5 EUR</strong>" in shown
    assert "<b>Topic</b> &lt;b&gt;" in shown


def test_what_is_not_known_is_not_shown() -> None:
    shown = practice_html("Yes.", {})
    assert "<ul>" not in shown and "Why" not in shown
