"""`labeltune restore`: an export becomes whole again, or it is said why not."""

import json
import stat
from pathlib import Path

import pytest

from sync import settings as configuration
from sync.common.source_task import ID_FIELD, SourceTask
from sync.dataset.release.export import export
from sync.dataset.release.export_report import ExportRequest
from sync.intake.cleaning.steps.redaction import redaction
from sync.intake.cleaning.task_batches import SECRETS, to_batch
from sync.intake.redaction.key_file import KeyFile
from sync.table.task_table import TaskTable
from tests.running import labeltune
from tests.sync.builders import annotation, result, task_row

PLANTED = ["joe@example.com", "+44 20 7946 0018"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A configuration, its key file, and an export of two redacted tasks and one without."""
    (tmp_path / "labeltune.toml").write_text("[cleaning.redaction]\non = true\n")
    config = configuration.load(tmp_path / "labeltune.toml")
    settings = config.cleaning.redaction
    contents = [f"I am {PLANTED[0]}", f"call {PLANTED[1]}", "hello"]
    tasks = [
        SourceTask(f"id-{i}", {"messages": [{"role": "user", "content": content}]}, "x")
        for i, content in enumerate(contents)
    ]
    batch = redaction(settings, tmp_path)(to_batch(tasks))
    rows = []
    with KeyFile(tmp_path / settings.key_file) as key:
        for i, task in enumerate(batch.tasks):
            if secrets := batch.column(SECRETS)[i]:
                key.add(task.id or "", secrets)
            data = {**task.data, ID_FIELD: task.id}
            mark = "<EMAIL_1>" if i == 0 else "you"
            answer = annotation(i + 10, result(f"Thanks, {mark}."))
            # the table's order is not the source's
            rows.append(task_row(90 - i, [answer], **data))
    TaskTable(config.data_dir / "tasks").apply(7, rows)
    export(config, ExportRequest(["openai-chat"], tmp_path / "release"))
    return tmp_path


def said(project: Path, *arguments: str) -> str:
    done = labeltune(project, "restore", *arguments)
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("labeltune: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


FILE = "release/openai-chat.jsonl"


def test_an_export_becomes_whole(project: Path) -> None:
    redacted = (project / FILE).read_text()
    assert not any(value in redacted for value in PLANTED)
    done = labeltune(project, "restore", FILE, "--out", "whole.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "3 lines written to whole.jsonl, 2 of them with personal data.\n"
    whole = project / "whole.jsonl"
    assert stat.S_IMODE(whole.stat().st_mode) == 0o600
    turns = [
        [turn["content"] for turn in json.loads(line)["messages"] if turn["role"] != "system"]
        for line in whole.read_text().splitlines()
    ]
    assert turns == [
        ["hello", "Thanks, you."],
        [f"call {PLANTED[1]}", "Thanks, you."],
        [f"I am {PLANTED[0]}", f"Thanks, {PLANTED[0]}."],
    ]
    assert (project / FILE).read_text() == redacted


def test_to_stdout(project: Path) -> None:
    done = labeltune(project, "restore", FILE, "--out", "-")
    assert (done.returncode, done.stderr) == (0, "")
    assert len([json.loads(line) for line in done.stdout.splitlines()]) == 3


def test_lines_that_name_their_task_need_no_manifest(project: Path) -> None:
    lines = [{"labeltune_id": "id-0", "n": "<EMAIL_1> <EMAIL_9>"}, {"labeltune_id": "gone"}]
    (project / "mine.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = labeltune(project, "restore", "mine.jsonl", "--out", "whole.jsonl", "--json")
    report = {"lines": 2, "restored": 1, "left": 1, "path": "whole.jsonl"}
    assert json.loads(done.stdout) == report
    first = json.loads((project / "whole.jsonl").read_text().splitlines()[0])
    assert first["n"] == f"{PLANTED[0]} <EMAIL_9>"


def test_a_byte_order_mark_stays(project: Path) -> None:
    line = json.dumps({"labeltune_id": "id-0", "n": "<EMAIL_1>"})
    (project / "mine.jsonl").write_text(f"{line}\n{line}\n", encoding="utf-8-sig")
    done = labeltune(project, "restore", "mine.jsonl", "--out", "whole.jsonl")
    assert done.returncode == 0, done.stderr
    content = (project / "whole.jsonl").read_bytes()
    assert content.count(b"\xef\xbb\xbf") == 1
    assert [json.loads(x)["n"] for x in content.decode("utf-8-sig").splitlines()] == PLANTED[:1] * 2


def test_without_a_manifest(project: Path) -> None:
    (project / "release" / "manifest.json").unlink()
    assert "openai-chat.jsonl, line 1: can't be tied" in said(project, FILE, "--out", "w")
    assert not (project / "w").exists()


@pytest.mark.parametrize("name", ["openai-chat.jsonl", "lineage.jsonl"])
def test_a_file_that_changed_since(project: Path, name: str) -> None:
    with (project / "release" / name).open("a") as file:
        file.write("{}\n")
    assert f"{name}: changed since it was exported" in said(project, FILE, "--out", "w")


@pytest.mark.parametrize("name", ["openai-chat.jsonl", "lineage.jsonl"])
def test_a_file_that_is_gone(project: Path, name: str) -> None:
    (project / "release" / name).unlink()
    assert f"{name}: can't be read" in said(project, FILE, "--out", "w")


def test_a_manifest_of_an_earlier_version(project: Path) -> None:
    manifest = project / "release" / "manifest.json"
    manifest.write_text(manifest.read_text().replace("lineage", "source_ids"))
    assert "export again" in said(project, FILE, "--out", "w")


def test_without_a_key_file(project: Path) -> None:
    (project / "redaction-key.jsonl").unlink()
    assert "redaction-key.jsonl: no key file; set" in said(project, FILE, "--out", "w")


@pytest.mark.parametrize("line", ["{", "[]", "\xff"])
def test_not_json_lines(project: Path, line: str) -> None:
    (project / "mine.jsonl").write_text(f"{line}\n", encoding="latin-1")
    assert "mine.jsonl" in said(project, "mine.jsonl", "--out", "w")


def test_a_file_is_not_written_over_itself(project: Path) -> None:
    assert labeltune(project, "restore", FILE, "--out", FILE).returncode == 2
    assert "<EMAIL_1>" in (project / FILE).read_text()
