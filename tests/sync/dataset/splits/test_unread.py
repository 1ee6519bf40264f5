"""Splits of texts that the real embedding model can't read, and splits made anew."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from connectors.embedding import SentenceEncoder, load_encoder
from connectors.reading import Embeddings
from sync.cli import cli
from sync.dataset.splits.split import Made, split
from sync.dataset.splits.split_summary import warnings
from sync.dataset.splits.verify import verify
from tests.connectors.near_texts import NEAR
from tests.sync.dataset.splits.desk import Desk, asked

SHARED = Path(__file__).parents[5] / "shared" / "data" / "faults" / "thai_questions.jsonl"


def load_alone(name: str) -> Any:
    """The model as it was used before: equal vectors for whatever it can't read."""
    encoder = load_encoder(name)
    assert isinstance(encoder, SentenceEncoder)

    class Alone:
        def encode(self, texts: list[str]) -> Embeddings:
            return encoder.model_vectors(texts)

    return Alone()


def desk_of(folder: Path, *texts: str) -> Desk:
    desk = Desk(folder, near_duplicates=0.9)
    desk.pull([asked(i, text) for i, text in enumerate(texts, start=1)])
    return desk


def numbered(language: str, count: int = 24) -> list[str]:
    """Different questions of a language, two halves of others put together."""
    first = [pair[0] for pair in NEAR[language]]
    return [f"{first[i % 5]} {first[(i + i // 5 + 1) % 5]}" for i in range(count)][:20]


@pytest.mark.parametrize("language", ["Thai", "Khmer", "Amharic", "Chinese"])
def test_different_questions_are_in_all_splits(tmp_path: Path, language: str) -> None:
    desk = desk_of(tmp_path, *dict.fromkeys(numbered(language)))
    made = split(desk.config, load=load_encoder)
    manifest = made.split.manifest()
    assert all(manifest["sizes"][name] for name in ("train", "validation", "test"))
    assert manifest["reading"]["unread"] >= manifest["reading"]["texts"] - 2
    assert "characters" in manifest["reading"]["unread_by"]
    (told,) = [w for w in warnings(manifest) if "can't read" in w]
    assert "multilingual-e5-small" in told
    assert "embedding.model" in told


@pytest.mark.parametrize("language", ["Thai", "Lao", "Armenian"])
def test_nearly_the_same_stays_together_and_is_proven(tmp_path: Path, language: str) -> None:
    texts = [text for pair in NEAR[language] for text in pair]
    desk = Desk(tmp_path, near_duplicates=0.8, train=0.4, validation=0.3, test=0.3)
    english = [pair[0] for pair in NEAR["English"]]
    desk.pull([asked(i, text) for i, text in enumerate([*texts, *english], start=1)])
    made = split(desk.config, load=load_encoder).split
    for i in range(1, len(texts), 2):
        assert made.split_of(f"q{i}") == made.split_of(f"q{i + 1}")
    assert made.manifest()["groups"]["count"] == len(texts) // 2 + len(english)
    verdict = verify(desk.config, load=load_encoder)
    assert verdict.failures == ()
    assert verdict.unread == made.manifest()["reading"]["unread"]
    assert "by their characters" in verdict.told


@pytest.mark.skipif(not SHARED.exists(), reason=f"needs {SHARED}")
def test_the_six_questions_of_the_report_are_six_groups(tmp_path: Path) -> None:
    desk = desk_of(
        tmp_path, *(json.loads(line)["prompt"] for line in SHARED.read_text().splitlines())
    )
    assert split(desk.config, load=load_encoder).split.manifest()["groups"]["count"] == 6


def homes(made: Made) -> Counter[str]:
    return Counter(line.home for line in made.split.lines)


@pytest.fixture
def stuck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Twenty questions that were all put into train, as splits were made before."""
    desk = desk_of(tmp_path, *numbered("Thai"))
    monkeypatch.setattr("sync.dataset.splits.assign.parts.reading", lambda texts: None)
    with monkeypatch.context() as before:
        before.setattr("sync.compute.vector_cache.told_apart", lambda reading, texts: reading)
        made = split(desk.config, load=load_alone)
    manifest = made.split.manifest()
    del manifest["reading"]
    (desk.config.data_dir / "splits" / f"{made.split.name}.manifest.json").write_text(
        json.dumps(manifest)
    )
    monkeypatch.undo()
    assert homes(made) == {"train": 20}
    return desk


def test_an_old_split_is_looked_at_again_and_the_advice_helps(stuck: Desk) -> None:
    assert "before it was looked" in verify(stuck.config, load=load_encoder).told
    again = split(stuck.config, load=load_encoder)
    assert again.is_new
    assert homes(again) == {"train": 20}
    told = " ".join(warnings(again.split.manifest()))
    assert "20 items stay where an earlier split has put them" in told
    assert "labeltune split --anew" in told
    assert "raise split.near_duplicates" not in told
    anew = split(stuck.config, load=load_encoder, anew=True)
    assert min(homes(anew).values()) >= 2


def test_a_split_made_anew_is_recorded_and_is_what_later_ones_build_on(stuck: Desk) -> None:
    first, second = (split(stuck.config, load=load_encoder, anew=anew) for anew in (False, True))
    old = stuck.manifest(second.split.name)["anew_instead_of"]
    assert old[-1] == first.split.name
    assert len(old) == 2
    assert second.split.manifest()["known"] == []
    assert "made anew" in warnings(second.split.manifest())[0]
    assert not split(stuck.config, load=load_encoder).is_new
    stuck.pull([asked(99, "How do I freeze my card?")])
    third = split(stuck.config, load=load_encoder)
    assert third.split.manifest()["known"] == [second.split.name]
    assert all(third.split.homes()[key] == home for key, home in second.split.homes().items())
    assert verify(stuck.config, load=load_encoder).failures == ()
    assert verify(stuck.config, load=load_encoder).name == third.split.name


def test_anew_before_anything_is_a_first_split(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.pull([asked(i, f"t{i} n{i}") for i in range(1, 21)])
    made = desk.split(anew=True)
    assert "anew_instead_of" not in made.split.manifest()
    assert not desk.split().is_new
    assert desk.split(anew=True).is_new


@pytest.mark.parametrize(
    ("options", "told"),
    [(["--anew", "--at", "0"], "newest version"), (["--anew", "--verify"], "writes and marks")],
)
def test_anew_is_of_the_newest_version(options: list[str], told: str) -> None:
    done = CliRunner().invoke(cli, ["split", *options])
    assert done.exit_code == 2
    assert told in done.stderr


@pytest.mark.parametrize("change", [str.upper, lambda text: f"{text}!"])
def test_an_encoder_that_gives_one_vector_for_all_ties_nothing(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    class Mute:
        def encode(self, texts: list[str]) -> Embeddings:
            return np.tile(np.eye(1, 8, dtype=np.float32), (len(texts), 1))

    texts = ["one question", "another thing", "the third matter", "and something else"]
    desk = desk_of(tmp_path, *texts, change(texts[0]))
    made = split(desk.config, load=lambda name: Mute())
    assert made.split.manifest()["groups"]["count"] == 4
    assert made.split.split_of("q1") == made.split.split_of("q5")
