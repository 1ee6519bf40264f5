"""`check_results`: what the page would drop is refused, in a sentence that names it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_configs import Interface, LabelConfigError
from label_configs.validation import check_results
from tests.label_configs.records import EXAMPLES, RECORDS, task_data

Result = list[dict[str, Any]]


@given(data=st.data())
def test_what_encode_makes_passes(interface: Interface[Any], data: st.DataObject) -> None:
    record = data.draw(RECORDS[interface.name])
    config = interface.check_config(interface.label_config())
    check_results(config, task_data(interface, record), interface.encode(record))


def unknown_control(result: Result) -> str:
    result[0]["from_name"] = "nowhere"
    return r"result for 'nowhere', but this task has the controls .*the page would drop it"


def no_control(result: Result) -> str:
    del result[0]["from_name"]
    return r"result for '', but this task has the controls"


def wrong_object(result: Result) -> str:
    expected, result[0]["to_name"] = result[0]["to_name"], "elsewhere"
    return f"result for '{result[0]['from_name']}' points to 'elsewhere', expected '{expected}'"


def no_object(result: Result) -> str:
    del result[0]["to_name"]
    return f"result for '{result[0]['from_name']}' points to None, expected"


def wrong_type(result: Result) -> str:
    expected, result[0]["type"] = result[0]["type"], "labels"
    return f"result for '{result[0]['from_name']}' has type 'labels', expected '{expected}'"


def unknown_choice(result: Result) -> str:
    # the last: choices that a task offers by itself may be any
    item = next(item for item in reversed(result) if item["type"] == "choices")
    item["value"] = {"choices": ["perhaps"]}
    return rf"result for '{item['from_name']}': 'perhaps' is none of its choices \(.*\); add it"


def no_value(result: Result) -> str:
    result[0]["value"] = {}
    return rf"result for '{result[0]['from_name']}' holds no value\.\w+, so the page would"


def repeated_id(result: Result) -> str:
    result[-1]["id"] = result[0]["id"]
    return f"has id '{result[0]['id']}', which another item has too"


def repeated_item(result: Result) -> str:
    result.append(dict(result[0]))
    return f"has id '{result[0]['id']}', which another item has too"


FAULTS = [
    unknown_control,
    no_control,
    wrong_object,
    no_object,
    wrong_type,
    unknown_choice,
    no_value,
    repeated_id,
    repeated_item,
]


@pytest.mark.parametrize("plant", FAULTS)
def test_planted_fault(interface: Interface[Any], plant: Callable[[Result], str]) -> None:
    record = EXAMPLES[interface.name]
    result = interface.encode(record)
    said = plant(result)
    with pytest.raises(LabelConfigError, match=rf"^{interface.name}\.xml(, line \d+)?: .*{said}"):
        check_results(interface.check_config(interface.xml), task_data(interface, record), result)


@given(rows=st.integers(0, 2))
def test_rows_beyond_the_data(rows: int) -> None:
    interface, record = load_steps()
    data = task_data(interface, record)
    data["steps"] = data["steps"][:rows]
    with pytest.raises(LabelConfigError, match=f"result for 'fix_{rows}', but this task has"):
        check_results(interface.check_config(interface.xml), data, interface.encode(record))


@pytest.mark.parametrize("steps", [None, "absent", {"0": {}}, 3])
def test_rows_over_no_list(steps: Any) -> None:
    interface, record = load_steps()
    data = {**task_data(interface, record), "steps": steps}
    with pytest.raises(
        LabelConfigError, match=r"'fix_0', .* the controls verdict, answer, add1_start"
    ):
        check_results(interface.check_config(interface.xml), data, interface.encode(record))


def test_a_row_that_points_to_another_row() -> None:
    interface, record = load_steps()
    result = interface.encode(record)
    row = next(item for item in result if item["from_name"] == "fix_0")
    row["to_name"] = "step_1"
    with pytest.raises(LabelConfigError, match="'fix_0' points to 'step_1', expected 'step_0'"):
        check_results(interface.check_config(interface.xml), task_data(interface, record), result)


def test_choices_from_task_data_are_not_judged(interface: Interface[Any]) -> None:
    """A control whose choices come from the data takes any value."""
    xml = (
        '<View><Text name="t" value="$t"/>'
        '<Choices name="c" toName="t" value="$options"><Choice value="a"/></Choices></View>'
    )
    from label_configs.config_xml import parse

    item = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["z"]}}
    check_results(parse(xml), {}, [item])


def load_steps() -> tuple[Interface[Any], Any]:
    import label_configs

    return label_configs.load("reasoning_steps"), EXAMPLES["reasoning_steps"]
