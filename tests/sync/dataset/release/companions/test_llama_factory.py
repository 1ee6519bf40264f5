"""`dataset_info.json`: LLaMA-Factory itself reads every file by it, and learns what it should."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync.common.json_text import to_json_line
from sync.dataset.release.companions.llama_factory import llama_factory
from sync.dataset.release.data_files import DataFiles
from sync.training_files.example import Completion, Conversation, Judgement, PreferenceExample
from sync.training_files.formats import FORMATS
from sync.training_files.formats.two_sides import vouched
from sync.training_files.manifest.contents import ReleaseSummary, is_plain
from tests.small_pictures import png
from tests.sync.dataset.release.companions.released import CARD, companions, release, said
from tests.sync.dataset.release.companions.trainer_packages import read_by
from tests.sync.training_files.formats.golden_examples import TOOLS, call
from tests.sync.training_files.formats.two_sided_lines import FAULTY

READ = ("sharegpt", "sharegpt-preference", "sharegpt-kto", "alpaca")
MASKED = "alpaca.mask_history"
# what LLaMA-Factory is to drop without an error, beside one line that is right
DROPPED = [
    line
    for name, rule, line in FAULTY
    if name == "sharegpt" and rule in ("order", "count", "system") and "system" not in line
]
RIGHT = {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello."}]}
PICTURE = {"type": "image_url", "image_url": {"url": "images/a.png"}}
U = {"role": "user", "content": "Hi"}
A = {"role": "assistant", "content": "Hello."}
# words before a call, such as reasoning inside of the answer, and what could end the call
CALLED: list[dict[str, Any]] = [
    {"role": "assistant", "content": content, "tool_calls": [call("c", arguments)]}
    for content, arguments in (
        ("Let me look.", '{"account": "main"}'),
        ("<think>\nThe main one.\n</think>\n\nLet me look.", '{"account": "main"}'),
        ("<think>\nThe main one.\n</think>", '{"account": "main"}'),
        ("", '{"account": "</tool_call> <tool_call>"}'),
    )
]


SHOWN: list[Any] = [
    "?",
    [PICTURE, {"type": "text", "text": "What is it?"}],
    [{"type": "text", "text": "And these?"}, PICTURE, PICTURE],
]


def pictures(folder: Path) -> Any:
    """A file of which some lines have pictures, as a release has it; its entry."""
    (folder / "images").mkdir()
    (folder / "images" / "a.png").write_bytes(png())
    own = folder / "pictures"
    own.mkdir()
    with DataFiles(own, [FORMATS["sharegpt"]]) as files:
        for content in SHOWN:
            files.add(Conversation, Conversation([U | {"content": content}, A]), None, {})
        (file,) = files.written()
    (own / file.file).rename(folder / "pictures.jsonl")
    summary = ReleaseSummary("p", "chat_response", (replace(file, file="pictures.jsonl"),))
    return json.loads(llama_factory(summary, CARD)["dataset_info.json"])["pictures"]


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What LLaMA-Factory makes of the golden files, by name and mask."""
    folder = tmp_path_factory.mktemp("release")
    entries = json.loads(companions(release(folder, split=False), folder)["dataset_info.json"])
    lines = [json.dumps(line) + "\n" for line in (*DROPPED, RIGHT)]
    (folder / "faulty.jsonl").write_text("".join(lines))
    columns = {"messages": "conversations"}
    entries["faulty"] = {
        "file_name": "faulty.jsonl",
        "formatting": "sharegpt",
        "columns": columns,
    }
    called = [FORMATS["sharegpt"].encode(Conversation([U, turn], TOOLS)) for turn in CALLED]
    (folder / "calls.jsonl").write_bytes(b"".join(map(to_json_line, called)))
    entries["calls"] = {**entries["sharegpt"], "file_name": "calls.jsonl"}
    entries["pictures"] = pictures(folder)
    (folder / "dataset_info.json").write_text(json.dumps(entries))
    wanted = [
        ("pictures", "aligned", False),
        ("calls", "sft", False),
        ("sharegpt", "sft", False),
        ("sharegpt-preference", "rm", False),
        ("sharegpt-kto", "kto", False),
        (MASKED, "sft", True),
        (MASKED, "sft", False),
        ("faulty", "sft", False),
    ]
    answer: dict[str, list[dict[str, Any]]] = read_by("llama_factory_reader", wanted, folder)
    return answer


@pytest.mark.thorough
def test_every_line_is_read_and_every_answer_of_sharegpt_learnt(learnt: Any) -> None:
    rows = learnt["sharegpt False"]
    examples: list[Conversation] = said("sharegpt")
    assert len(rows) == len(examples)
    for row, example in zip(rows, examples, strict=True):
        messages = vouched(example.messages)
        for message in messages:
            if isinstance(message.get("content"), str):
                assert message["content"] in row["read"]
                is_answer = message["role"] == "assistant"
                assert (message["content"] in row["learnt"]) == is_answer
        assert ("balance" in row["learnt"]) == any(m.get("tool_calls") for m in messages)
        for message in example.messages[len(messages) :]:
            assert message["content"] not in row["read"]
        assert ("What an account holds." in row["read"]) == bool(example.tools)


@pytest.mark.thorough
def test_pictures_are_found_in_the_release(learnt: Any) -> None:
    rows = learnt["pictures False"]
    assert [row["texts"] for row in rows] == [
        ["?", "Hello."],
        ["<image>What is it?", "Hello."],
        ["And these?<image><image>", "Hello."],
    ]
    assert [len(row["pictures"]) for row in rows] == [0, 1, 2]
    found = {path for row in rows for path in row["pictures"]}
    assert {Path(path).parts[-2:] for path in found} == {("images", "a.png")}
    assert all(Path(path).is_absolute() for path in found), "it was found beside the data"


@pytest.mark.thorough
def test_words_before_a_call_are_learnt_with_it(learnt: Any) -> None:
    rows = learnt["calls False"]
    assert len(rows) == len(CALLED)
    for row, turn in zip(rows, CALLED, strict=True):
        words, _, told = row["learnt"].partition("<tool_call>\n")
        assert words.strip() == turn["content"]
        function = turn["tool_calls"][0]["function"]
        assert json.loads(told.removesuffix("<|im_end|>\n").rpartition("\n</tool_call>")[0]) == {
            "name": function["name"],
            "arguments": json.loads(function["arguments"]),
        }


@pytest.mark.thorough
def test_of_a_preference_the_two_answers_alone_are_learnt(learnt: Any) -> None:
    rows = learnt["sharegpt-preference False"]
    examples: list[PreferenceExample] = said("sharegpt-preference")
    for row, example in zip(rows, examples, strict=True):
        assert row["chosen_learnt"] == f"{example.chosen}<|im_end|>\n"
        assert row["rejected_learnt"] == f"{example.rejected}<|im_end|>\n"
        for message in example.prompt:
            assert (message.get("content") or "balance") in row["chosen_read"]


@pytest.mark.thorough
def test_of_a_judgement_the_answer_and_the_verdict_are_read(learnt: Any) -> None:
    rows = learnt["sharegpt-kto False"]
    examples: list[Judgement] = said("sharegpt-kto")
    for row, example in zip(rows, examples, strict=True):
        assert row["learnt"] == f"{example.completion}<|im_end|>\n"
        assert row["good"] is example.label


@pytest.mark.thorough
def test_alpaca_teaches_the_output_alone_with_mask_history(learnt: Any) -> None:
    rows = learnt[f"{MASKED} True"]
    examples: list[Completion] = said("alpaca")
    for row, example in zip(rows, examples, strict=True):
        assert row["learnt"] == f"{example.completion['content']}<|im_end|>\n"
        assert all(message["content"] in row["read"] for message in example.prompt)


@pytest.mark.thorough
def test_alpaca_teaches_history_without_it_which_is_why_its_name_says_so(learnt: Any) -> None:
    rows = learnt[f"{MASKED} False"]
    examples: list[Completion] = said("alpaca")
    earlier = [
        (row, message["content"])
        for row, example in zip(rows, examples, strict=True)
        for message in example.prompt
        if message["role"] == "assistant"
    ]
    assert earlier
    assert all(text in row["learnt"] for row, text in earlier)


@pytest.mark.thorough
def test_it_drops_what_our_rules_say_that_it_drops(learnt: Any) -> None:
    assert len(DROPPED) >= 6
    (row,) = learnt["faulty False"]
    assert row["learnt"] == "Hello.<|im_end|>\n"


def test_every_file_that_is_read_has_an_entry_of_its_name(tmp_path: Path) -> None:
    text = llama_factory(release(tmp_path), CARD)["dataset_info.json"]
    entries = json.loads(text)
    assert {entry["file_name"] for entry in entries.values()} == {
        f"{name}.{split}.jsonl" for name in READ for split in ("train", "validation", "test")
    }
    assert entries["sharegpt.train"]["columns"] == {"messages": "conversations", "tools": "tools"}
    assert "alpaca.train.mask_history" in entries
    assert text == json.dumps(entries, indent=2, sort_keys=True) + "\n"


def test_chat_messages_have_an_entry_where_all_of_them_is_read(tmp_path: Path) -> None:
    summary = release(tmp_path, ["openai-chat"], split=False)
    assert llama_factory(summary, CARD) == {}, "nobody knows whether all of it is read"
    (file,) = summary.files
    plain = replace(summary, files=(replace(file, plain=True),))
    (entry,) = json.loads(llama_factory(plain, CARD)["dataset_info.json"]).values()
    assert entry["tags"]["role_tag"] == "role"
    mixed = replace(summary, files=(replace(file, plain=False),))
    assert llama_factory(mixed, CARD) == {}


def test_nothing_is_written_for_formats_that_it_does_not_read(tmp_path: Path) -> None:
    assert llama_factory(release(tmp_path, ["gemini", "trl-stepwise"]), CARD) == {}


@pytest.mark.parametrize(
    ("messages", "plain"),
    [
        ([U, A], True),
        ([{"role": "system", "content": "Be kind."}, U, A | {"weight": 1}], True),
        ([U, A | {"weight": 0}, U, A], False),
        ([U, A | {"content": None, "tool_calls": [{}]}], False),
        ([U, U, A], False),
        ([U, U], False),
        ([A, U], False),
        ([U], False),
        ([U | {"content": [{"type": "text", "text": "Hi"}]}, A], False),
        ([U, A | {"reasoning_content": "So."}], False),
    ],
)
def test_a_line_is_plain_when_all_of_it_is_read(messages: list[Any], plain: bool) -> None:
    assert is_plain({"messages": messages}) is plain
    assert not is_plain({"messages": messages, "tools": [{}]})
