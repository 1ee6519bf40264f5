"""Kinds of category in the label config, in a draft, in an annotation and in task data."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import label_configs
from label_configs import Interface, LabelConfigError, config_xml, validation
from tests.label_configs.records import EXAMPLES, task_data

TOPICS = ("cards", "fees & charges", 'the "rest"')
DIMENSIONS = {"query_type": ("factual", "how-to"), "topic": TOPICS}
chosen = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(labels) for name, labels in DIMENSIONS.items()}
)


def of_project(interface: Interface[Any]) -> Interface[Any]:
    return label_configs.load(interface.name, dimensions=DIMENSIONS)


def test_every_interface_shows_them(interface: Interface[Any]) -> None:
    own = of_project(interface)
    for name, labels in DIMENSIONS.items():
        control = own.config.control(name)
        assert control is not None
        assert (control.tag, control.choices, control.required) == ("Choices", labels, False)
        assert control.repeat is None
    shipped = interface.config.controls
    assert [c.name for c in own.config.controls if c.name not in DIMENSIONS] == [
        c.name for c in shipped
    ]


def test_without_any_the_page_is_as_it_was(interface: Interface[Any]) -> None:
    body = interface.label_config().split("</Style>")[1]
    assert "lt-categories" not in body
    assert not any(line and not line.strip() for line in body.split("\n"))
    assert label_configs.load(interface.name, dimensions={}) is interface


def test_no_key_reaches_them(interface: Interface[Any]) -> None:
    """Label Studio would give each choice a key of its own."""
    root = config_xml.parse_tree(of_project(interface).label_config(), "x")
    for name in DIMENSIONS:
        keys = {c.get("hotkey") for c in root.find(f".//Choices[@name='{name}']")}
        assert keys == {"f19"}


def test_their_names_are_told_as_words() -> None:
    root = config_xml.parse_tree(
        label_configs.load("chat_response", dimensions=DIMENSIONS).label_config(), "x"
    )
    control = root.find(".//Choices[@name='query_type']")
    assert control.getprevious().get("value") == "Query type"


@given(found=chosen)
def test_a_draft_carries_them(found: dict[str, str]) -> None:
    for name, record in EXAMPLES.items():
        own = label_configs.load(name, dimensions=DIMENSIONS)
        data = task_data(own, record)
        result = [*own.encode(record), *own.encode_categories(found)]
        validation.check_results(own.config, data, result)
        assert own.decode_categories(result) == found
        assert own.answer(own.decode(result)) == own.answer(record)


def test_a_record_keeps_them_as_items_of_others(interface: Interface[Any]) -> None:
    """So nothing is lost where an annotation is read without the project's categories."""
    items = of_project(interface).encode_categories({"topic": "cards"})
    record = interface.decode(items)
    assert list(record.other) == items
    assert interface.decode_categories(items) == {}


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ({"topic": "cards", "query_type": "factual"}, {"query_type": "factual", "topic": "cards"}),
        ({"topic": "loans", "query_type": "factual"}, {"query_type": "factual"}),
        ({"topic": ["cards"], "region": "EU"}, {}),
        ("cards", {}),
        (None, {}),
    ],
    ids=str,
)
def test_what_a_task_brings_along(held: Any, found: dict[str, str]) -> None:
    own = label_configs.load("chat_response", dimensions=DIMENSIONS)
    data = {**own.example, "categories": held}
    assert own.task_categories(data) == found
    assert own.task_categories(own.complete_task(data)) == found
    assert own.inputs(data).get("categories", {}) == found
    assert "categories" not in label_configs.load("chat_response").inputs(data)


def test_an_own_xml_without_a_place_shows_them_at_its_end() -> None:
    own = label_configs.load("chat_response", dimensions=DIMENSIONS)
    own = type(own)((), DIMENSIONS)
    own.__dict__["xml"] = own.xml.replace('<View className="lt-categories"/>', "")
    assert [c.name for c in own.config.controls][-2:] == list(DIMENSIONS)


@pytest.mark.parametrize(
    ("interface", "name", "tag"),
    [
        ("chat_response", "verdict", "Choices"),
        ("chat_response", "category", "Choices"),
        ("chat_response", "facts", "HyperText"),
        ("reasoning_steps", "kind_3", "Choices"),
        ("multi_turn", "turn_12", "TextArea"),
    ],
)
def test_a_name_that_is_taken_is_refused(interface: str, name: str, tag: str) -> None:
    own = label_configs.load(interface, dimensions={name: ("a", "b")})
    said = (
        rf"^{interface}\.xml, line \d+: the name '{name}' is taken by a {tag}; "
        rf"call \[categories\.{name}\] otherwise in labeltune\.toml$"
    )
    with pytest.raises(LabelConfigError, match=said):
        own.label_config()


def test_a_label_that_xml_can_t_hold_is_refused() -> None:
    own = label_configs.load("chat_response", dimensions={"topic": ("a", "b\x00")})
    with pytest.raises(LabelConfigError, match=r"correct \[categories\.topic\]"):
        own.label_config()


def test_a_label_config_of_one_s_own_must_have_them(interface: Interface[Any]) -> None:
    with pytest.raises(LabelConfigError) as refused:
        of_project(interface).check_config(interface.label_config(), "the label config")
    assert str(refused.value) == (
        "the label config: no Choices named 'query_type' for the categories of that name; add it "
        "with the choices factual, how-to, or remove [categories.query_type] from labeltune.toml"
    )


def test_a_label_config_of_one_s_own_must_have_every_label(interface: Interface[Any]) -> None:
    xml = of_project(interface).label_config().replace('<Choice value="cards" hotkey="f19"/>', "")
    with pytest.raises(LabelConfigError, match=r"'topic' lacks the choice 'cards'; add it, or"):
        of_project(interface).check_config(xml)


def test_more_labels_than_configured_are_fine() -> None:
    wider = label_configs.load("chat_response", dimensions={**DIMENSIONS, "size": ("s", "m", "l")})
    narrower = label_configs.load("chat_response", dimensions={"size": ("s", "l")})
    assert narrower.check_config(wider.label_config()).control("size") is not None
