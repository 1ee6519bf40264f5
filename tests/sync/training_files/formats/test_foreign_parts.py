"""Parts of other APIs are called what they are, and nothing of what they say is repeated."""

from typing import Any

import pytest

from sync.training_files.formats import FORMATS
from sync.training_files.formats.foreign_parts import told
from tests.sync.training_files.validation.lines import SECRET

Part = Any


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"type": "tool_use", "name": SECRET, "input": {}}, "Anthropic's: tool_use"),
        ({"type": "thinking", "thinking": SECRET}, "Anthropic's: thinking"),
        ({"type": "image", "source": {"data": SECRET}}, "Anthropic's: image with a source"),
        ({"type": "image"}, "Hugging Face's: image"),
        ({"type": "input_text", "text": SECRET}, "OpenAI's Responses: input_text"),
        ({"type": "input_audio", "input_audio": {}}, "OpenAI's: input_audio"),
        ({"type": "video_url", "video_url": {}}, "vLLM's server: video_url"),
        ({"type": "reasoning", "value": SECRET}, "LLaMA-Factory's version 1: reasoning"),
        ({"type": "text", "value": SECRET}, "LLaMA-Factory's version 1: text"),
        ({"functionCall": {"name": SECRET}}, "Gemini's: functionCall, without a type"),
        ({"inline_data": {}}, "Gemini's: inline_data"),
        ({"toolUse": {"name": SECRET}}, "Bedrock's: toolUse, without a type"),
        ({"image": {"format": "png"}}, "Bedrock's: image"),
        ({"text": SECRET}, 'add "type": "text"'),
        ({SECRET: 1}, "a part without a type"),
        ({"type": SECRET}, "a part of an unknown type"),
        ({"type": 7}, "a part whose type is a number"),
        (SECRET, "text in place of a part"),
        (None, "null in place of a part"),
    ],
)
def test_what_a_part_is(part: Part, said: str) -> None:
    assert said in told(part)
    assert SECRET not in told(part)
    for role, form in (("assistant", "openai-chat"), ("tool", "openai-chat")):
        message = {"role": role, "content": [part], "tool_call_id": "c"}
        found = [fault.message for fault in FORMATS[form].check({"messages": [message]})]
        assert any(said in text for text in found) or "image with" in said
        assert not any(SECRET in text for text in found)


def test_parts_in_a_turn_of_sharegpt_are_named() -> None:
    parts = [{"type": "text", "text": "Who?"}, {"type": "image_url", "image_url": {"url": "x"}}]
    turns = [{"from": "human", "value": parts}, {"from": "gpt", "value": "They."}]
    (fault,) = FORMATS["sharegpt"].check({"conversations": turns})
    assert "found a list of parts (a part of OpenAI's: image_url)" in fault.message
