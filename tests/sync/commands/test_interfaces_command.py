import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import label_configs
from label_configs import LabelConfigError
from sync.cli import cli
from sync.commands.interfaces import validate
from sync.common.errors import SourceError
from sync.intake.sources import SourceReader
from sync.settings import SourcesSection

NAMES = list(label_configs.INTERFACES)


def run(*arguments: str) -> str:
    """What the command prints; it must succeed."""
    result = CliRunner().invoke(cli, ["interfaces", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_it_lists_every_interface() -> None:
    lines = run().splitlines()
    assert [line.split()[0] for line in lines] == NAMES
    assert json.loads(run("--json")) == {
        name: i.summary for name, i in label_configs.INTERFACES.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_an_example_can_be_pushed(name: str, tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text(run("--example", name))
    interface = label_configs.load(name)
    (task,) = SourceReader([path], SourcesSection(), interface)
    interface.check_task(task.data, task.where)
    assert task.data["messages"] == interface.example["messages"]


@pytest.mark.parametrize("name", NAMES)
def test_shipped_xml_is_valid_and_readable_by_its_interface(name: str, tmp_path: Path) -> None:
    path = tmp_path / "my.xml"
    path.write_text(run("--xml", name))
    assert name in validate(path)["readable_by"]
    assert f"readable by {name}" in run("--validate", str(path))


def test_an_xml_that_no_interface_reads_is_still_valid(tmp_path: Path) -> None:
    path = tmp_path / "my.xml"
    path.write_text('<View><Text name="t" value="$x"/><Rating name="r" toName="t"/></View>')
    found = validate(path)
    assert (found["objects"], found["controls"], found["readable_by"]) == (["t"], ["r"], [])


def test_a_refusal_names_file_line_and_remedy(tmp_path: Path) -> None:
    path = tmp_path / "my.xml"
    path.write_text(
        '<View>\n<Collapse><Panel value="p">\n<Markdown value="$g"/></Panel></Collapse>\n</View>'
    )
    with pytest.raises(LabelConfigError, match=r"my\.xml, line 3: .*<Markdown>.*wrap it in <View>"):
        validate(path)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_fits_its_own_label_config(name: str, tmp_path: Path) -> None:
    xml, tasks = tmp_path / "my.xml", tmp_path / "tasks.jsonl"
    xml.write_text(label_configs.load(name).label_config())
    tasks.write_text(run("--example", name))
    assert "It can show 1 task of" in run("--validate", str(xml), "--tasks", str(tasks))


def test_a_task_without_what_the_label_config_shows(tmp_path: Path) -> None:
    xml, tasks = tmp_path / "my.xml", tmp_path / "tasks.jsonl"
    chat = label_configs.load("chat_response")
    xml.write_text(chat.xml.replace("$context_html", "$scans"))
    tasks.write_text(json.dumps(chat.example))
    line = chat.xml[: chat.xml.index("$context_html")].count("\n") + 1
    with pytest.raises(
        LabelConfigError, match=rf"line 1: .*my\.xml, line {line}: <HyperText name='facts'>"
    ):
        validate(xml, tasks)


def test_tasks_alone_are_wrong_usage(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["interfaces", "--tasks", str(tmp_path / "t.jsonl")])
    assert result.exit_code == 2
    assert "--tasks needs --validate" in result.output


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="can't be read"):
        validate(tmp_path / "none.xml")


def test_two_questions_at_once_are_wrong_usage() -> None:
    arguments = ["interfaces", "--xml", NAMES[0], "--example", NAMES[0]]
    assert CliRunner().invoke(cli, arguments).exit_code == 2
