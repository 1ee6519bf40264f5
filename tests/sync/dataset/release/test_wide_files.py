"""A file of which some lines have pictures: each of them has the column, whichever came first."""

import hashlib
import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from sync.dataset.release.companions.dataset_card import dataset_card
from sync.dataset.release.companions.llama_factory import llama_factory
from sync.dataset.release.data_files import DataFiles
from sync.settings.card import CardSection
from sync.training_files.example import Conversation
from sync.training_files.formats import FORMATS
from sync.training_files.manifest.contents import ReleaseSummary, WrittenFile

PICTURE = {"type": "image_url", "image_url": {"url": "images/a.png"}}
TEXT = Conversation([{"role": "user", "content": "}\n"}, {"role": "assistant", "content": "?"}])
SHOWN = Conversation(
    [{"role": "user", "content": [PICTURE]}, {"role": "assistant", "content": "A card."}]
)
CALL = {"id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}}
TOOL = {"type": "function", "function": {"name": "look"}}
CALLED = Conversation(
    [TEXT.messages[0], {"role": "assistant", "content": None, "tool_calls": [CALL]}], [TOOL]
)


def written(
    folder: Path, name: str, *examples: Conversation, **how: Any
) -> tuple[WrittenFile, Any, ReleaseSummary]:
    with DataFiles(folder, [FORMATS[name]], **how) as files:
        for example in examples:
            files.add(Conversation, example, None, {}, 2)
        (file,) = files.written()
        summary = ReleaseSummary("p", "chat_response", (file,), sample=files.first_lines())
    content = (folder / file.file).read_bytes()
    assert (file.bytes, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert [path.name for path in folder.iterdir()] == [file.file]
    lines = content.decode("utf-8-sig").split("\n")[:-1]
    assert file.lines == len(lines)
    return file, [json.loads(line) for line in lines], summary


@pytest.mark.parametrize("name", ["sharegpt", "trl-language-modeling"])
@pytest.mark.parametrize("order", [*permutations([TEXT, TEXT, SHOWN], 3), (SHOWN, SHOWN)])
@pytest.mark.parametrize("bom", [False, True])
def test_each_line_has_the_column(
    tmp_path: Path, name: str, order: tuple[Conversation, ...], bom: bool
) -> None:
    file, lines, summary = written(tmp_path, name, *order, bom=bom)
    wanted = [["images/a.png"] if example is SHOWN else [] for example in order]
    assert [line["images"] for line in lines] == [files for files in wanted for _ in (1, 2)]
    assert file.wide
    assert summary.sample[file.file] == lines[0]
    assert "name: images" in dataset_card(summary, CardSection())["README.md"]


def test_llama_factory_is_told_of_it(tmp_path: Path) -> None:
    for name, columns in (("with", {"images": "images"}), ("without", {})):
        folder = tmp_path / name
        folder.mkdir()
        *_, summary = written(folder, "sharegpt", TEXT, *([SHOWN] if columns else []))
        told = json.loads(llama_factory(summary, CardSection())["dataset_info.json"])
        read = {"messages": "conversations", "tools": "tools"}
        assert told["sharegpt"]["columns"] == {**read, **columns}


@pytest.mark.parametrize("name", ["sharegpt", "openai-chat", "gemini", "bedrock-conversation"])
def test_without_pictures_and_tools_a_file_is_as_ever(tmp_path: Path, name: str) -> None:
    file, lines, summary = written(tmp_path, name, TEXT)
    assert not file.wide
    assert lines[0] == FORMATS[name].encode(TEXT)
    assert "images" not in dataset_card(summary, CardSection())["README.md"]


def test_bedrock_s_card_tells_of_tools(tmp_path: Path) -> None:
    file, lines, summary = written(tmp_path, "bedrock-conversation", TEXT, CALLED)
    assert file.wide
    assert ["toolConfig" in line for line in lines] == [False, False, True, True]
    assert "toolConfig" in dataset_card(summary, CardSection())["README.md"]


@pytest.mark.parametrize(
    ("name", "wide"),
    [("sharegpt", SHOWN), ("trl-language-modeling", SHOWN), ("bedrock-conversation", CALLED)],
)
def test_datasets_loads_it_by_its_card(tmp_path: Path, name: str, wide: Conversation) -> None:
    import datasets

    folder = tmp_path / "release"
    folder.mkdir()
    *_, lines, summary = written(folder, name, TEXT, wide)
    (folder / "README.md").write_text(dataset_card(summary, CardSection())["README.md"])
    loaded = datasets.load_dataset(
        str(folder), name, split="train", cache_dir=str(tmp_path / "cache")
    )
    rows = [{key: row[key] for key in row if row[key] is not None} for row in loaded]
    assert rows == lines
