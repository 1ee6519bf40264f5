"""What the page shows must be in the task."""

from typing import Any

import pytest

from label_configs import Interface, LabelConfigError
from label_configs.config_xml import parse
from label_configs.task_fields import check_fields
from tests.label_configs.records import task_of

XML = """<View>
  <Text name="t" value="$question"/>
  <Repeater on="$steps" indexFlag="{{idx}}">
    <View><Text name="s_{{idx}}" value="$steps[{{idx}}].text"/>
    <TextArea name="a_{{idx}}" toName="s_{{idx}}"/></View>
  </Repeater>
</View>"""


def test_a_completed_task_holds_everything(interface: Interface[Any]) -> None:
    completed = interface.complete_task(task_of(interface.name))
    check_fields(interface.check_config(interface.label_config()), completed)


def test_a_missing_field_is_named_with_its_tag() -> None:
    said = (
        r"^a\.jsonl, line 3: my\.xml, line 2: <Text name='t'> shows 'question', which the task "
        r"does not hold \(it holds other, steps\); add it to the task or take the tag out$"
    )
    with pytest.raises(LabelConfigError, match=said):
        check_fields(parse(XML, "my.xml"), {"steps": [], "other": 1}, "a.jsonl, line 3")


@pytest.mark.parametrize(
    ("steps", "found"), [({}, "nothing"), ({"steps": "two"}, "str"), ({"steps": None}, "nothing")]
)
def test_a_repeater_over_no_list(steps: dict[str, Any], found: str) -> None:
    said = f"line 4: the Repeater around 's_.*' runs over 'steps', .* found {found}; add the list"
    with pytest.raises(LabelConfigError, match=said):
        check_fields(parse(XML, "my.xml"), {"question": "?", **steps})


def test_an_empty_list_is_enough() -> None:
    check_fields(parse(XML), {"question": "?", "steps": []})
