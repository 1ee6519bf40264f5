"""`labeltune versions`, `--at` and `--project`, as a user types them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from connectors.errors import LabelStudioError
from sync.cli import cli
from sync.commands.common import version_or_time
from sync.common.errors import SyncError
from tests.sync.builders import result
from tests.sync.fakes import FakeLabelStudio
from tests.sync.served import configure, served
from tests.sync.table.aged import age

TWO = """
[projects.support]
project = "Support answers"
[projects.second]
project = "Second project"
"""


class Desk:
    """A folder, the projects that it pulls, and the commands run in this process."""

    def __init__(self, folder: Path, projects: list[FakeLabelStudio]) -> None:
        self.folder = folder
        self.projects = projects

    def run(self, verb: str, *options: str) -> Result:
        config = str(self.folder / "labeltune.toml")
        return CliRunner().invoke(cli, [verb, "--config", config, *options])

    def json(self, verb: str, *options: str) -> dict[str, object]:
        done = self.run(verb, "--json", *options)
        assert done.exit_code == 0, done.output
        found: dict[str, object] = json.loads(done.stdout)
        return found

    def pull(self, *options: str) -> Result:
        return self.run("pull", *options)

    def versions(self, *options: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self.json("versions", *options)["versions"]  # type: ignore[assignment]
        return found

    @property
    def data(self) -> Path:
        return self.folder / "labeltune-data"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    projects = [FakeLabelStudio(), FakeLabelStudio("Second project")]
    with served(*projects) as url:
        configure(tmp_path, url)
        yield Desk(tmp_path, projects)


@pytest.fixture
def several(desk: Desk) -> Desk:
    (desk.folder / "labeltune.toml").write_text(TWO)
    return desk


def finish(project: FakeLabelStudio, answer: str = "An answer.") -> int:
    task_id = project.add()
    project.annotate(task_id, result(answer))
    return task_id


# --- versions


def test_versions_are_listed_newest_first(desk: Desk) -> None:
    first = finish(desk.projects[0])
    desk.pull()
    desk.projects[0].delete(first)
    finish(desk.projects[0])
    finish(desk.projects[0])
    desk.pull()
    desk.pull()
    counts = ("version", "operation", "project", "new", "changed", "deleted", "tasks", "readable")
    assert [tuple(v[name] for name in counts) for v in desk.versions()] == [
        (1, "pull", "Support answers", 2, 0, 1, 2, True),
        (0, "pull", "Support answers", 1, 0, 0, 1, True),
    ]
    at = datetime.fromisoformat(str(desk.versions()[0]["at"]))
    assert at.utcoffset() == timedelta(0)
    shown = desk.run("versions", "--limit", "1").stdout.splitlines()
    assert shown[0].split() == [
        *("version", "time", "(UTC)", "did", "project", "new", "changed", "deleted", "tasks")
    ]
    assert shown[1].split()[-4:] == ["2", "0", "1", "2"]
    assert shown[2] == "1 older version not shown."


def test_nothing_pulled_has_no_versions(desk: Desk) -> None:
    done = desk.run("versions")
    assert (done.exit_code, done.stdout) == (0, "Nothing pulled yet; run `labeltune pull`.\n")
    assert desk.versions() == []
    assert "Nothing pulled yet" in desk.run("versions", "--prune", "1").stdout


def test_versions_of_one_project(several: Desk) -> None:
    for project in several.projects:
        finish(project)
    several.pull()
    assert [v["project"] for v in several.versions()] == ["Second project", "Support answers"]
    assert [v["version"] for v in several.versions("--project", "support")] == [0]


def test_pruning_says_what_it_frees(desk: Desk) -> None:
    task_id = finish(desk.projects[0])
    desk.pull()
    desk.projects[0].edit(task_id, result("Another answer."))
    desk.pull()
    age(desk.data / "tasks", 40, 35)
    before = set((desk.data / "tasks").glob("*.parquet"))
    said = desk.run("versions", "--prune", "30", "--dry-run").stdout
    assert said.startswith("Would delete 1 file (0.0 MB); 1 old version could not be read any more")
    assert set((desk.data / "tasks").glob("*.parquet")) == before
    done = desk.json("versions", "--prune", "30")
    assert (done["files"], done["versions"], done["oldest"], done["dry_run"]) == (1, 1, 1, False)
    (gone,) = before - set((desk.data / "tasks").glob("*.parquet"))
    assert isinstance(done["bytes"], int)
    assert done["bytes"] > 0
    again = desk.run("versions", "--prune", "30").stdout
    assert again == "Nothing to prune: every file is needed by a version of the last 30 days.\n"
    shown = desk.run("versions").stdout
    assert "pull (pruned)" in shown
    assert gone.name not in shown


@pytest.mark.parametrize(
    "options", [("--dry-run",), ("--prune", "0"), ("--prune", "5", "--project", "a")]
)
def test_pruning_is_asked_for_plainly(desk: Desk, options: tuple[str, ...]) -> None:
    assert desk.run("versions", *options).exit_code == 2


# --- the past


def test_the_past_is_exported_exactly_and_apart(desk: Desk) -> None:
    finish(desk.projects[0], "The first answer.")
    desk.pull()
    then = desk.json("export", "--format", "openai-chat")
    kept = {file: file.read_bytes() for file in Path(str(then["path"])).iterdir()}
    finish(desk.projects[0], "The second answer.")
    desk.pull()
    now = desk.json("export", "--format", "openai-chat")
    noted = (desk.data / "last-export.json").read_bytes()
    past = desk.json("export", "--format", "openai-chat", "--at", "0")
    assert (past["path"], past["written"], past["table_version"]) == (then["path"], False, 0)
    assert past["path"] != now["path"]
    assert {file: file.read_bytes() for file in kept} == kept
    out = desk.folder / "release"
    desk.json("export", "--format", "openai-chat", "--at", "0", "--out", str(out))
    assert (out / "openai-chat.jsonl").read_bytes() in kept.values()
    assert (desk.data / "last-export.json").read_bytes() == noted, "status shows the present"


def test_the_past_is_checked_apart(desk: Desk) -> None:
    desk.projects[0].annotate(desk.projects[0].add())
    desk.pull()
    finish(desk.projects[0])
    desk.pull()
    desk.json("check")
    present = (desk.data / "findings.jsonl").read_bytes()
    noted = (desk.data / "last-check.json").read_bytes()
    past = desk.json("check", "--at", "0")
    assert (past["records"], past["findings"], past["table_version"]) == (1, 1, 0)
    assert Path(str(past["path"])).name == "findings-v0.jsonl"
    assert len(Path(str(past["path"])).read_text().splitlines()) == 1
    assert (desk.data / "findings.jsonl").read_bytes() == present
    assert (desk.data / "last-check.json").read_bytes() == noted


@pytest.mark.parametrize(
    ("at", "said"),
    [("1", "no version 1; there are versions 0 (20"), ("2020-02-03", "at 2020-02-03 23:59:59 UTC")],
)
def test_a_past_that_never_was(desk: Desk, at: str, said: str) -> None:
    finish(desk.projects[0])
    desk.pull()
    for verb, options in (("check", ()), ("export", FORMAT)):
        done = desk.run(verb, *options, "--at", at)
        assert done.exit_code == 1
        assert isinstance(done.exception, SyncError)
        assert said in str(done.exception)


FORMAT = ("--format", "openai-chat")

MOMENTS = {
    "0": 0,
    "17": 17,
    "2026-11-21": datetime(2026, 11, 21, 23, 59, 59, 999999, UTC),
    "2026-11-21T15:00": datetime(2026, 11, 21, 15, 0, 59, 999999, UTC),
    "2026-11-21 15:00:07": datetime(2026, 11, 21, 15, 0, 7, 999999, UTC),
    "2026-11-21T15:00:07.250": datetime(2026, 11, 21, 15, 0, 7, 250000, UTC),
    "2026-11-21T15:00:07Z": datetime(2026, 11, 21, 15, 0, 7, 999999, UTC),
    "2026-11-21T15:00+01:00": datetime(2026, 11, 21, 14, 0, 59, 999999, UTC),
    " 2026-11-21 ": datetime(2026, 11, 21, 23, 59, 59, 999999, UTC),
}


@pytest.mark.parametrize(("text", "meant"), MOMENTS.items(), ids=MOMENTS)
def test_a_moment_is_meant_to_its_end(text: str, meant: int | datetime) -> None:
    context = click.Context(click.Command("x"))
    assert version_or_time(context, click.Option(["--at"]), text) == meant


@pytest.mark.parametrize("text", ["", "-1", "yesterday", "2026-13-01", "v1", "1.5", "9999-12-31x"])
def test_what_is_no_moment_is_usage(desk: Desk, text: str) -> None:
    done = desk.run("check", "--at", text)
    assert done.exit_code == 2
    assert "is neither a version's number nor a date" in done.output


def test_the_time_that_versions_shows_means_that_version(desk: Desk) -> None:
    finish(desk.projects[0])
    desk.pull()
    shown = desk.run("versions").stdout.splitlines()[1].split()
    assert desk.json("check", "--at", " ".join(shown[1:3]))["table_version"] == 0


# --- several projects


def test_all_projects_are_pulled_and_told_by_name(several: Desk) -> None:
    finish(several.projects[0])
    finish(several.projects[1])
    finish(several.projects[1])
    reports = several.json("pull")
    assert {name: report["new"] for name, report in reports.items()} == {"support": 1, "second": 2}  # type: ignore[index]
    said = several.pull().stdout.splitlines()
    assert [line.partition(":")[0] for line in said] == ["'Support answers'", "'Second project'"]
    one = several.json("pull", "--project", "second")
    assert list(one) == ["second"]


def test_projects_do_not_overwrite_each_other(several: Desk) -> None:
    for project in several.projects:
        finish(project, f"Answer of {project.title}.")
    several.pull()
    for name in ("support", "second"):
        several.json("check", "--project", name)
        done = several.json("export", *FORMAT, "--project", name)
        text = Path(str(done["path"]), "openai-chat.jsonl").read_text()
        assert f"Answer of {'Second' if name == 'second' else 'Support'}" in text
    files = {str(p.relative_to(several.data)) for p in several.data.glob("projects/*/*.json*")}
    lasting = ("last-check.json", "last-export.json", "last-pull.json")
    kinds = ("findings.jsonl", "check-history.jsonl", *lasting)
    assert files == {f"projects/{n}/{kind}" for n in ("support", "second") for kind in kinds}
    assert {p.name for p in several.data.iterdir()} == {".pull.lock", "projects", "tasks"}


@pytest.mark.parametrize("name", ["check", "export"])
def test_other_verbs_want_one_of_several(several: Desk, name: str) -> None:
    done = several.run(name, *(FORMAT if name == "export" else ()))
    assert done.exit_code == 1
    assert "has the projects support, second; say which with --project" in str(done.exception)


def test_a_project_that_is_missing_does_not_keep_the_others_from_being_pulled(
    several: Desk,
) -> None:
    finish(several.projects[1])
    several.projects[0].title = "Renamed"
    done = several.pull("--json")
    assert done.exit_code == 1
    reports = json.loads(done.stdout)
    assert "has no project 'Support answers'" in reports["support"]["error"]
    assert reports["second"]["new"] == 1
    assert done.stderr.startswith("labeltune: Label Studio at ")
    assert done.stderr.count("\n") == 1


def test_a_refused_key_is_told_once(several: Desk) -> None:
    env = several.folder / ".env"
    env.write_text(env.read_text().replace("a" * 40, "b" * 40))
    done = several.pull()
    assert isinstance(done.exception, LabelStudioError)


def test_a_named_project_is_never_taken_for_another(several: Desk) -> None:
    """With one project in the table, a configuration without names means that one."""
    finish(several.projects[0])
    several.pull("--project", "support")
    done = several.run("check", "--project", "second")
    assert "the last pull was not of project 'Second project'" in str(done.exception)
