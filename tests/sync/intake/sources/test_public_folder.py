"""Every file of a folder like LLaMA-Factory's: each row a task, or refused for what it holds."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import label_configs
from label_configs import LabelConfigError
from label_configs.content import calls_of, image_urls
from sync.common.errors import SourceError
from sync.intake.cleaning.steps import usable
from sync.intake.sources import SourceReader, SourceTask
from sync.settings import SourcesSection
from tests.sync.intake.sources.public_folder import FILES, TOOL, write_folder

SOUND = "message 1 holds a sound (<audio>, of the column 'audios'), which no page can show"
VIDEO = "message 1 holds a video (<video>, of the column 'videos'), which no page can show"
# of the files in which not every row becomes a task: row -> why
REFUSED: dict[str, dict[int, str]] = {
    "c4_demo.jsonl": dict.fromkeys((0, 1), "needs one of 'messages' (chat), "),
    "glaive_toolcall_zh_demo.json": {1: "message 3 is a tool's answer to no call before it"},
    "mllm_audio_demo.json": {0: SOUND},
    "mllm_video_demo.json": {0: VIDEO},
    "mllm_video_audio_demo.json": {0: SOUND},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("public"))


def outcomes(path: Path, interface: str = "chat_response") -> list[SourceTask | str]:
    """What becomes of each row: a task that can be sent, or the sentence after file and place."""
    chosen = label_configs.load(interface)
    found: list[SourceTask | str] = []
    for outcome in SourceReader([path], SourcesSection(), chosen).outcomes():
        if not isinstance(outcome, SourceTask):
            found.append(outcome.reason)
            continue
        try:
            usable.check(chosen, outcome.data, outcome.where)
            chosen.complete_task(outcome.data)
            found.append(outcome)
        except LabelConfigError as error:
            found.append(str(error).removeprefix(f"{outcome.where}: "))
    return found


def data_of(folder: Path, name: str) -> list[dict[str, Any]]:
    return [dict(task.data) for task in outcomes(folder / name) if isinstance(task, SourceTask)]


def test_there_are_seventeen_files_of_data() -> None:
    assert len(FILES) == 17


@pytest.mark.parametrize("name", FILES)
def test_each_row_is_a_task_or_refused_for_what_it_holds(folder: Path, name: str) -> None:
    found = outcomes(folder / name)
    assert len(found) == len(FILES[name])
    why = {at: said for at, said in enumerate(found) if isinstance(said, str)}
    expected = REFUSED.get(name, {})
    assert why.keys() == expected.keys()
    assert all(why[at].startswith(said) for at, said in expected.items())


def test_text_to_be_continued_is_said_to_be_no_question(folder: Path) -> None:
    (said, *_) = outcomes(folder / "c4_demo.jsonl")
    assert isinstance(said, str)
    assert said.endswith(
        "found text; say what the fields are in [sources.columns] of "
        "labeltune.toml, or push texts that nobody asked for as documents"
    )


def test_calls_results_and_reasoning_stand_where_they_belong(folder: Path) -> None:
    one, several, ends_with_call = data_of(folder, "reason_tool_use_demo_50.jsonl")
    assert [m["role"] for m in one["messages"]] == ["system", "user", "assistant", "tool"]
    said = one["messages"][2]
    assert (said["content"], said["reasoning_content"]) == ("", "I ask for Leeds.")
    assert [call.written() for call in calls_of(said)] == ['branch_hours({"town": "Leeds"})']
    assert (one["reference"], one["reference_reasoning"]) == ("Yes.", "It is.")
    results = [m for m in several["messages"] if m["role"] == "tool"]
    assert [m["content"] for m in results] == ["yes", '{"open": false}']
    assert [m["tool_call_id"] for m in results] == [c.id for c in calls_of(several["messages"][1])]
    assert ends_with_call["reference"] == ""
    assert ends_with_call["reference_calls"][0]["function"]["name"] == TOOL["name"]


def test_calls_of_sharegpt_are_turns_of_their_own(folder: Path) -> None:
    one, _ = data_of(folder, "glaive_toolcall_en_demo.json")
    (both,) = data_of(folder, "glaive_toolcall_zh_demo.json")
    assert [m["role"] for m in one["messages"]] == ["user", "assistant", "tool"]
    assert [m["role"] for m in both["messages"]] == ["user", "assistant", "tool", "tool"]
    assert [m["content"] for m in both["messages"][2:]] == ["true", "false"]


def test_pictures_are_files_beside_the_source(folder: Path) -> None:
    wanted = (folder / "mllm_demo_data" / "1.png").as_uri()
    (marked,) = data_of(folder, "mllm_demo.json")
    (named_from_above,) = data_of(folder, "v1_multimodal_demo.jsonl")
    urls = [image_urls(m["content"]) for m in marked["messages"]]
    assert urls == [[wanted], [], [wanted]]
    assert image_urls(named_from_above["messages"][0]["content"]) == [wanted]
    assert "images" not in marked


def test_weights_and_preferences_are_kept(folder: Path) -> None:
    (pair,) = data_of(folder, "v1_dpo_demo.jsonl")
    assert pair["chosen"] == [{"role": "assistant", "content": "At nine."}]
    assert pair["rejected"] == [{"role": "assistant", "content": "Dunno."}]
    assert [m["content"] for m in pair["messages"]] == ["Be kind.", "When do you open?"]
    labels = [data["label"] for data in data_of(folder, "kto_en_demo.json")]
    assert labels == [True, False]


def test_the_folder_is_read_without_what_describes_it(folder: Path) -> None:
    reader = SourceReader([folder], SourcesSection(), label_configs.load("chat_response"))
    found = list(reader.outcomes())
    assert len(found) == sum(map(len, FILES.values()))
    assert Counter(known.kind for known in reader.recognised) == {"JSON": 1, "JSONL": 1}
    described, unread, beside = sorted(reader.notes, key=lambda note: "left out beside" in note)
    assert described.startswith(f"{folder / 'dataset_info.json'}: left out, since it says which")
    assert unread == f"{folder}: left out, since nothing reads them: 1 .mp3, 1 .mp4, 1 .yaml"
    assert beside == f"{folder}: left out beside the rows: README.md, README_zh.md"


def test_the_list_of_files_alone_is_no_data(folder: Path) -> None:
    with pytest.raises(SourceError, match="says which files hold rows, and holds none; push"):
        list(SourceReader([folder / "dataset_info.json"], SourcesSection()))


def test_it_may_be_finished_conversations(folder: Path) -> None:
    """As `multi_turn` takes them: nothing is cut off."""
    for name in ("mllm_demo.json", "glaive_toolcall_en_demo.json", "kto_en_demo.json"):
        for row, task in zip(FILES[name], outcomes(folder / name, "multi_turn"), strict=True):
            assert isinstance(task, SourceTask)
            said = row.get("messages") or row["conversations"]
            assert len(task.data["messages"]) == len(said)
