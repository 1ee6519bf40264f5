"""Label configs: read in full, or refused with the line and what to do."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_configs import Interface, LabelConfigError
from label_configs.config_xml import CONTROL_TAGS, parse

REPEATER = """<View>
<Text name="text" value="$text"/>
<Repeater on="$rows" indexFlag="{{i}}">
  <Text name="row_{{i}}" value="$rows[{{i}}].t"/>
  <Choices name="ok_{{i}}" toName="row_{{i}}"><Choice value="yes"/><Choice value="no"/></Choices>
  <TextArea name="note_{{i}}_end" toName="text"/>
</Repeater>
</View>"""


def test_objects_and_controls_of_a_row() -> None:
    config = parse(REPEATER)
    data = {"text": "t", "rows": [{"t": "a"}, {"t": "b"}]}
    assert list(config.expanded_objects(data)) == ["text", "row_0", "row_1"]
    assert list(config.expanded_controls(data)) == ["ok_0", "ok_1", "note_0_end", "note_1_end"]
    ok = config.control("ok_{{i}}")
    assert ok is not None
    assert (ok.choices, ok.result_type, ok.line) == (("yes", "no"), "choices", 5)
    assert [tag.field for tag in config.objects] == ["text", "rows"]


def test_the_page_s_own_flag_is_the_default() -> None:
    config = parse(REPEATER.replace(' indexFlag="{{i}}"', "").replace("{{i}}", "{{idx}}"))
    assert list(config.expanded_controls({"rows": [1]})) == ["ok_0", "note_0_end"]


def test_only_the_first_flag_of_a_name_is_replaced() -> None:
    """As the page does it."""
    xml = REPEATER.replace('"ok_{{i}}"', '"ok_{{i}}_{{i}}"')
    assert "ok_0_{{i}}" in parse(xml).expanded_controls({"rows": [1]})


def test_choices_by_alias_and_from_data() -> None:
    config = parse(
        """<View><Text name="t" value="$t"/>
        <Choices name="a" toName="t"><Choice value="Yes" alias="y"/><Choice/></Choices>
        <Choices name="b" toName="t" value="$options"><Choice value="x"/></Choices>
        <Rating name="c" toName="t" required="true"/></View>"""
    )
    assert [control.choices for control in config.controls] == [("y",), (), ()]
    assert [control.required for control in config.controls] == [False, False, True]


def test_comments_and_declarations_are_no_obstacle() -> None:
    xml = '<?xml version="1.0" encoding="utf-16"?><View><!-- <Chat/> --><Text name="é"/></View>'
    assert parse(xml).objects[0].name == "é"


OBJECT = '<View>\n<Text name="text" value="$text"/>\n{}\n</View>'
REFUSED = {
    "empty": ("", "line 1: not well-formed XML"),
    "unclosed": ("<View>\n<View>\n</View>", "line 3: not well-formed XML"),
    "control character": ("<View>\n\x00</View>", "line 2: not well-formed XML"),
    "lone surrogate": ("<View>\n\ud800</View>", "line 2: holds half a character"),
    "unknown entity": ("<View>\n&nbsp;</View>", "line 2: not well-formed XML"),
    "doctype": ("<!DOCTYPE View>\n<View/>", "holds a DOCTYPE; remove it"),
    "external entity": (
        '<!DOCTYPE v [<!ENTITY e SYSTEM "file:///etc/passwd">]><View>&e;</View>',
        "holds a DOCTYPE; remove it",
    ),
    "enterprise": (
        OBJECT.format('<Chat name="chat" value="$chat"/>'),
        "line 3: <Chat> exists in Label Studio Enterprise only",
    ),
    "enterprise without a name": (
        OBJECT.format("<View>\n<ReactCode/></View>"),
        "line 4: <ReactCode> exists in Label Studio Enterprise only",
    ),
    "two objects of one name": (
        OBJECT.format('<Text name="text" value="$other"/>'),
        "line 3: the name 'text' is taken by line 2; give it another",
    ),
    "object and control of one name": (
        OBJECT.format('<TextArea name="text" toName="text"/>'),
        "line 3: the name 'text' is taken by line 2",
    ),
    "toName to nowhere": (
        OBJECT.format('<TextArea name="response" toName="txet"/>'),
        r"line 3: 'response' points to 'txet', which is no object here \(found text\)",
    ),
    "toName to a control": (
        OBJECT.format('<TextArea name="a" toName="text"/>\n<TextArea name="b" toName="a"/>'),
        "line 4: 'b' points to 'a', which is no object here",
    ),
    "no toName": (
        OBJECT.format('<Rating name="quality"/>'),
        "line 3: <Rating name='quality'> has no toName",
    ),
    "no objects at all": (
        '<View>\n<Rating name="a" toName="b"/></View>',
        r"line 2: 'a' points to 'b', which is no object here \(found none\)",
    ),
    "row without flag": (
        REPEATER.replace('name="ok_{{i}}"', 'name="ok"'),
        r"line 5: 'ok' is inside a Repeater but lacks \{\{i\}\}; every row would get the same name",
    ),
    "row object without flag": (
        REPEATER.replace("row_{{i}}", "row"),
        r"line 4: 'row' is inside a Repeater but lacks \{\{i\}\}",
    ),
    "from outside to a row": (
        REPEATER.replace("</View>", '<Rating name="r" toName="row_{{i}}"/>\n</View>'),
        r"line 8: 'r' points to 'row_\{\{i\}\}', which is no object here \(found text\)",
    ),
}


@pytest.mark.parametrize(("xml", "said"), REFUSED.values(), ids=REFUSED)
def test_refused(xml: str, said: str) -> None:
    with pytest.raises(LabelConfigError, match=rf"^label\.xml(, |: ){said}") as caught:
        parse(xml, "label.xml")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("place", ["<View>&a11;</View>", '<View name="&a11;"/>'])
def test_an_entity_bomb_is_refused_at_once(place: str) -> None:
    levels = [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12)]
    bomb = f'<!DOCTYPE v [<!ENTITY a0 "boom">{"".join(levels)}]>{place}'
    with pytest.raises(LabelConfigError, match=r"line 1: .*amplification"):
        parse(bomb)


names = st.sampled_from(["a", "b", "row_{{idx}}", ""])
tags = st.sampled_from([*CONTROL_TAGS, "Text", "View", "Chat", "Choice", "Repeater", "Unknown"])
elements = st.recursive(
    st.builds('<{} name="{}" toName="{}" value="$x"/>'.format, tags, names, names),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", tags, st.lists(inner, max_size=4)
    ),
    max_leaves=8,
)


@given(
    elements.map("<View>{}</View>".format)
    | st.text(st.characters() | st.sampled_from("<>&;/'\"\ud800"))
)
def test_anything_is_read_or_refused_in_one_line(xml: str) -> None:
    try:
        config = parse(xml, "label.xml")
    except LabelConfigError as error:
        assert str(error).startswith("label.xml")
        assert "\n" not in str(error)
    else:
        found = [tag.name for tag in (*config.objects, *config.controls)]
        assert len(found) == len(set(found))


def test_a_config_without_a_control_that_the_codec_reads(interface: Interface[Any]) -> None:
    """Whichever is taken out, the sentence names it, what was found, and the remedy."""
    name, tag = next(iter(interface.required.items()))
    xml = interface.xml.replace(f'name="{name}"', 'name="elsewhere_{{idx}}"')
    with pytest.raises(LabelConfigError) as caught:
        interface.check_config(xml)
    said = str(caught.value)
    assert said.startswith(f"{interface.name}.xml: no {tag} named {name!r} (found '")
    assert said.endswith("; add it or rename one")


def test_a_config_without_response() -> None:
    import label_configs

    xml = (
        '<View><Text name="t" value="$t"/><TextArea name="prompt" toName="t"/>'
        '<Rating name="rating" toName="t"/></View>'
    )
    with pytest.raises(
        LabelConfigError,
        match=r"^chat_response\.xml: no TextArea named 'response' \(found 'prompt', 'rating'\); ",
    ):
        label_configs.load("chat_response").check_config(xml)


def test_a_control_of_another_tag() -> None:
    import label_configs

    chat = label_configs.load("chat_response")
    line = chat.check_config(chat.xml).control("accuracy")
    assert line is not None
    xml = chat.xml.replace("<Rating ", "<Number ")
    with pytest.raises(
        LabelConfigError, match=f"line {line.line}: 'accuracy' is a Number, expected a Rating"
    ):
        chat.check_config(xml)
