"""Pictures and calls of one conversation in every format: where each stands, and what can't."""

from pathlib import Path
from typing import Any

import pytest

from sync.common.json_text import to_json_line
from sync.training_files.example import (
    Completion,
    Conversation,
    GradedPrompt,
    Judgement,
    PreferenceExample,
)
from sync.training_files.formats import FORMATS, Unsuitable
from sync.training_files.formats.sharegpt_turns import calls_in
from tests.sync.training_files.formats.golden_examples import (
    TOOLS,
    Message,
    assistant,
    call,
    system,
    user,
)
from tests.sync.training_files.formats.trl_desk import load

CARD, CAT = "data:image/png;base64,iVBORw0=", "https://example.org/cat.jpg?size=2"


def words(text: str) -> Message:
    return {"type": "text", "text": text}


def picture(address: str, **more: str) -> Message:
    return {"type": "image_url", "image_url": {"url": address, **more}}


ASKED = user([words("Is this"), words("my card?"), picture(CARD, detail="low")])  # type: ignore[arg-type]
AGAIN = user([picture(CAT), words("And this?")])  # type: ignore[arg-type]
SAID = [system("Be brief."), ASKED, assistant("Yes."), AGAIN, assistant("A cat.")]
PROMPT = SAID[:-1]
MARKED = ["Is this\nmy card?<image>", "<image>And this?"]
FILES = [CARD, CAT]


def test_openai_has_parts_in_every_message() -> None:
    line = FORMATS["openai-chat"].encode(Conversation(SAID))
    assert [m["content"] for m in line["messages"]] == [
        [words("Be brief.")], ASKED["content"], [words("Yes.")], AGAIN["content"],
        [words("A cat.")],
    ]  # fmt: skip
    assert list(FORMATS["openai-chat"].check(line)) == []
    graded = FORMATS["openai-reinforcement"].encode(GradedPrompt(PROMPT, "A cat."))
    assert graded["messages"][1:] == line["messages"][1:-1]


def test_trl_has_marks_and_a_list_beside_them(tmp_path: Path) -> None:
    from trl.data_utils import prepare_multimodal_messages

    mark = {"type": "image"}
    whole = FORMATS["trl-language-modeling"].encode(Conversation(SAID))
    prompted = FORMATS["trl-prompt-completion"].encode(Completion(PROMPT, SAID[-1]))
    pair = FORMATS["trl-preference"].encode(PreferenceExample(PROMPT, "A cat.", "A dog."))
    judged = FORMATS["trl-unpaired-preference"].encode(Judgement(PROMPT, "A cat.", label=True))
    for line in (whole, prompted, pair, judged):
        assert line["images"] == FILES
        messages = line.get("messages", line.get("prompt"))
        assert messages[1]["content"] == [words("Is this"), words("my card?"), mark]
        shown = prepare_multimodal_messages(messages, images=line["images"])
        assert shown[3]["content"][0] == mark | {"image": CAT}
    assert prompted["completion"] == [{"role": "assistant", "content": [words("A cat.")]}]
    path = tmp_path / "whole.jsonl"
    path.write_bytes(to_json_line(whole))
    assert load(path, tmp_path / "cache")[0]["images"] == FILES


def test_llama_factory_has_marks_in_the_texts() -> None:
    line = FORMATS["sharegpt"].encode(Conversation(SAID))
    assert [t["value"] for t in line["conversations"] if t["from"] == "human"] == MARKED
    pair = FORMATS["sharegpt-preference"].encode(PreferenceExample(PROMPT, "A cat.", "A dog."))
    judged = FORMATS["sharegpt-kto"].encode(Judgement(PROMPT, "A cat.", label=True))
    alpaca = FORMATS["alpaca"].encode(Completion(PROMPT, SAID[-1]))
    assert (alpaca["history"], alpaca["instruction"]) == ([[MARKED[0], "Yes."]], MARKED[1])
    assert [each["images"] for each in (line, pair, judged, alpaca)] == [FILES] * 4


def test_gemini_has_data_or_a_file() -> None:
    line = FORMATS["gemini"].encode(Conversation(SAID))
    assert [part for turn in line["contents"] for part in turn["parts"]] == [
        *({"text": "Is this"}, {"text": "my card?"}),
        {"inlineData": {"mimeType": "image/png", "data": "iVBORw0="}},
        {"text": "Yes."},
        {"fileData": {"mimeType": "image/jpeg", "fileUri": CAT}},
        *({"text": "And this?"}, {"text": "A cat."}),
    ]
    assert list(FORMATS["gemini"].check(line)) == []
    part = {"type": "image_url", "image_url": {"url": "https://[x/a.png?b"}}
    (turn, _) = FORMATS["gemini"].encode(Conversation([user([part]), assistant("Yes.")]))[
        "contents"
    ]
    assert turn["parts"][0]["fileData"]["mimeType"] == "image/png"


def answered(content: Any) -> list[Message]:
    """A conversation in which a tool answers."""
    called = {"role": "assistant", "content": None, "tool_calls": [call("c", "{}")]}
    result = {"role": "tool", "tool_call_id": "c", "content": content}
    return [user("Mine?"), called, result, assistant("Yes.")]


BY_ASSISTANT = [user("Draw it."), assistant([picture(CARD)])]  # type: ignore[arg-type]
AT_HOME = user([picture("/data/upload/1/a.png")])  # type: ignore[arg-type]
NO_NAME = user([picture("https://example.org/7")])  # type: ignore[arg-type]
MARK = user([words("<image>"), picture(CARD)])  # type: ignore[arg-type]
UNSUITABLE: list[tuple[str, Any, str]] = [
    ("openai-chat", Conversation(BY_ASSISTANT), "in an assistant's message"),
    ("openai-chat", Conversation(answered([picture(CARD)])), "in a tool's message"),
    ("openai-chat", Conversation([AT_HOME, assistant("?")]), "from here alone"),
    ("openai-preference", PreferenceExample(PROMPT, "a", "b"), "text alone"),
    ("openai-reinforcement", GradedPrompt(PROMPT[:2], (answered("")[1],)), "calls tools"),
    ("trl-language-modeling", Conversation(answered([picture(CARD)])), "in a tool's message"),
    ("trl-preference", PreferenceExample(PROMPT, "a", BY_ASSISTANT[1:]), "in an answer"),
    ("sharegpt", Conversation([MARK, assistant("?")]), "a picture's mark"),
    ("sharegpt", Conversation([ASKED, assistant("?"), user("<image>"), assistant("?")]), "mark"),
    ("sharegpt-preference", PreferenceExample(PROMPT, "a", BY_ASSISTANT[1:]), "text alone"),
    ("alpaca", Completion(PROMPT, BY_ASSISTANT[1]), "text alone"),
    ("gemini", Conversation(BY_ASSISTANT), "text alone"),
    ("gemini", Conversation([NO_NAME, assistant("?")]), "does not end as pictures do"),
    ("bedrock-conversation", Conversation(SAID), "from S3 alone"),
]


@pytest.mark.parametrize(("name", "example", "why"), UNSUITABLE)
def test_what_cannot_be_said_is_left_out_with_a_reason(name: str, example: Any, why: str) -> None:
    with pytest.raises(Unsuitable, match=why):
        FORMATS[name].encode(example)


@pytest.mark.parametrize("arguments", ['{"of": "x"}', '{"of": "</tool_call>"}'])
def test_sharegpt_has_words_before_a_call(arguments: str) -> None:
    turn = {"role": "assistant", "content": "Let me look.", "tool_calls": [call("c", arguments)]}
    line = FORMATS["sharegpt"].encode(Conversation([user("?"), turn], TOOLS))
    said = line["conversations"][1]["value"]
    assert said.startswith("Let me look.\n<tool_call>{")
    assert said.endswith("}</tool_call>")
    assert calls_in(said)["arguments"]["of"] in arguments
    assert list(FORMATS["sharegpt"].check(line)) == []


def test_answers_that_call_tools_stand_in_pairs() -> None:
    asked = [user("What do I have?")]
    good, bad = ([{"role": "assistant", "content": None, "tool_calls": [call("c", a)]}]
                 for a in ('{"account": "main"}', '{"account": "x"}'))  # fmt: skip
    pair = PreferenceExample(asked, good, bad, TOOLS)
    openai = FORMATS["openai-preference"].encode(pair)
    assert (openai["preferred_output"], openai["non_preferred_output"]) == (good, bad)
    trl = FORMATS["trl-preference"].encode(pair)
    assert trl["rejected"][0]["tool_calls"][0]["function"]["arguments"] == {"account": "x"}
    sharegpt = FORMATS["sharegpt-preference"].encode(pair)
    assert sharegpt["chosen"]["from"] == "function_call"
    for name in ("openai-preference", "trl-preference", "sharegpt-preference"):
        assert list(FORMATS[name].check(FORMATS[name].encode(pair))) == []
