"""Review projects of the same labeltune.toml say which annotation counts."""

from collections.abc import Mapping
from pathlib import Path

from label_configs.annotations.reviews import NO_VERDICTS
from sync.records import Choosing, LabelledRecord, read_records
from sync.records.review_verdicts import read_verdicts
from sync.settings import Config, LabelStudioSection, ProjectSection
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.snapshot import open_snapshot
from sync.table.task_table import TaskTable
from tests.sync.builders import INTERFACE, annotation, result, reviewed, task_row

ANSWERS = [annotation(1, result("Free.")), annotation(2, result("It costs 5."), minutes=5)]
ROW = task_row(1, ANSWERS, labeltune_id="one")


def config_of(folder: Path, pulled: Mapping[str, int], **interfaces: str) -> Config:
    """Several projects in one file, of which these were pulled under these ids."""
    whole = Config(
        folder=folder,
        label_studio=LabelStudioSection(),
        projects={
            name: ProjectSection(project=f"The {name}", interface=interface)
            for name, interface in interfaces.items()
        },
    )
    for name, project_id in pulled.items():
        note = {"project": f"The {name}", "project_id": project_id}
        last_runs.note(data_folder(whole.for_project(name)), "pull", note)
    return whole


def table_in(folder: Path) -> TaskTable:
    return TaskTable(folder / "labeltune-data" / "tasks")


def record_of(config: Config, at: int | None = None) -> LabelledRecord:
    opened = open_snapshot(config, at)
    verdicts = read_verdicts(config, opened.table_version)
    (found,) = read_records(opened.rows(), INTERFACE, choosing=Choosing(verdicts=verdicts)).records
    return found


def test_a_review_counts_from_the_version_that_holds_it(tmp_path: Path) -> None:
    whole = config_of(
        tmp_path, {"answers": 7, "review": 8}, answers="chat_response", review="review"
    )
    config = whole.for_project("answers")
    table = table_in(tmp_path)
    table.apply(7, [ROW])
    table.apply(8, [reviewed("one", "Free.", "It costs 5.", decision="approve", best=0)])
    table.apply(8, [reviewed("one", "Free.", "It costs 5.", minutes=90, decision="reject")])
    assert record_of(config).rejected
    assert (record_of(config, 1).annotation_id, record_of(config, 1).chosen_by) == (1, "reviewed")
    assert (record_of(config, 0).annotation_id, record_of(config, 0).review) == (2, None)


def test_of_two_review_projects_the_newest_verdict_counts(tmp_path: Path) -> None:
    names = {"medical": "review", "legal": "review", "answers": "chat_response"}
    config = config_of(tmp_path, {"answers": 7, "medical": 8, "legal": 9}, **names).for_project(
        "answers"
    )
    table = table_in(tmp_path)
    table.apply(7, [ROW])
    table.apply(8, [reviewed("one", "Free.", minutes=70, decision="approve", best=0)])
    table.apply(9, [reviewed("one", "Free.", minutes=60, decision="reject", project_id=9)])
    assert record_of(config).annotation_id == 1
    table.apply(9, [reviewed("one", "Free.", minutes=80, decision="reject", project_id=9)])
    # a second answer was there before the review, so it is rejected too
    assert record_of(config).rejected


def test_the_same_id_in_two_reviewed_projects_is_told_by_what_was_shown(tmp_path: Path) -> None:
    names = {"answers": "chat_response", "other": "chat_response", "review": "review"}
    whole = config_of(tmp_path, {"answers": 7, "other": 6, "review": 8}, **names)
    table = table_in(tmp_path)
    table.apply(7, [ROW])
    table.apply(
        6, [task_row(5, [annotation(9, result("Other."))], project_id=6, labeltune_id="one")]
    )
    table.apply(8, [reviewed("one", "Other.", decision="reject")])
    assert not record_of(whole.for_project("answers")).rejected
    assert record_of(whole.for_project("other")).rejected


def test_a_review_project_that_was_not_pulled_says_nothing(tmp_path: Path) -> None:
    names = {"answers": "chat_response", "review": "review"}
    config = config_of(tmp_path, {"answers": 7}, **names).for_project("answers")
    table_in(tmp_path).apply(7, [ROW])
    assert record_of(config).review is None


def test_rows_of_a_review_project_that_has_another_title_now_are_not_its_own(
    tmp_path: Path,
) -> None:
    names = {"answers": "chat_response", "review": "review"}
    whole = config_of(tmp_path, {"answers": 7, "review": 8}, **names)
    table = table_in(tmp_path)
    table.apply(7, [ROW])
    table.apply(8, [reviewed("one", "Free.", decision="reject")])
    assert record_of(whole.for_project("answers")).rejected
    renamed = whole.projects | {"review": ProjectSection(project="Anew", interface="review")}
    config = whole.model_copy(update={"projects": renamed}).for_project("answers")
    assert record_of(config).review is None


def test_a_file_without_a_review_project_has_no_verdicts(tmp_path: Path) -> None:
    whole = config_of(tmp_path, {}, answers="chat_response", more="preference")
    assert read_verdicts(whole.for_project("answers"), 0) is NO_VERDICTS
    assert read_verdicts(Config(folder=tmp_path), 0) is NO_VERDICTS
