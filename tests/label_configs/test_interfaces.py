"""What every registered interface promises, and what tasks must hold."""

import functools
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_studio_sdk._extensions.label_studio_tools.core.label_config import parse_config
from label_studio_sdk.label_interface import LabelInterface
from lxml import etree

import label_configs
from label_configs import Interface, LabelConfigError, UnknownInterfaceError, shipped
from label_configs.config_xml import OBJECT_TAGS, parse, parse_tree
from tests.label_configs.records import EXAMPLES, TASK, task_of


def test_label_config_has_what_the_codec_reads(interface: Interface[Any]) -> None:
    config = parse(interface.label_config())
    tags = {control.name: control.tag for control in config.controls}
    assert {**interface.required, **interface.optional} == tags


def test_optional_controls_may_be_left_out_but_not_be_something_else(
    interface: Interface[Any],
) -> None:
    root = parse_tree(interface.xml, "my.xml")
    for name in interface.optional:
        control = root.find(f".//*[@name='{name}']")
        control.getparent().remove(control)
    interface.check_config(etree.tostring(root, encoding="unicode"))
    if interface.optional:
        name, tag = next(iter(interface.optional.items()))
        root = parse_tree(interface.xml, "my.xml")
        control = root.find(f".//*[@name='{name}']")
        control.tag = "Number" if tag != "Number" else "Rating"
        for child in list(control):
            control.remove(child)
        with pytest.raises(
            LabelConfigError, match=f"{re.escape(repr(name))} is a .*expected a {tag}"
        ):
            interface.check_config(etree.tostring(root, encoding="unicode"), "my.xml")


def test_names_are_unique_as_the_server_counts_them(interface: Interface[Any]) -> None:
    """It looks for name="…" in the whole text, the style included."""
    names = re.findall(r'name="([^"]*)"', interface.label_config())
    assert len(names) == len(set(names))


def test_the_style_survives_the_page() -> None:
    """The page's sanitizer turns these into entities, which breaks the rule around them."""
    assert not set("<>&") & set(shipped.read("style.css"))


def test_the_official_sdk_accepts_what_it_understands(interface: Interface[Any]) -> None:
    """It knows no Repeater: one row is written out, as the page would."""
    xml = interface.label_config().replace("[{{idx}}]", "[0]").replace("{{idx}}", "0")
    LabelInterface(re.sub(r"</?Repeater[^>]*>", "", xml)).validate()


def test_the_server_finds_the_choices_of_every_row(interface: Interface[Any]) -> None:
    """Else it refuses each change of the label config, such as a category, once a row was used.

    It takes a Repeater's index for any text only in controls whose toName holds it.
    """
    found = parse_config(interface.label_config())
    patterns = {name: name for name in found}
    for name, info in found.items():
        for flag, any_text in info.get("regex", {}).items():
            patterns[name] = patterns[name].replace(flag, any_text)
    for name in (name for name in found if "{{idx}}" in name and found[name]["type"] == "Choices"):
        row = name.replace("{{idx}}", "3")
        assert any(re.fullmatch(pattern, row) for pattern in patterns.values())


def test_the_last_editor_does_not_take_the_focus(interface: Interface[Any]) -> None:
    assert "visibility: hidden" in interface.label_config()


def test_label_config_carries_the_shared_style(interface: Interface[Any]) -> None:
    assert "<Style/>" in interface.xml
    assert ".lt-columns {" in interface.label_config()


def test_every_field_that_the_page_shows_is_in_a_completed_task(interface: Interface[Any]) -> None:
    """The page fails on a missing one."""
    config = interface.check_config(interface.label_config())
    completed = interface.complete_task({"messages": TASK["messages"]})
    shown = {tag.field for tag in config.objects if tag.tag in OBJECT_TAGS and tag.field}
    assert shown
    assert shown <= completed.keys()


def test_a_completed_task_stays_complete(interface: Interface[Any]) -> None:
    once = interface.complete_task({**TASK, "extra": 1}, "Be brief.")
    assert once["extra"] == 1
    assert once["guidelines"] == "Be brief."
    assert interface.complete_task(once) == once
    assert interface.complete_task(once, "Be long.") == {**once, "guidelines": "Be long."}


def test_what_only_the_page_needs_shapes_no_draft(interface: Interface[Any]) -> None:
    task = interface.complete_task(TASK)
    assert interface.inputs(task) == interface.inputs(
        {**task, **dict.fromkeys(interface.shown_fields(task), "changed")}
    )


def test_drafted_fields_shape_no_draft(interface: Interface[Any]) -> None:
    """Else a delivered draft would change the key that tells drafts apart."""
    task = interface.complete_task(TASK)
    patched = {**task, **interface.task_patch(EXAMPLES[interface.name])}
    assert interface.inputs(patched) == interface.inputs(task)


@given(
    categories=st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1),
        min_size=1,
        max_size=5,
    )
)
def test_categories_replace_the_shipped_ones(categories: list[str]) -> None:
    xml = label_configs.load("chat_response", categories).label_config()
    control = parse(xml).control("category")
    assert control is not None
    assert control.choices == tuple(categories)


def test_a_category_that_xml_can_t_hold() -> None:
    with pytest.raises(LabelConfigError, match=r"category 'a\\x00' can't be written as XML"):
        label_configs.load("chat_response", ["fine", "a\x00"]).label_config()


def test_categories_for_an_interface_without_them() -> None:
    with pytest.raises(
        LabelConfigError,
        match=r"^reasoning_steps\.xml: it has no categories, .*remove them from labeltune",
    ):
        label_configs.load("reasoning_steps", ["a"]).label_config()


def test_load(interface: Interface[Any]) -> None:
    assert label_configs.load(interface.name) is interface


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("chat_respnse", r"did you mean 'chat_response'\?"),
        ("reasoning", r"did you mean 'reasoning_steps'\?"),
        ("zzz", "there are chat_response, reasoning_steps"),
    ],
)
def test_load_names_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(UnknownInterfaceError, match=f"no interface named '{name}'; {hint}"):
        label_configs.load(name)


USER = {"role": "user", "content": "Hello?"}
BAD_TASKS: dict[str, tuple[dict[str, Any], str]] = {
    "no messages": ({}, "'messages' must be a non-empty list .* found nothing"),
    "empty": ({"messages": []}, "'messages' must be a non-empty list .* found nothing"),
    "text": ({"messages": "Hello?"}, "'messages' must be .* found str"),
    "no object": ({"messages": ["Hello?"]}, "message 1 must hold 'role' and 'content'"),
    "no role": ({"messages": [USER, {"content": "a"}]}, "message 2 must hold 'role' and"),
    "no content": ({"messages": [{"role": "user"}]}, "message 1 must hold 'role' and"),
    "unknown role": (
        {"messages": [{"role": "bot", "content": "a"}, USER]},
        "message 1 has role 'bot'; use one of system, developer, user, assistant",
    ),
    "a context nested too deep": (
        {"messages": [USER], "context": {"a": functools.reduce(lambda a, _: [a], range(600), 1)}},
        "in 'context' lists and objects stand more than 100 deep in each other",
    ),
    "blank content": (
        {"messages": [{"role": "user", "content": " \n"}]},
        "message 1 needs text as its content, found nothing",
    ),
    "content of parts": (
        {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
        "message 1 holds a text part without text: correct it",
    ),
    "context of another type": (
        {"messages": [USER], "context": ["gold"]},
        "'context' must be a mapping of names to facts, found list",
    ),
    "documents of another type": (
        {"messages": [USER], "documents": "Fees"},
        r"'documents' must be a list of \{title, text\}, found str",
    ),
    "a document without a title": (
        {"messages": [USER], "documents": [{"title": "a", "text": "b"}, {"text": "Fees"}]},
        "document 2 needs 'title' and 'text', both text",
    ),
    "guidelines of another type": (
        {"messages": [USER], "guidelines": ["Be brief."]},
        "'guidelines' must be Markdown text, found list",
    ),
}


@pytest.mark.parametrize(("data", "said"), BAD_TASKS.values(), ids=BAD_TASKS)
def test_refused_task(interface: Interface[Any], data: dict[str, Any], said: str) -> None:
    with pytest.raises(LabelConfigError, match=f"^a.jsonl, line 7: {said}"):
        interface.check_task(data, "a.jsonl, line 7")


def test_an_answered_conversation_is_refused_where_it_can_t_be_edited() -> None:
    data = {"messages": [USER, {"role": "assistant", "content": "Yes?"}]}
    said = "^task: the last message must be the user's, .* found role 'assistant'"
    for name in label_configs.INTERFACES.keys() - {"multi_turn", "agent_steps"}:
        with pytest.raises(LabelConfigError, match=said):
            label_configs.load(name).check_task(data)


@pytest.mark.parametrize(
    "data",
    [
        TASK,
        {"messages": [{"role": "system", "content": "s"}, USER], "context": None},
        {"messages": [USER, {"role": "assistant", "content": "a"}, USER], "guidelines": None},
        {"messages": [USER], "context": {}, "guidelines": "", "more": [1]},
    ],
)
def test_accepted_task(interface: Interface[Any], data: dict[str, Any]) -> None:
    task = {**task_of(interface.name), **data}
    if interface.name == "agent_steps":  # which asks for what an agent did
        task["messages"] = [*task["messages"], {"role": "assistant", "content": "Done."}]
    interface.check_task(task)
    interface.check_task(interface.complete_task(task))


WITH_A_LIST = ("chat_response", "multi_turn", "preference")


@pytest.mark.parametrize("name", WITH_A_LIST)
def test_a_project_can_do_without_the_list_of_categories(name: str) -> None:
    shipped, own = label_configs.load(name), label_configs.load(name, None)
    with_list = [control.name for control in shipped.config.controls]
    assert [control.name for control in own.config.controls] == [
        control for control in with_list if control != "category"
    ]
    page, before = own.label_config(), shipped.label_config()
    assert ('value="Question"' in before, 'value="Question"' in page) == (True, False)
    assert page.count("<View") == before.count("<View") - 1
    assert label_configs.load(name, None) is own
    assert own.schema() == shipped.schema()


@pytest.mark.parametrize("name", WITH_A_LIST)
def test_an_earlier_category_counts_for_nothing_then(name: str) -> None:
    record = EXAMPLES[name]
    shipped, own = label_configs.load(name), label_configs.load(name, None)
    assert shipped.labels(record)["category"] == record.category
    expected = {k: v for k, v in shipped.labels(record).items() if k != "category"}
    assert own.labels(record) == expected
    assert own.task_labels(record) == {}


@pytest.mark.parametrize("name", ["reasoning_steps", "review"])
def test_an_interface_without_a_list_is_as_it_was(name: str) -> None:
    assert label_configs.load(name, None).label_config() == label_configs.load(name).label_config()


def test_an_interface_that_is_made_of_its_categories() -> None:
    with pytest.raises(LabelConfigError, match=r"^multi_intent\.xml: .*categories = false can't"):
        label_configs.load("multi_intent", None)


def test_a_dimension_may_take_the_name_that_is_free() -> None:
    own = label_configs.load("chat_response", None, {"category": ("a", "b")})
    control = own.config.control("category")
    assert control is not None
    assert control.choices == ("a", "b")
