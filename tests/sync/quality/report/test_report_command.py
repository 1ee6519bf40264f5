"""`labeltune report`, as it is typed."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import html

import label_configs
from sync import settings as configuration
from sync.cli import cli
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.task_table import TaskTable
from tests.label_configs.records import EXAMPLES, task_data
from tests.sync.builders import annotation, task_row
from tests.sync.quality.report.planted import answered, checked, configured, finding, stored


def report(folder: Path, *options: str) -> Result:
    file = str(folder / "labeltune.toml")
    return CliRunner().invoke(cli, ["report", "--config", file, *options])


def said(folder: Path, *options: str) -> dict[str, Any]:
    done = report(folder, *options, "--json")
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_machines_are_told_what_people_read(tmp_path: Path) -> None:
    checked(stored(configured(tmp_path), [answered(1)]), [finding(1)])
    told = said(tmp_path)
    assert told["ready"] is False
    assert told["reasons"] == ["1 example is accepted; training should begin with 50 or more."]
    assert told["cautions"][0].startswith("Warnings were found in 1 task")
    assert (told["table_version"], told["checked_version"]) == (0, 0)
    assert Path(told["path"]) == tmp_path / "labeltune-data" / "report.html"
    assert report(tmp_path).stdout.splitlines() == [
        "Ready for training: not yet.",
        "1 example is accepted; training should begin with 50 or more.",
        f"Report: {told['path']}",
    ]


def test_options_that_do_not_go_together_are_usage(tmp_path: Path) -> None:
    configured(tmp_path)
    for options in (("--port", "0"), ("--serve", "--json"), ("--serve", "--out", "x.html")):
        assert report(tmp_path, *options).exit_code == 2, options


def test_each_project_has_a_report_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "labeltune.toml").write_text(
        '[projects.one]\nproject = "First project"\n[projects.two]\nproject = "Second project"\n'
    )
    whole = configuration.load(tmp_path / "labeltune.toml")
    for number, name in ((7, "one"), (8, "two")):
        config = whole.for_project(name)
        folder = data_folder(config)
        last_runs.note(
            folder, "pull", {"project": config.label_studio.project, "project_id": number}
        )
    TaskTable(whole.data_dir / "tasks").apply(7, [answered(n) for n in range(1, 4)])
    checked(whole.for_project("one"), [finding(1, severity="error")])
    checked(whole.for_project("two"))
    assert "First project" in Path(said(tmp_path, "--project", "one")["path"]).read_text()
    two = said(tmp_path, "--project", "two")
    assert two["path"].endswith("projects/two/report.html")
    assert two["reasons"] == ["No task is finished yet."]
    assert "--project" in str(report(tmp_path).exception)


def test_targets_and_the_last_ranking_are_shown(tmp_path: Path) -> None:
    text = (
        '[categories.topic]\nlabels = ["cards", "fees"]\nrules = { fees = ["fee"] }\n'
        'otherwise = "cards"\n[targets]\ntotal = 10\ndimensions = ["topic"]\n'
    )
    config = checked(stored(configured(tmp_path, text), [answered(n) for n in range(1, 4)]))
    last_runs.note(data_folder(config), "rank", {"sentences": ["About 5 would be changed."]})
    told = said(tmp_path)
    assert told["reasons"] == ["7 of 10 wanted examples are missing."]
    content = Path(told["path"]).read_text(encoding="utf-8")
    assert "topic=cards" in content
    assert "About 5 would be changed." in content


@pytest.mark.parametrize("name", label_configs.INTERFACES)
def test_every_interface_has_a_report(tmp_path: Path, name: str) -> None:
    interface, record = label_configs.load(name), EXAMPLES[name]
    config = configured(tmp_path, f'interface = "{name}"\n')
    done = annotation(10, interface.encode(record))
    stored(config, [task_row(1, [done], **task_data(interface, record))])
    checked(config, [finding(1)])
    told = said(tmp_path)
    assert told["reasons"] != ["No task is finished yet."]
    row = html.parse(told["path"]).find(".//table[@class='findings']/tbody/tr")
    assert row is not None
    assert all(cell.text_content() for cell in row)
