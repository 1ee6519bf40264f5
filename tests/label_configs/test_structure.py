"""What the page would refuse is refused here, with the line and what to do."""

import pytest

from label_configs import LabelConfigError
from label_configs.config_xml import parse


def refusal(xml: str) -> str:
    with pytest.raises(LabelConfigError) as caught:
        parse(xml, "my.xml")
    return str(caught.value)


TEXT = '<Text name="t" value="$x"/>'


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("<Text name='t' value='$x'/>", "line 1: the outermost tag is <Text>, expected <View>"),
        (
            f"<View>\n<Textarea2/>{TEXT}</View>",
            "line 2: the page knows no tag <Textarea2>; did you",
        ),
        ("<View>\n<Blink/></View>", "line 2: the page knows no tag <Blink>; "),
        ("<View>\n\n<Table value='$c'/></View>", "line 3: <Table> needs a name"),
        (
            "<View><Collapse>\n<View/></Collapse></View>",
            "line 2: the page refuses <View> directly inside <Collapse>; put only <Panel> there",
        ),
        (
            f"<View>{TEXT}<Choices name='c' toName='t'>\n<Label value='a'/></Choices></View>",
            "line 2: the page refuses <Label> directly inside <Choices>",
        ),
        ("<View>\n<Chat name='c' value='$m'/></View>", "line 2: <Chat> exists in Label Studio Ent"),
        ("<View><Repeater on='$s'>\n<Bucket/></Repeater></View>", "line 2: the page refuses <Buck"),
    ],
)
def test_refused(xml: str, said: str) -> None:
    assert refusal(xml).startswith(f"my.xml, {said}")


def test_markdown_in_a_panel_wants_a_view() -> None:
    def panel(inside: str) -> str:
        return f"<View><Collapse><Panel value='p'>{inside}</Panel></Collapse></View>"

    assert "wrap it in <View>" in refusal(panel("<Markdown value='$g'/>"))
    parse(panel("<View><Markdown value='$g'/></View>"))


def test_tags_may_be_written_in_any_case() -> None:
    config = parse(
        "<view><text name='t' value='$x'/><textarea name='a' toName='t'/></view>", "my.xml"
    )
    assert config.objects[0].tag == "Text"
    assert config.controls[0].result_type == "textarea"
