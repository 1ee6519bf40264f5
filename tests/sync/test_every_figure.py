"""Every figure of every report, counted again from the table by other means."""

import json
import re
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.reading import Embeddings
from sync.common.errors import ExportError
from sync.coverage.measure import measure
from sync.dataset.release.export import export
from sync.dataset.release.export_report import ExportReport, ExportRequest
from sync.dataset.splits.split import split
from sync.intake.services.project_status import status
from sync.quality.check import check
from sync.settings import Config, LabelStudioSection, ProjectSection
from sync.settings.split import SplitSection
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable
from sync.training_files.manifest.lineage import Traced, read_lineage
from tests.sync import recounted
from tests.sync.fakes import FakeLabelStudio
from tests.sync.recounted import CASES, Counted, recount

SPLIT = SplitSection(near_duplicates=False, openings=False)
BY_TIME = SplitSection(near_duplicates=False, openings=False, by="time")


class Encoder:
    """Every text is unlike every other."""

    def encode(self, texts: list[str]) -> Embeddings:
        rng = np.random.default_rng(len(texts))
        vectors = rng.normal(size=(len(texts), 64)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def project(folder: Path, *names: str, section: SplitSection = SPLIT) -> Config:
    """A folder with a task of each case, beside a review project."""
    kinds = {"answers": "chat_response", "review": "review"}
    whole = Config(
        folder=folder,
        label_studio=LabelStudioSection(),
        projects={n: ProjectSection(project=n, interface=kind) for n, kind in kinds.items()},
        split=section,
    )
    for name, project_id in (("answers", 7), ("review", 8)):
        pulled = {"project": name, "project_id": project_id}
        last_runs.note(data_folder(whole.for_project(name)), "pull", pulled)
    made = [CASES[name](task_id) for task_id, name in enumerate(names, start=1)]
    table = TaskTable(folder / "labeltune-data" / "tasks")
    table.apply(7, [row for row, _ in made])
    if reviews := [review for _, review in made if review is not None]:
        table.apply(8, reviews)
    return whole.for_project("answers")


def rows(config: Config, project_id: int) -> list[TaskRow]:
    return TaskTable(config.folder / "labeltune-data" / "tasks").rows(project_id)


def truth(config: Config) -> list[Counted]:
    """The table, counted by other means."""
    return recount(rows(config, 7), rows(config, 8))


def finished(tasks: list[Counted]) -> list[Counted]:
    return [task for task in tasks if task.outcome is not None]


def without_time(drafts: dict[str, Any]) -> dict[str, Any]:
    return {name: told for name, told in drafts.items() if name != "median_lead_time_s"}


def check_reports(config: Config) -> None:
    """`check`, `status`, `gaps` and `split` say of a project what its table says."""
    tasks = truth(config)
    work, drafts = recounted.work(tasks), recounted.drafts(tasks)
    report = check(config, load=lambda name: Encoder())
    assert (asdict(report.work), without_time(asdict(report.drafts))) == (work, drafts)
    assert report.records == len(finished(tasks)) - work["rejected_by_review"]
    assert report.by_kind["incomplete"] == work["incomplete"]
    assert report.by_kind["unreadable"] == work["unreadable"]
    table = status(config, FakeLabelStudio("none"), lambda *_: httpx.Response(200)).table
    assert table.work is not None
    assert table.drafts is not None
    assert (asdict(table.work), without_time(asdict(table.drafts))) == (work, drafts)
    gaps = measure(config).gaps
    assert asdict(gaps.work) == work
    lengths = gaps.kinds["length"]
    assert sum(gap.have for gap in lengths) == work["accepted"]
    if finished(tasks):
        made = split(config)
        assert asdict(made.work) == work
        assert sum(made.split.manifest()["sizes"].values()) == len(finished(tasks))


def check_export(config: Config, report: ExportReport) -> None:
    """A release says of itself what its files and the table say."""
    tasks = {task.task_id: task for task in truth(config)}
    folder = Path(report.path)
    entries = [entry for entry in read_lineage(folder) if isinstance(entry, Traced)]
    held = [tasks[entry.task_id] for entry in entries]
    for entry, task in zip(entries, held, strict=True):
        assert (entry.outcome, entry.verdict, entry.changed) == (
            task.outcome,
            task.verdict,
            task.changed,
        )
    counts = asdict(report.counts)
    rest = recounted.work([t for t in tasks.values() if t not in held])
    assert counts["exported"] == len(held)
    assert counts["untaught"] == rest.pop("accepted")
    assert {state: counts[state] for state in rest} == rest
    assert sum(counts.values()) == len(tasks)
    assert without_time(asdict(report.drafts)) == recounted.drafts(held)
    for file in report.files:
        lines = (folder / file.file).read_bytes().count(b"\n")
        named = [n for entry in entries for n in entry.lines.get(file.file, ())]
        assert file.lines == lines
        assert sorted(named) == list(range(1, lines + 1))
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["counts"] == counts
    assert manifest["drafts"] == asdict(report.drafts)
    sizes = Counter(entry.split or "train" for entry in entries)
    assert manifest["held"]["sizes"] == {n: sizes[n] for n in ("train", "validation", "test")}
    check_card((folder / "README.md").read_text(), counts, held)


def check_card(card: str, counts: dict[str, int], held: list[Counted]) -> None:
    """The card has the same numbers, in words."""
    origin = card.split("## Where it comes from")[1].split("## Splits")[0]
    told = [int(number) for number in re.findall(r"^\| (\d+) \|", origin, re.M)]
    assert told == [number for number in counts.values() if number]
    outcomes = recounted.drafts(held)["outcomes"]
    (sentence,) = re.findall(r"drafts in this release: (.*?)\.(?: |$)", origin, re.M)
    found = re.findall(r"(\d+) (accepted|edited|rewritten|rejected|no draft)", sentence)
    assert {what: int(number) for number, what in found} == {
        what: number for what, number in outcomes.items() if number
    }


def test_one_of_each_kind(tmp_path: Path) -> None:
    config = project(tmp_path, *CASES, *CASES)
    work = recounted.work(truth(config))
    assert work == {
        "accepted": 34,
        "rejected": 8,
        "rejected_by_review": 2,
        "incomplete": 4,
        "nothing_kept": 0,
        "skipped": 2,
        "unlabeled": 2,
        "unsettled": 0,
        "unreadable": 2,
    }, "as it was planted"
    check_reports(config)
    answers = export(config, ExportRequest(["openai-chat"]))
    check_export(config, answers)
    assert (answers.counts.exported, answers.counts.rejected, answers.counts.incomplete) == (
        34,
        8,
        4,
    )
    check_export(config, export(config, ExportRequest(["all"])))


@pytest.mark.parametrize("section", [SPLIT, BY_TIME])
def test_a_card_says_how_it_was_split_and_counts_what_it_holds(
    tmp_path: Path, section: SplitSection
) -> None:
    # of 30 finished tasks 28 are in the release
    names = [*["edit"] * 28, "reject, as it stood", "emptied, edit", "skipped"]
    config = project(tmp_path, *names, section=section)
    if section is BY_TIME:
        days = {
            "time_field": "asked_on",
            "validation_from": "2026-11-20",
            "test_from": "2026-11-25",
        }
        fields = BY_TIME.model_dump() | days
        config = config.model_copy(
            update={"split": SplitSection.model_validate(fields, strict=False)}
        )
        dated = [
            CASES[name](n)[0].data[:-1] + f',"asked_on":"2026-11-{n % 28 + 1:02d}"}}'
            for n, name in enumerate(names, start=1)
        ]
        old = rows(config, 7)
        TaskTable(config.folder / "labeltune-data" / "tasks").apply(
            7,
            [TaskRow(**{**vars(row), "data": data}) for row, data in zip(old, dated, strict=True)],
        )
    split(config)
    report = export(config, ExportRequest(["openai-chat"]))
    check_export(config, report)
    card = (Path(report.path) / "README.md").read_text()
    assert "Of 30 finished tasks that were split, 28 are in this release" in card
    assert re.search(r"^items +28 ", card, re.M), card
    if section is BY_TIME:
        assert (
            "Split by time (`asked_on` of the task): train holds the oldest tasks, validation "
            "those from 2026-11-20 on, test those from 2026-11-25 on."
        ) in card
    else:
        assert "Split by groups" in card
        assert "80 / 10 / 10 % to train" in card


@given(st.lists(st.sampled_from(sorted(CASES)), min_size=1, max_size=25))
@settings(max_examples=10, deadline=None)
def test_whatever_is_in_a_table(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    config = project(tmp_path_factory.mktemp("project"), *names)
    check_reports(config)
    try:
        report = export(config, ExportRequest(["openai-chat", "trl-unpaired-preference"]))
    except ExportError as error:
        assert "nothing to export" in str(error)
        assert not any(task.state == "accepted" for task in truth(config))
        return
    check_export(config, report)


def test_what_teaches_nothing_is_not_waiting_for_a_split(tmp_path: Path) -> None:
    config = project(tmp_path, *["edit"] * 12)
    split(config)
    later = ("edit", "accept", "reject, as it stood", "no draft, rejected", "emptied, edit")
    rows_ = [CASES[name](task_id)[0] for task_id, name in enumerate(later, start=50)]
    TaskTable(config.folder / "labeltune-data" / "tasks").apply(7, rows_)
    answers = export(config, ExportRequest(["openai-chat"])).counts
    assert (answers.exported, answers.unsplit) == (12, 2)
    assert (answers.rejected, answers.incomplete) == (2, 1)
    # a rejected draft is an example of a bad answer; without the draft nobody knows which
    judged = export(config, ExportRequest(["trl-unpaired-preference"])).counts
    assert (judged.exported, judged.unsplit) == (12, 3)
    assert (judged.rejected, judged.incomplete) == (1, 1)
