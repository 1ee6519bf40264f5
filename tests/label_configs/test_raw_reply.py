"""Raw replies: reasoning, channels, turn tokens and fences come off at the borders, words stay."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import label_configs
from label_configs import Interface, ReplyError, raw_reply
from label_configs.raw_reply import RawReply, leftover, may_hold_leftovers, split_reply
from label_configs.reply import reply_answer
from label_configs.reply_marks import SPOKEN
from tests.label_configs.records import TASK

SHARED = Path(__file__).parents[3] / "shared" / "data" / "faults" / "replies.jsonl"
WHY = "The fee table says GBP 5."
SAID = "A new card costs GBP 5.00."
BLOCKS = {
    "DeepSeek, Qwen": f"<think>\n{WHY}\n</think>\n\n{SAID}",
    "glued": f"<think>{WHY}</think>{SAID}",
    "capitals": f"<THINK>{WHY}</THINK> {SAID}",
    "thinking": f"<thinking>\n{WHY}\n</thinking>\n{SAID}",
    "reasoning": f"<reasoning>{WHY}</reasoning>\n{SAID}",
    "thought": f"<thought>{WHY}</thought>\n{SAID}",
    "Seed": f"<seed:think>{WHY}</seed:think>{SAID}",
    "MiniMax": f"<mm:think>\n{WHY}\n</mm:think>\n\n{SAID}",
    "GLM's box": f"<think>{WHY}</think><|begin_of_box|>{SAID}<|end_of_box|>",
    "Open WebUI": '<details type="reasoning" done="true" duration="3">\n'
    f"<summary>Thought for 3 seconds</summary>\n> {WHY}\n</details>\n{SAID}",
    "Open WebUI, unquoted": f'<details open type="reasoning">\n{WHY}\n</details>{SAID}',
    "Magistral": f"[THINK]{WHY}[/THINK]{SAID}",
    "Kimi": f"◁think▷{WHY}◁/think▷{SAID}",
    "Cohere": f"<|START_THINKING|>{WHY}<|END_THINKING|><|START_RESPONSE|>{SAID}<|END_RESPONSE|>",
    "Gemma": f"<|channel>thought\n{WHY}\n<channel|>{SAID}<turn|>",
    "the end alone": f"{WHY}\n</think>\n\n{SAID}",
    "the end alone, on the line": f"{WHY}</think>\n\n{SAID}",
    "the end alone, glued": f"{WHY}</think>{SAID}",
    "the end alone, a token": f"{WHY}[/THINK]{SAID}",
    "harmony": f"<|channel|>analysis<|message|>{WHY}<|end|>"
    f"<|start|>assistant<|channel|>final<|message|>{SAID}<|return|>",
    "harmony from its start": f"<|start|>assistant<|channel|>analysis<|message|>{WHY}<|end|>\n"
    f"<|start|>assistant<|channel|>final<|message|>{SAID}",
    "harmony without its tokens": f"analysis{WHY}assistantfinal{SAID}",
    "harmony, the answer in no channel": f"<|channel|>analysis<|message|>{WHY}<|end|>{SAID}",
    "harmony, a preamble alone": f"<|channel|>analysis<|message|>{WHY}<|end|>"
    f"<|channel|>commentary<|message|>{SAID}<|end|>",
    "MedGemma": f"<unused94>thought\n{WHY}\n<unused95>{SAID}",
    "Granite": f"Here is my thought process:\n{WHY}\n\nHere is my response:\n{SAID}",
    "after the answer": f"{SAID}\n\n<think>\n{WHY}\n</think>",
    "the answer marked, too": f"<think>{WHY}</think>\n<answer>\n{SAID}\n</answer>",
    "a byte order mark": f"\ufeff<think>{WHY}</think>{SAID}",
    "the turn's tokens around it": f"<|im_start|>assistant\n<think>{WHY}</think>{SAID}<|im_end|>\n",
    "in a fence": f"<think>{WHY}</think>\n\n```markdown\n{SAID}\n```",
}
TURN_ENDS = (
    "<|im_end|>", "<|eot_id|>", "<end_of_turn>", "</s>", "<|return|>", "<|endoftext|>", "<|end|>",
    "<|end_of_text|>", "<eos>", "<turn|>", "<｜end▁of▁sentence｜>", "<|im_end|>\n<|endoftext|>",  # noqa: RUF001
    "<|im_end|>\n<|im_start|>user\nAnd by post?<|im_end|>\n<|im_start|>assistant\nYes.",
    "<end_of_turn>\n<start_of_turn>model\n", "<|eot_id|><|start_header_id|>user<|end_header_id|>\n",
)  # fmt: skip
WORDS = (
    "Reasoning models write `<think>` first and `</think>` after it.",
    "`<think>` opens the block.",
    "The tag </think> closes what <think> opens.",
    'It ends with "</think>".',
    "Wrap it:\n\n```xml\n<think>\nwhy\n</think>\n```\n\nThen answer.",
    "Escape the token `<|im_end|>` in user input.",
    "<details>\n<summary>Fees</summary>\n> GBP 5\n</details>\nIt comes by post.",
    'Write `<details type="reasoning">` before it and `</details>` after it.',
    "The result is <|begin_of_box|>42<|end_of_box|> pounds.",
    "In ChatML <|im_start|> opens a turn and it ends with <|im_start|> or <|im_end|>, "
    "mostly <|im_end|>",
    "It was <s>GBP 10</s>",
    "<s>GBP 10</s>",
    "Use <b>bold</b> and [link](url).",
    "I think, therefore I am </thinking about it>",
    "a < b and [THINKING] is fine",
    "Analysis: analysis of the final.",
    "analysis of the market",
    "Here is my response: it costs GBP 5.",
    "Use `<think>draft</think>` as the example tag.",
)
ALL_REASONING = (
    "<think>\nI have to look at the",
    "<think>",
    "<think>I'd say `</think>` ends it",
    "[THINK]I have to look",
    f"<think>{WHY}</think>",
    f"{WHY}\n</think>\n",
    f"<think>{WHY}</think><|im_end|>",
    f"<|channel|>analysis<|message|>{WHY}",
    f"<|channel|>analysis<|message|>{WHY}<|end|>",
    "<|channel|>commentary to=functions.search <|constrain|>json<|message|>{}<|call|>",
    f"<think>{WHY}</think><think>Wait, ",
    f"Here's my thought process:\n{WHY}",
    f"<|im_start|>assistant\n<think>{WHY}",
)
FENCED = (
    f"```\n{SAID}\n```",
    f"```markdown\n# Fees\n\n{SAID}\n```",
    f"```text\n{SAID}\n\nIt comes by post.\n```",
    f"~~~\n{SAID}\n~~~",
    "```\n新卡的费用是五英镑。\n```",
    f"```markdown\nRun this:\n```bash\nls -la\n```\n{SAID}\n```",
)
CODE = (
    "```python\nprint(5)\n```",
    "```\nls -la\n```",
    '```\n{"fee": 5}\n```',
    "```\n$ grep it.\n```",
    "```\nint x = 5;\n// This is the fee.\n```",
    "```text\n+---+\n| 5 |\n+---+\n```",
    "```html\n<p>It costs five pounds.</p>\n```",
    "```\nA b c d.\n```\nand\n```\nE f g h.\n```",
    f"```\n{SAID}",
    "```\n```",
)
TEXT_INTERFACES = ("chat_response", "multi_turn", "preference", "review")


@pytest.mark.parametrize("raw", BLOCKS.values(), ids=BLOCKS)
def test_reasoning_is_set_apart(raw: str) -> None:
    split = split_reply(raw)
    assert (split.reasoning, reply_answer(raw), split.unclosed) == (WHY, SAID, False)
    found = leftover(raw)
    assert found is not None and found.certain


@pytest.mark.parametrize("empty", ["<think>\n\n</think>\n\n", "<think></think>", "</think>\n\n"])
def test_an_empty_block_is_no_reasoning(empty: str) -> None:
    assert split_reply(empty + SAID) == RawReply("", SAID)
    found = leftover(empty + SAID)
    assert found is not None and found.certain


def test_thoughts_that_break_off_in_code_end_all_the_same() -> None:
    for thought in ("Say `</think>`?\n```\n5", "Say ` then"):
        assert split_reply(f"<think>{thought}\n</think>{SAID}") == RawReply(thought, SAID)


def test_blocks_one_after_the_other() -> None:
    raw = f"<think>{WHY}</think>\n<think>So five.</think>\n{SAID}"
    assert split_reply(raw) == RawReply(f"{WHY}\n\nSo five.", SAID)


@pytest.mark.parametrize("end", TURN_ENDS)
def test_what_ends_a_turn_is_no_part_of_it(end: str) -> None:
    for raw in (SAID + end, f"{SAID} {end}", f"{SAID}\n{end}\n"):
        assert split_reply(raw) == RawReply("", SAID)
        assert leftover(raw) is not None


@pytest.mark.parametrize("text", WORDS)
def test_the_same_characters_as_words_stay(text: str) -> None:
    assert split_reply(text) == RawReply("", text)
    assert reply_answer(text) == text
    found = leftover(text)
    assert found is None or not found.certain
    behind = f"<think>\n{WHY}\n</think>\n\n{text}"
    assert split_reply(behind) == RawReply(WHY, text)


@pytest.mark.parametrize("raw", ALL_REASONING)
@pytest.mark.parametrize("name", TEXT_INTERFACES)
def test_a_reply_that_is_all_reasoning_does_not_fit(name: str, raw: str) -> None:
    with pytest.raises(ReplyError, match=r"^the model's reply .*(reasoning|empty)"):
        label_configs.load(name).read_reply(raw, TASK)


@pytest.mark.parametrize("raw", FENCED)
def test_a_fence_around_the_whole_answer_comes_off(raw: str) -> None:
    body = "\n".join(raw.split("\n")[1:-1])
    assert reply_answer(raw) == body
    assert leftover(raw) is not None


@pytest.mark.parametrize("raw", CODE)
def test_a_fence_around_code_stays(raw: str) -> None:
    assert reply_answer(raw) == raw
    assert leftover(raw) is None


def test_marks_in_the_middle_are_told_but_left() -> None:
    for text in (
        f"{SAID}\n<think>\n{WHY}\n</think>\nIt comes by post.",
        f"{SAID}<|im_end|>\nIt comes by post.",
        f"It costs <|begin_of_box|>GBP 5<|end_of_box|>. {SAID}",
    ):
        found = leftover(text)
        assert found is not None and not found.certain
        assert reply_answer(text) == text


def test_the_shared_replies() -> None:
    if not SHARED.exists():
        pytest.skip(f"{SHARED} is not there")
    for line in SHARED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        interface: Interface[Any] = label_configs.load(row["interface"])
        if row["answer"] is None:
            with pytest.raises(ReplyError):
                interface.read_reply(row["reply"], TASK)
            continue
        assert interface.answer(interface.read_reply(row["reply"], TASK)) == row["answer"]
        if "reasoning" in row:
            assert split_reply(row["reply"]).reasoning == row["reasoning"]


PIECES = st.lists(
    st.sampled_from(
        "<think> </think> [THINK] <|channel|> analysis final <|message|> </s> <|end|> "  # noqa: RUF005, SIM905
        "<|start|>assistant <|im_end|> ` ``` <answer> <|begin_of_box|> <|end_of_box|> Hi.".split(
            " "
        )
        + ["\n", " ", '<details type="reasoning">', "</details>"]
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize("mark", ["</think>", "<think></think>", "<|im_end|>", "`</think>", "<"])
def test_a_model_that_is_stuck_is_read_in_time(mark: str) -> None:
    started = time.monotonic()
    leftover(mark * 2000)
    assert time.monotonic() - started < 5


@given(PIECES)
def test_splitting_ends_and_is_done_once(raw: str) -> None:
    split = split_reply(raw)
    assert split_reply(split.answer) == RawReply("", split.answer)


@given(st.text())
def test_plain_text_is_left_alone(text: str) -> None:
    if not set("<[◁") & set(text) and not text.lstrip(" \t\r\n\ufeff").startswith(SPOKEN):
        assert split_reply(text).answer == text.strip(" \t\r\n\ufeff")


PIECES = (
    *("[", "]", "/", "THINK", "think", "INST", "inst", "a", "1", " ", "\n", "(b)", "."),
    *("[THINK]", "[/THINK]", "[/INST]", "[INST]", "analysis", "assistant", "final"),
)
marked = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@given(marked)
def test_a_bracket_that_begins_no_mark_is_passed_over(text: str) -> None:
    """What the quick look passes over holds nothing that the whole look would find."""
    quick = raw_reply.leftover(text), raw_reply.split_reply(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(raw_reply, "_holds_marks", lambda text: True)
        assert (raw_reply.leftover(text), raw_reply.split_reply(text)) == quick


@pytest.mark.parametrize(
    "text", [*BLOCKS.values(), *ALL_REASONING, *FENCED, *(SAID + end for end in TURN_ENDS), *WORDS]
)
def test_many_answers_are_passed_over_only_where_each_is_clean(text: str) -> None:
    assert not may_hold_leftovers([SAID, "Hi.", "[1] is", ""])
    for raw in (text, f"\ufeff {text}", text[:-1]):
        assert may_hold_leftovers([SAID, raw, "Hi."]) or leftover(raw) is None
