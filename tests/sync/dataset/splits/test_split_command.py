"""`labeltune split` as a user runs it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sync.cli import cli
from sync.dataset.splits.split_summary import proven, table, warnings
from sync.table.task_table import TaskTable
from tests.ml_backend.http_double import unused_url
from tests.running import labeltune
from tests.sync.dataset.splits.desk import asked
from tests.sync.dataset.splits.planted import item, settings, split_of

CONFIGURATION = """
[label_studio]
[split]
near_duplicates = false
[categories.topic]
labels = ["cards", "fees"]
rules = { cards = ["card"] }
otherwise = "fees"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "labeltune.toml").write_text(CONFIGURATION)
    env = f"LABEL_STUDIO_API_KEY={'a' * 40}\nLABEL_STUDIO_URL={unused_url()}\n"
    (tmp_path / ".env").write_text(env)
    return tmp_path


def store(folder: Path, count: int = 40, **data: Any) -> None:
    rows = [asked(i, f"card {i}" if i % 2 else f"fee {i}", **data) for i in range(1, count + 1)]
    TaskTable(folder / "labeltune-data" / "tasks").apply(7, rows)


def run(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["split", "--config", str(folder / "labeltune.toml"), *options])


def test_the_table_is_for_people(folder: Path) -> None:
    store(folder)
    done = run(folder, "--no-mark")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[:6] == [
        "all train validation test",
        "items 40 32 4 4",
        "share 80.0 % 10.0 % 10.0 %",
        "topic",
        "cards 50.0 % 50.0 % 50.0 % 50.0 %",
        "fees 50.0 % 50.0 % 50.0 % 50.0 %",
    ]
    assert lines[7] == "0 ties across splits; near-duplicates were not looked for."
    assert lines[8].startswith("40 finished tasks split; written to ")
    assert len(lines) == 9


def test_without_label_studio_the_split_is_stored_and_told_to_be_unmarked(folder: Path) -> None:
    store(folder)
    done = run(folder)
    assert done.exit_code == 0
    assert "The tasks are not marked yet" in done.stdout
    assert "run `labeltune split` again then." in done.stdout
    shown = json.loads(run(folder, "--json", "--no-mark").stdout)
    assert not shown["written"]
    assert Path(shown["path"]).exists()
    assert "40 finished tasks were split already; see " in run(folder, "--no-mark").stdout


def test_a_dry_run_and_a_past_version_ask_nobody(folder: Path) -> None:
    store(folder)
    for options in (["--dry-run"], ["--at", "0"]):
        done = run(folder, *options)
        assert (done.exit_code, done.stderr) == (0, "")
        assert "marked" not in done.stdout
    assert "nothing was written" in run(folder, "--dry-run").stdout


def test_verify_ends_with_3_when_the_proof_does_not_hold(folder: Path) -> None:
    store(folder)
    run(folder, "--no-mark")
    done = labeltune(folder, "split", "--verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert "holds: 40 items, no tie and no near-duplicate across splits." in done.stdout
    # the same keys with other texts, in the version that was split
    store(folder, 39)
    rows = [asked(1, "something else entirely")]
    (manifest,) = (folder / "labeltune-data" / "splits").glob("*.manifest.json")
    changed = json.loads(manifest.read_text())
    changed["proof"]["texts_sha256"] = "0" * 64
    manifest.write_text(json.dumps(changed))
    TaskTable(folder / "labeltune-data" / "tasks").apply(7, rows)
    done = labeltune(folder, "split", "--verify")
    assert done.returncode == 3
    assert "does not hold:\n- the finished tasks" in done.stdout
    assert run(folder, "--verify", "--json").exit_code == 3


def test_verify_goes_with_nothing_that_writes(folder: Path) -> None:
    for option in ("--dry-run", "--no-mark"):
        assert run(folder, "--verify", option).exit_code == 2


def test_nothing_pulled_is_one_sentence(folder: Path) -> None:
    done = labeltune(folder, "split")
    assert (done.returncode, done.stdout) == (1, "")
    assert "run `labeltune pull`" in done.stderr
    assert done.stderr.count("\n") == 1


def test_one_giant_group_is_told_with_what_to_do(folder: Path) -> None:
    store(folder, document="manual.pdf")
    done = run(folder, "--no-mark")
    assert done.exit_code == 0
    (giant, *rest) = done.stderr.splitlines()
    assert giant == (
        "warning: 40 of 40 items are one group (held together by document 40), which is more than "
        "validation should have; they can't be told apart, so shares and proportions suffer: take "
        "document out of split.keep_together if that is safe"
    )
    assert any("test is empty: there are too few groups (1)" in line for line in rest)


def test_a_chain_of_near_duplicates_is_told() -> None:
    chain = [item(f"k{i}", f"t{i} t{i + 1}") for i in range(30)]
    found = split_of(chain, given=settings(near_duplicates=0.4)).manifest()
    assert found["groups"]["largest"] == 30
    (told, *_) = warnings(found)
    assert "held together by near_duplicates 30" in told
    assert "raise split.near_duplicates (0.4)" in told


def test_what_is_dropped_is_told_by_its_keys(folder: Path) -> None:
    store(folder)
    made = json.loads(run(folder, "--no-mark", "--json").stdout)
    lines = [json.loads(line) for line in Path(made["path"]).read_text().splitlines()]
    first = {name: next(x for x in lines if x["split"] == name) for name in ("train", "test")}
    rows = [asked(x["task_id"], f"card {x['key']}", user_id="one") for x in first.values()]
    TaskTable(folder / "labeltune-data" / "tasks").apply(7, rows)
    done = run(folder, "--no-mark", "--json")
    assert json.loads(done.stdout)["dropped"] == [first["train"]["key"]]
    assert "warning: dropped items: 1 (1 of them now)" in done.stderr


def test_many_labels_are_shortened() -> None:
    items = [item(f"k{i}", label=f"label {i % 30:02}") for i in range(600)]
    lines = table(split_of(items).manifest())
    assert len(lines) == 3 + 1 + 10 + 1
    assert lines[-1].startswith("  and 20 more, at most ")


def test_a_kind_that_nothing_has_is_told() -> None:
    found = split_of([item(f"k{i}") for i in range(30)], given=settings(stratify=["tone"]))
    assert warnings(found.manifest()) == [
        "split.stratify names 'tone', and no item has a label of it"
    ]


@pytest.mark.parametrize(
    ("closest", "said"),
    [
        ([], "near-duplicates were not looked for."),
        (
            [{"between": ["train", "test"], "similarity": -1.0, "keys": [], "comparisons": 0}],
            "all items are in one, so there are no pairs across.",
        ),
    ],
)
def test_a_proof_without_pairs_says_why(closest: list[dict[str, Any]], said: str) -> None:
    manifest = {"proof": {"ties_across": 0, "closest": closest}}
    assert proven(manifest) == f"0 ties across splits; {said}"
