"""What push takes, export writes, or leaves out and counts; one task never stops a release."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import label_configs
from label_configs import Interface, LabelConfigError
from label_configs.chat_response import ChatResponse
from label_configs.multi_turn import MultiTurn, Turn
from sync.common.errors import SourceError
from sync.dataset.release.export import export
from sync.dataset.release.export_report import ALL, ExportReport, ExportRequest
from sync.intake.cleaning.steps import usable
from sync.intake.sources import SourceReader, SourceTask
from sync.settings import Config, SourcesSection
from sync.settings.export import ExportSection
from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable
from sync.training_files.validation.validate import Options, validate
from tests.label_configs.odd_conversations import rows
from tests.sync.builders import annotation, config_in, task_row
from tests.sync.intake.cleaning.desk import cleaned
from tests.sync.intake.cleaning.desk import settings as cleaning

Json = dict[str, Any]

INTERFACES = {name: label_configs.load(name) for name in ("chat_response", "multi_turn")}
GOOD = {"messages": [{"role": "user", "content": "Where is the branch?"}]}


def pushed(row: Json, interface: Interface[Any], folder: Path) -> SourceTask | str:
    """A row's task as a push would send it, or why it is refused."""
    file = folder / "row.jsonl"
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    try:
        (task,) = SourceReader([file], SourcesSection(), interface)
        usable.check(interface, task.data, task.where)
    except (SourceError, LabelConfigError) as error:
        return str(error)
    return task


def annotated(task_id: int, data: Json, interface: Interface[Any]) -> TaskRow:
    """A finished task: the expert left every turn as it was, or wrote an answer."""
    record: Any = ChatResponse(f"Answer {task_id}.")
    if interface.name == "multi_turn":
        said = [m for m in data["messages"] if isinstance(m, dict) and m.get("role") != "user"]
        turns = [Turn(f"{task_id}: {m.get('content')}") for m in said]
        record = MultiTurn((*turns, Turn(f"Answer {task_id}.")), "edit")
    return task_row(task_id, [annotation(task_id * 10, interface.encode(record))], **data)


def exported(folder: Path, interface: Interface[Any], tasks: list[Json]) -> ExportReport:
    config = work(folder, interface.name)
    finished = [annotated(i, data, interface) for i, data in enumerate(tasks, start=1)]
    TaskTable(config.data_dir / "tasks").apply(7, finished)
    return export(config, ExportRequest([ALL]))


def work(folder: Path, interface: str) -> Config:
    learnt = ExportSection(earlier_turns="learn")
    return config_in(folder, interface=interface).model_copy(update={"export": learnt})


def holds(report: ExportReport, tasks: int) -> None:
    """Every task is counted, and no line would be refused."""
    assert sum(asdict(report.counts).values()) == tasks
    found = validate([Path(report.path)], Options())
    assert [t for file in found.files for t in file.rules if t.severity == "error"] == [
        t for file in found.files for t in file.rules if t.rule == "examples"
    ]


def fresh(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("agree")


anyhow = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("name", INTERFACES)
@given(found=st.lists(rows, min_size=12, max_size=20))
@anyhow
def test_what_push_takes_is_exported_or_counted(
    tmp_path_factory: pytest.TempPathFactory, name: str, found: list[Json]
) -> None:
    interface, folder = INTERFACES[name], fresh(tmp_path_factory)
    taken: list[Json] = [GOOD]
    for row in found:
        task = pushed(row, interface, folder)
        if isinstance(task, str):
            assert task.startswith(f"{folder}/row.jsonl, line 1: ")
            assert "\n" not in task
        else:
            taken.append(interface.complete_task(task.data))
    report = exported(folder, interface, taken)
    assert report.counts.unreadable == 0
    holds(report, len(taken))


@pytest.mark.parametrize("name", INTERFACES)
@given(found=st.lists(rows, min_size=12, max_size=20))
@anyhow
def test_what_an_earlier_version_sent_stops_no_release(
    tmp_path_factory: pytest.TempPathFactory, name: str, found: list[Json]
) -> None:
    interface, folder = INTERFACES[name], fresh(tmp_path_factory)
    sent = [GOOD, *(row for row in found if isinstance(row.get("messages"), list))]
    holds(exported(folder, interface, sent), len(sent))


LOST = {"role": "user", "content": "My card is lost."}
AND = {"role": "user", "content": "And?"}


def moment(**keys: Any) -> Json:
    return {"role": "assistant", "content": "One moment.", **keys}


def call(**function: Any) -> list[Json]:
    return [{"id": "c1", "type": "function", "function": {"name": "cards", **function}}]


# after the small inputs of the project, with siblings
TAKEN: dict[str, Json] = {
    "empty-list": {"messages": [LOST, moment(tool_calls=[]), AND]},
    "no-arguments": {"messages": [LOST, moment(tool_calls=call()), AND]},
    "old-call": {"messages": [LOST, moment(function_call={"name": "cards"}), AND]},
    "late-system": {"messages": [LOST, moment(), {"role": "system", "content": "Brief."}, AND]},
    "nothing-returned": {
        "messages": [
            LOST,
            moment(tool_calls=call(arguments="")),
            {"role": "tool", "tool_call_id": "c1", "content": ""},
            AND,
        ]
    },
    "odd-name": {"messages": [{**LOST, "name": "Ana María"}]},
    "only-calls": {"messages": [LOST, moment(tool_calls=call()) | {"content": None}, AND]},
    "plain": GOOD,
}
REFUSED: dict[str, tuple[Json, str]] = {
    "orphan": (
        {"messages": [LOST, moment(), {"role": "tool", "content": "5"}, AND]},
        "message 3 is a tool's answer to no call before it",
    ),
    "cut-off": (
        {"messages": [LOST, moment(tool_calls=call(arguments='{"a')), AND]},
        "message 2 calls a tool with arguments that are no JSON object",
    ),
    "nameless": (
        {"messages": [LOST, moment(tool_calls=[{"id": "c1", "function": {}}]), AND]},
        "message 2 calls a tool without a name",
    ),
    "user-calls": (
        {"messages": [{**LOST, "tool_calls": call()}]},
        "message 1 calls a tool, and only the assistant may",
    ),
    "nameless-tool": ({**GOOD, "tools": [{"type": "function"}]}, "'tools' must be a list of"),
    "unread-tools": (
        {"messages": [LOST, moment(tool_calls=call()), AND], "tools": ["cards"]},
        "'tools' must be a list of",
    ),
    "nobody": ({"messages": [moment()]}, "no turn is the user's"),
}


def test_dropping_what_is_unusable_drops_the_bad_rows_alone(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    rows = [*TAKEN.items(), *((name, row) for name, (row, _) in REFUSED.items())]
    file.write_text("".join(json.dumps({"id": name} | row) + "\n" for name, row in rows))
    interface = INTERFACES["chat_response"]
    outcomes = SourceReader([file], SourcesSection(), interface).outcomes()
    every: Json = {step: {} for step in ("normalisation", "length", "duplicates")}
    with cleaned(outcomes, cleaning(unusable="drop", **every)) as done:
        kept = list(done.tasks())
        dropped = {row["id"]: row["reason"] for row in map(json.loads, done.dropped().splitlines())}
    assert [task.id for task in kept] == list(TAKEN)
    assert dropped.keys() == REFUSED.keys()
    for name, (_, said) in REFUSED.items():
        assert dropped[name].startswith(said)
    report = exported(tmp_path, interface, [interface.complete_task(t.data) for t in kept])
    assert report.counts.exported == len(TAKEN)
    holds(report, len(TAKEN))
    (reason,) = report.left_out["openai-chat"]
    assert reason.startswith("a message: 1 of its 1 tool calls has no answer")
    assert report.left_out["openai-chat"] == {reason: 3}
    lines = (Path(report.path) / "openai-chat.jsonl").read_text().splitlines()
    assert [m["messages"][0].get("name") for m in map(json.loads, lines)][-2] == "Ana_Mar_a"


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    row, said = REFUSED[name]
    task = pushed(row, INTERFACES["chat_response"], tmp_path)
    assert isinstance(task, str)
    assert task.startswith(f"{tmp_path}/row.jsonl, line 1: {said}")


LENT = Path(__file__).parents[2].parent / "shared" / "data" / "faults" / "pushed_then_refused.jsonl"


@pytest.mark.skipif(not LENT.is_file(), reason=f"{LENT} is not on this machine")
def test_the_lent_rows_are_pushed_and_exported(tmp_path: Path) -> None:
    interface = INTERFACES["chat_response"]
    rows = [json.loads(line) for line in LENT.read_text(encoding="utf-8").splitlines()]
    taken = [pushed(row, interface, tmp_path) for row in rows]
    data = [interface.complete_task(t.data) for t in taken if isinstance(t, SourceTask)]
    assert len(data) == len(rows) == 4
    holds(exported(tmp_path, interface, data), 4)
