"""`README.md`: `datasets` loads every format by it alone, and the Hub's own parser reads it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sync.dataset.release.companions import COMPANIONS
from sync.dataset.release.companions.dataset_card import dataset_card
from sync.settings.card import CardSection
from sync.training_files.formats import FORMATS
from sync.training_files.manifest.contents import ReleaseSummary
from tests.sync.dataset.release.companions.released import CARD, SPLITS, companions, release
from tests.sync.training_files.formats.test_golden import without_nulls


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of every format in three splits, with its companions."""
    folder = tmp_path_factory.mktemp("release")
    companions(release(folder), folder)
    (folder / "manifest.json").write_text("{}")
    (folder / "lineage.jsonl").write_text('{"key": "a"}\n')
    return folder


@pytest.mark.parametrize("name", FORMATS)
def test_datasets_loads_every_format_with_its_splits(
    folder: Path, name: str, tmp_path: Path
) -> None:
    import datasets

    loaded = datasets.load_dataset(str(folder), name, cache_dir=str(tmp_path))
    assert list(loaded) == list(SPLITS)
    for split in SPLITS:
        lines = (folder / f"{name}.{split}.jsonl").read_bytes().splitlines()
        rows = [json.loads(line) for line in lines]
        assert [without_nulls(row) for row in loaded[split]] == [without_nulls(r) for r in rows]


def test_the_columns_that_it_states_are_those_that_are_loaded(folder: Path, tmp_path: Path) -> None:
    import datasets

    for info in matter((folder / "README.md").read_text(encoding="utf-8"))["dataset_info"]:
        stated = datasets.Features._from_yaml_list(info["features"])
        loaded = datasets.load_dataset(str(folder), info["config_name"], cache_dir=str(tmp_path))
        assert all(part.features == stated for part in loaded.values())


def test_columns_that_nobody_knows_are_not_stated(tmp_path: Path) -> None:
    sample = {"sharegpt.jsonl": {"conversations": [], "tools": "[]", "mood": "good"}}
    summary = release(tmp_path, ["sharegpt"], split=False, sample=sample)
    (info,) = matter(dataset_card(summary, CARD)["README.md"])["dataset_info"]
    assert "features" not in info


def test_a_release_without_splits_is_all_train(tmp_path: Path) -> None:
    import datasets

    companions(release(tmp_path, ["sharegpt"], split=False), tmp_path)
    loaded = datasets.load_dataset(str(tmp_path), cache_dir=str(tmp_path / "cache"))
    assert list(loaded) == ["train"]
    assert "was not split" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_a_count_that_is_not_the_file_s_is_found_by_datasets(tmp_path: Path) -> None:
    import datasets
    from datasets.exceptions import ExpectedMoreSplitsError
    from datasets.utils.info_utils import NonMatchingSplitsSizesError

    companions(release(tmp_path, ["sharegpt"], split=False), tmp_path)
    file = tmp_path / "sharegpt.jsonl"
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises((NonMatchingSplitsSizesError, ExpectedMoreSplitsError)):
        datasets.load_dataset(str(tmp_path), cache_dir=str(tmp_path / "cache"))


def test_the_hub_s_own_parser_reads_it(folder: Path) -> None:
    from huggingface_hub import DatasetCard

    data = DatasetCard.load(folder / "README.md").data
    assert data.license == "cc-by-4.0"
    assert data.language == ["ar", "en"]
    assert data.pretty_name == "Bank support: answers"
    assert data.size_categories == ["n<1K"]
    assert data.task_categories == ["text-classification", "text-generation"]
    assert {"banking", "labeltune", "dpo", "kto"} <= set(data.tags)
    assert [config["config_name"] for config in data.configs] == list(FORMATS)
    assert [config.get("default", False) for config in data.configs] == [
        name == next(iter(FORMATS)) for name in FORMATS
    ]


def test_nobody_is_given_a_licence_or_a_language_that_nobody_named(tmp_path: Path) -> None:
    text = dataset_card(release(tmp_path, ["sharegpt"]), CardSection())["README.md"]
    assert not {"license", "language"} & matter(text).keys()
    assert "No licence is named, so none is given" in text
    assert matter(text)["pretty_name"] == "Bank support"


@pytest.mark.parametrize(
    ("lines", "size"),
    [(1, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (250_000, "100K<n<1M"), (10**6, "1M<n<10M")],
)
def test_its_size_is_that_of_the_largest_format(
    lines: int, size: str, file: Callable[..., Any]
) -> None:
    files = (file("sharegpt", lines), file("gemini", 1))
    text = dataset_card(ReleaseSummary("p", "chat_response", files), CardSection())["README.md"]
    assert matter(text)["size_categories"] == [size]


def test_a_file_without_a_line_is_no_configuration(file: Callable[..., Any]) -> None:
    files = (file("sharegpt", 3, "train"), file("sharegpt", 0, "test"), file("gemini", 0))
    text = dataset_card(ReleaseSummary("p", "chat_response", files), CardSection())["README.md"]
    (config,) = matter(text)["configs"]
    assert [part["split"] for part in config["data_files"]] == ["train"]


def test_it_tells_where_the_work_comes_from_and_what_it_lacks(
    tmp_path: Path, file: Callable[..., Any]
) -> None:
    summary = ReleaseSummary(
        "Bank | support",
        "chat_response",
        (file("openai-chat", 12, left_out={"tools, which it has no place for": 3}),),
        counts={"exported": 12, "rejected": 2, "incomplete": 1, "skipped": 0},
        categories={"topic": {"cards": 7, "fees": 5}},
        drafts={
            "outcomes": {"accepted": 7, "edited": 5, "no draft": 0},
            "median_changed": {"accepted": 0.0, "edited": 0.31},
        },
        balance={
            "mode": "sample",
            "weighting": "proportional",
            "dimensions": ["topic"],
            "had": 20,
            "got": 12,
        },
    )
    text = dataset_card(summary, CARD)["README.md"]
    assert "| 12 | in this release |" in text
    assert "| 2 | rejected: the expert found the draft no use" in text
    assert "| 1 | incomplete: finished and not rejected, but the answer is empty |" in text
    assert "skipped" not in text
    assert "in this release: 7 accepted, 5 edited (31% changed, median)." in text
    assert "By topic: cards 7, fees 5." in text
    assert "20 examples became 12" in text
    assert "`openai-chat` lacks 3: tools, which it has no place for." in text
    assert "Experts were given drafts, by a model or, where `lineage.jsonl` says" in text
    assert "the wording leans towards its author's: a model's, or the source's." in text
    assert "`weight` 0" in text


def test_a_fence_is_longer_than_any_in_the_example(tmp_path: Path) -> None:
    said = {"conversations": [{"from": "gpt", "value": "````\n# No heading\n````"}]}
    summary = release(tmp_path, ["sharegpt"], split=False, sample={"sharegpt.jsonl": said})
    text = dataset_card(summary, CARD)["README.md"]
    assert text.count("\n`````json\n") == 1
    assert text.count("\n`````\n") == 1


def test_a_long_text_of_the_example_is_cut(tmp_path: Path) -> None:
    said = {"conversations": [{"from": "gpt", "value": "long " * 200}]}
    summary = release(tmp_path, ["sharegpt"], split=False, sample={"sharegpt.jsonl": said})
    assert "long " * 61 not in dataset_card(summary, CARD)["README.md"]


def test_equal_releases_have_equal_companions_wherever_they_lie(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one = companions(release(tmp_path / "one"))
    assert one == companions(release(tmp_path / "two"))
    assert not any(str(tmp_path) in text for text in one.values())
    names = [name for c in COMPANIONS for name in c(release(tmp_path / "one"), CARD)]
    assert len(names) == len(set(names))
    assert set(names) == {
        "README.md",
        "dataset_info.json",
        "axolotl.yaml",
        "axolotl-kto.yaml",
        "axolotl-preference.yaml",
        "axolotl-stepwise.yaml",
    }


def matter(text: str) -> dict[str, Any]:
    """The front matter of a card."""
    found: dict[str, Any] = yaml.safe_load(text.split("---\n")[1])
    return found
