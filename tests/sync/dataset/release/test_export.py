"""`labeltune export` from the table to a folder that appears whole or not at all."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from datasets import load_dataset

from drafting.plain_prompt import PlainPrompt
from sync.common.errors import ExportError, SyncError
from sync.dataset.release.export import export
from sync.dataset.release.export_report import ExportReport, ExportRequest
from sync.settings import Config
from sync.settings.export import ExportSection
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable
from sync.training_files.manifest.lineage import read_lineage
from sync.training_files.manifest.stored_release import read_release
from sync.tuning.models.learnt_release import learnt_release
from tests.sync.builders import annotation, config_in, result, task_row


def exported(config: Config, out: Path | None = None) -> ExportReport:
    return export(config, ExportRequest(["openai-chat"], out))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_in(tmp_path)


def store(config: Config, *rows: TaskRow) -> None:
    TaskTable(config.data_dir / "tasks").apply(7, rows)


def finished(task_id: int, response: str = "", **controls: Any) -> TaskRow:
    """A task with an annotation."""
    items = result(response or f"Answer {task_id}.", **controls)
    return task_row(task_id, [annotation(task_id * 10, items)])


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_the_accepted_answers_are_written_by_task_with_a_manifest(config: Config) -> None:
    store(
        config,
        finished(3),
        finished(1, "Zażółć 你好!\u2028Next."),
        finished(2, verdict="reject"),
        task_row(4, [annotation(40, was_cancelled=True)]),
        task_row(5),
        task_row(6, [annotation(60, [{"from_name": "response", "value": {}}])]),
    )
    report = exported(config)
    folder = Path(report.path)
    file = folder / "openai-chat.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines()
    answers = [json.loads(line)["messages"][-1]["content"] for line in lines]
    assert answers == ["Zażółć 你好!\u2028Next.", "Answer 3."]
    companions = ["README.md", "axolotl.yaml", "dataset_info.json"]
    names = sorted([*companions, "lineage.jsonl", "manifest.json", file.name])
    assert sorted(path.name for path in folder.iterdir()) == names

    manifest = manifest_of(folder)
    found = {"exported": 2, "rejected": 1, "skipped": 1, "unlabeled": 1, "unreadable": 1}
    assert {name: count for name, count in manifest["counts"].items() if count} == found
    assert manifest["drafts"]["outcomes"]["no draft"] == 2, "of what the release holds"
    assert report.drafts.outcomes == manifest["drafts"]["outcomes"]
    (entry,) = manifest["files"]
    assert (entry["format"], entry["file"], entry["lines"]) == ("openai-chat", file.name, 2)
    assert entry["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert entry["bytes"] == file.stat().st_size
    sources = [(e.task_id, e.annotation_id, e.lines) for e in read_lineage(folder)]
    assert sources == [(1, 10, {file.name: [1]}), (3, 30, {file.name: [2]})]
    (warning,) = report.warnings
    assert warning == f"{file.name}: 2 examples; its readers ask for 10 at least"
    assert (manifest["table_version"], manifest["interface"]) == (0, "chat_response")
    assert {"labeltune", "release", "settings_sha256", "project"} <= manifest.keys()
    assert folder.parent == config.data_dir / "exports"
    assert folder.name.startswith("v0-")


def test_a_system_prompt_of_a_file_stands_in_the_manifest(config: Config) -> None:
    """A model that learns the release is asked with it later, whatever the file says by then."""
    store(config, finished(1))
    assert "system_prompt" not in manifest_of(Path(exported(config).path))
    (config.folder / "prompt.txt").write_text("Be kind.\n", encoding="utf-8")
    of_file = config.model_copy(update={"export": ExportSection(system_prompt_file="prompt.txt")})
    report = exported(of_file)
    assert manifest_of(Path(report.path))["system_prompt"] == "Be kind."
    learnt = learnt_release(read_release(Path(report.path)), "here", "openai-chat")
    assert learnt.prompt == PlainPrompt("Be kind.")


def test_the_manifest_holds_no_secret(config: Config) -> None:
    store(config, finished(1))
    folder = Path(exported(config).path)
    assert config.api_key is not None
    assert config.api_key not in (folder / "manifest.json").read_text()


def test_the_same_state_gives_the_same_folder_untouched(config: Config) -> None:
    store(config, finished(1))
    first = exported(config)
    before = {p: p.stat().st_mtime_ns for p in Path(first.path).iterdir()}
    again = export(config, ExportRequest(["openai-chat"] * 2))
    assert (first.written, again.written) == (True, False)
    assert again.path == first.path
    assert {p: p.stat().st_mtime_ns for p in Path(first.path).iterdir()} == before


def test_another_state_gives_another_folder(config: Config, tmp_path: Path) -> None:
    store(config, finished(1))
    paths = {exported(config).path}
    paths.add(exported(config_in(tmp_path, categories=("fees", "cards"))).path)
    store(config, finished(2))
    paths.add(exported(config).path)
    assert len(paths) == 3


def test_a_damaged_export_is_written_again(config: Config) -> None:
    store(config, finished(1))
    file = Path(exported(config).path) / "openai-chat.jsonl"
    content = file.read_bytes()
    file.write_bytes(b"edited by hand")
    assert exported(config).written
    assert file.read_bytes() == content


def test_a_folder_of_ones_own_is_replaced_by_the_next_export(
    config: Config, tmp_path: Path
) -> None:
    out = tmp_path / "release"
    out.mkdir()
    store(config, finished(1))
    exported(config, out)
    store(config, finished(2))
    assert exported(config, out).written
    assert manifest_of(out)["counts"]["exported"] == 2
    assert len((out / "openai-chat.jsonl").read_text().splitlines()) == 2
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_folder_with_other_files_is_left_alone(config: Config, tmp_path: Path) -> None:
    store(config, finished(1))
    out = tmp_path / "release"
    exported(config, out)
    (out / "thesis.tex").write_text("years of work")
    store(config, finished(2))
    with pytest.raises(ExportError, match=r"holds 'thesis\.tex', which no export put there"):
        exported(config, out)
    assert (out / "thesis.tex").read_text() == "years of work"
    assert manifest_of(out)["counts"]["exported"] == 1


def test_a_manifest_of_somebody_elses_is_foreign(config: Config, tmp_path: Path) -> None:
    store(config, finished(1))
    web = tmp_path / "web"
    web.mkdir()
    (web / "manifest.json").write_text('{"files": [{"file": "index.html"}]}')
    with pytest.raises(ExportError, match=r"holds 'manifest\.json'"):
        exported(config, web)
    assert (web / "manifest.json").exists()


def test_a_file_in_the_way_is_one_sentence(config: Config, tmp_path: Path) -> None:
    store(config, finished(1))
    (tmp_path / "out").write_text("")
    with pytest.raises(ExportError, match="is a file"):
        exported(config, tmp_path / "out")
    with pytest.raises(SyncError, match="can't be written"):
        exported(config, tmp_path / "out" / "below")


def test_a_line_that_would_be_refused_is_left_out_and_names_the_task(config: Config) -> None:
    store(config, finished(1), finished(2, "half \ud800 of a pair"), finished(3))
    report = exported(config)
    file = Path(report.path) / "openai-chat.jsonl"
    answers = [
        json.loads(line)["messages"][-1]["content"] for line in file.read_text().splitlines()
    ]
    assert answers == ["Answer 1.", "Answer 3."]
    assert (report.counts.exported, report.counts.untaught) == (2, 1)
    ((form, reasons),) = report.left_out.items()
    ((reason, count),) = reasons.items()
    assert (form, count) == ("openai-chat", 1)
    assert "surrogate" in reason
    assert report.notes == (f"{form}: 1 left out: {reason} (first of them task 2)",)
    manifest = manifest_of(Path(report.path))
    assert manifest["left_out"] == {form: {reason: 1}}
    assert manifest["files"][0]["left_out"] == {reason: 1}
    assert [entry.task_id for entry in read_lineage(file.parent)] == [1, 3]


def test_where_every_line_would_be_refused_nothing_is_written(config: Config) -> None:
    store(config, finished(2, "half \ud800 of a pair"))
    with pytest.raises(
        ExportError, match=r"nothing to export: .* of 1 finished task of .*surrogate"
    ):
        exported(config)
    assert not (config.data_dir / "exports").exists()
    assert last_runs.recall(data_folder(config), "export") is None


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [task_row(1), task_row(2)],
            r"no accepted answer in 'Support answers' yet \(2 unlabeled\)",
        ),
        ([finished(1, verdict="reject"), task_row(2)], r"\(1 rejected, 1 unlabeled\)"),
        ([task_row(1, [annotation(1, was_cancelled=True)])], r"\(1 skipped\)"),
    ],
)
def test_nothing_accepted_yet_is_one_sentence(
    config: Config, rows: list[TaskRow], said: str
) -> None:
    store(config, *rows)
    with pytest.raises(ExportError, match=said):
        exported(config)
    assert not (config.data_dir / "exports").exists()


def test_nothing_pulled_says_to_pull(config: Config) -> None:
    with pytest.raises(SyncError, match="nothing pulled yet; run `labeltune pull`"):
        exported(config)


def test_the_project_that_was_pulled_last_is_the_one_that_is_exported(
    config: Config, tmp_path: Path
) -> None:
    store(config, finished(1))
    table = TaskTable(config.data_dir / "tasks")
    table.apply(8, [task_row(1, project_id=8)])
    last_runs.note(data_folder(config), "pull", {"project": "Support answers", "project_id": 7})
    assert exported(config).counts.exported == 1
    with pytest.raises(SyncError, match="the last pull was not of project 'Other'"):
        exported(config_in(tmp_path, project="Other"))


def test_the_file_loads_with_datasets(config: Config, tmp_path: Path) -> None:
    rows = [finished(i) for i in range(1, 50)]
    rows.append(
        task_row(
            50,
            [annotation(500, result("Line one.\n\n“Zażółć”"))],
            context={"tier": "Plus"},
        )
    )
    store(config, *rows)
    report = exported(config)
    assert report.warnings == ()
    loaded = load_dataset(
        "json",
        data_files=[f"{report.path}/{file.file}" for file in report.files],
        split="train",
        cache_dir=str(tmp_path / "cache"),
    )
    assert loaded.num_rows == 50
    assert loaded[49]["messages"] == [
        {"role": "system", "content": "Context:\n- tier: Plus"},
        {"role": "user", "content": "Question 50?"},
        {"role": "assistant", "content": "Line one.\n\n“Zażółć”"},
    ]


def test_reasoning_that_a_source_gave_is_written_or_its_loss_is_said(tmp_path: Path) -> None:
    earlier = {"role": "assistant", "content": "Five.", "reasoning_content": "The table."}
    asked = [{"role": "user", "content": "How much?"}]
    row = task_row(1, [annotation(1, result())], messages=[*asked, earlier, *asked])
    for reasoning, said, note in (("none", None, True), ("reasoning_content", "The table.", False)):
        config = config_in(tmp_path / reasoning)
        config = config.model_copy(update={"export": ExportSection(reasoning=reasoning)})
        store(config, row)
        report = exported(config)
        line = json.loads((Path(report.path) / "openai-chat.jsonl").read_text(encoding="utf-8"))
        assert line["messages"][1].get("reasoning_content") == said
        assert any("Reasoning that the source gave for 1 turn" in n for n in report.notes) is note
