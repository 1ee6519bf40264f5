"""`labeltune export` with a split, targets, general examples, a provider, and every interface."""

import codecs
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import label_configs
from label_configs import Interface
from label_configs.chat_response import ChatResponse
from label_configs.multi_intent import MultiIntent
from label_configs.multi_intent_items import Intent
from label_configs.multi_turn import LEAVE_OUT, MultiTurn, Turn
from label_configs.preference import PreferenceRecord
from label_configs.reasoning_steps import ReasoningSteps
from label_configs.review import Review
from label_configs.step_rows import Step
from sync.common.errors import ExportError
from sync.dataset.release.export import export
from sync.dataset.release.export_report import ALL, ExportReport, ExportRequest
from sync.dataset.splits.split import split
from sync.settings import Config
from sync.settings.categories import CategorySection
from sync.settings.export import ExportSection
from sync.settings.mix import MixSection
from sync.settings.split import SplitSection
from sync.settings.targets import TargetsSection
from sync.table.task_rows import Prediction, TaskRow
from sync.table.task_table import TaskTable
from sync.training_files.formats import FORMATS
from sync.training_files.manifest.lineage import Mixed, Traced, read_lineage
from sync.training_files.trainers import for_name
from tests.sync.builders import START, annotation, config_in, result, task_row

PROJECT = 7
Json = dict[str, Any]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A project whose splits need no embedding model."""
    section = SplitSection(near_duplicates=False, train=0.6, validation=0.2, test=0.2)
    topic = CategorySection(labels=("cards", "fees"), rules={"fees": ("fee",)}, otherwise="cards")
    return config_in(tmp_path).model_copy(update={"split": section, "categories": {"topic": topic}})


def store(config: Config, rows: Sequence[TaskRow]) -> None:
    TaskTable(config.data_dir / "tasks").apply(PROJECT, rows)


def finished(task_id: int, **data: Any) -> TaskRow:
    return task_row(task_id, [annotation(task_id * 10, result(f"Answer {task_id}."))], **data)


def lines_of(report: ExportReport, file: str) -> list[Json]:
    text = (Path(report.path) / file).read_text(encoding="utf-8-sig")
    return [json.loads(line) for line in text.splitlines()]


def answers(report: ExportReport, file: str) -> set[str]:
    return {line["messages"][-1]["content"] for line in lines_of(report, file)}


def traced(report: ExportReport) -> list[Traced]:
    return [entry for entry in read_lineage(Path(report.path)) if isinstance(entry, Traced)]


# --- splits


def test_each_split_has_files_of_its_own_and_no_task_is_in_two(config: Config) -> None:
    store(config, [finished(i) for i in range(1, 41)])
    assigned = split(config).split
    report = export(config, ExportRequest(["openai-chat", "trl-prompt-completion"]))
    assert [(f.format, f.split) for f in report.files] == [
        (form, name)
        for form in ("openai-chat", "trl-prompt-completion")
        for name in ("train", "validation", "test")
    ]
    found = {name: answers(report, f"openai-chat.{name}.jsonl") for name in assigned_sizes(report)}
    assert sum(map(len, found.values())) == len(set.union(*found.values())) == 40
    for entry in traced(report):
        assert entry.split == assigned.split_of(entry.key)
        assert f"Answer {entry.task_id}." in found[str(entry.split)]
        assert all(f".{entry.split}." in file for file in entry.lines)


def assigned_sizes(report: ExportReport) -> Mapping[str, int]:
    manifest = json.loads((Path(report.path) / "manifest.json").read_text())
    sizes: Mapping[str, int] = manifest["split"]["sizes"]
    return {name: size for name, size in sizes.items() if name != "dropped"}


def test_what_is_newer_than_the_split_is_left_out_and_said(config: Config) -> None:
    store(config, [finished(i) for i in range(1, 21)])
    split(config)
    store(config, [finished(21), finished(22)])
    report = export(config, ExportRequest(["openai-chat"]))
    assert (report.counts.exported, report.counts.unsplit) == (20, 2)
    assert "2 finished since the last split, and left out; run `labeltune split`" in report.warnings
    before = export(config, ExportRequest(["openai-chat"], at=0))
    assert (before.counts.exported, before.counts.unsplit) == (20, 0)
    split(config)
    assert export(config, ExportRequest(["openai-chat"])).counts.exported == 22


def test_a_distractor_is_of_the_task_s_own_split(config: Config) -> None:
    config = config.model_copy(update={"export": ExportSection(distractors=3)})
    store(
        config,
        [finished(i, documents=[{"title": f"T{i}", "text": f"Text {i}."}]) for i in range(1, 41)],
    )
    assigned = split(config).split
    report = export(config, ExportRequest(["openai-chat"]))
    for name in ("train", "validation", "test"):
        own = {line.task_id for line in assigned.lines if line.split == name}
        seen: set[int] = set()
        for line in lines_of(report, f"openai-chat.{name}.jsonl"):
            told = line["messages"][0]["content"]
            documents = [row for row in told.splitlines() if row.startswith("Document ")]
            assert len(documents) == 4
            seen |= {int(row.rpartition("T")[2]) for row in documents}
        assert seen <= own


# --- balance, mix


def test_balancing_leaves_out_what_training_has_too_much_of(config: Config) -> None:
    def wanting(total: int) -> Config:
        shares = {"topic": {"fees": 0.5}}
        targets = TargetsSection(total=total, dimensions=("topic",), shares=shares)
        return config.model_copy(update={"targets": targets})

    asked = [{"role": "user", "content": "What is the fee?"}]
    rows = [finished(i) for i in range(1, 31)]
    rows += [finished(i, messages=asked) for i in range(31, 41)]
    store(config, rows)
    report = export(wanting(20), ExportRequest(["openai-chat"], balance="sample"))
    assert (report.counts.exported, report.counts.surplus) == (20, 20)
    assert [e.categories["topic"] for e in traced(report)].count("fees") == 10
    assert any("Balancing (sample): 20 records left out" in note for note in report.notes)
    repeated = export(wanting(40), ExportRequest(["openai-chat"], balance="repeat"))
    assert repeated.counts.exported == 40
    copied = [entry for entry in traced(repeated) if entry.copies > 1]
    assert copied and {entry.categories["topic"] for entry in copied} == {"fees"}
    for entry in copied:
        assert len(entry.lines["openai-chat.jsonl"]) == entry.copies
    assert not any("the same example as" in warning for warning in repeated.warnings)


def test_general_examples_are_mixed_into_training_only(config: Config) -> None:
    general = [
        {
            "messages": [
                {"role": "user", "content": f"What is {i} + {i}?"},
                {"role": "assistant", "content": f"It is {2 * i}."},
            ]
        }
        for i in range(30)
    ]
    (config.folder / "general.jsonl").write_text("".join(json.dumps(e) + "\n" for e in general))
    mix = MixSection(files=("general.jsonl",), share=0.2)
    config = config.model_copy(update={"mix": mix})
    store(config, [finished(i) for i in range(1, 41)])
    split(config)
    formats = ["openai-chat", "trl-prompt-completion", "trl-unpaired-preference"]
    report = export(config, ExportRequest(formats))
    lines = {file.file: file.lines for file in report.files}
    own = assigned_sizes(report)
    mixed = [e for e in read_lineage(Path(report.path)) if isinstance(e, Mixed)]
    assert len(mixed) == round(own["train"] / 4)
    assert lines["openai-chat.train.jsonl"] == own["train"] + len(mixed)
    assert lines["trl-prompt-completion.train.jsonl"] == own["train"] + len(mixed)
    assert lines["openai-chat.test.jsonl"] == own["test"]
    for entry in mixed:
        (number,) = entry.lines["openai-chat.train.jsonl"]
        written = lines_of(report, "openai-chat.train.jsonl")[number - 1]
        assert written == general[entry.line - 1]


# --- providers


def test_azure_gets_its_byte_order_mark_and_others_do_not(config: Config) -> None:
    store(config, [finished(i) for i in range(1, 61)])
    report = export(config, ExportRequest(["openai-chat"], provider=for_name("azure")))
    content = (Path(report.path) / "openai-chat.jsonl").read_bytes()
    assert content.startswith(codecs.BOM_UTF8)
    assert len(lines_of(report, "openai-chat.jsonl")) == 60
    report = export(config, ExportRequest(["openai-chat"], provider=for_name("openai")))
    assert not (Path(report.path) / "openai-chat.jsonl").read_bytes().startswith(codecs.BOM_UTF8)


def test_a_provider_s_rules_stop_an_export(config: Config) -> None:
    store(config, [finished(1)])
    with pytest.raises(ExportError, match=r"openai-chat: .*10"):
        export(config, ExportRequest(["openai-chat"], provider=for_name("openai")))
    with pytest.raises(ExportError, match="together does not read gemini; export one of"):
        export(config, ExportRequest(["gemini"], provider=for_name("together")))
    store(config, [finished(i) for i in range(1, 61)])
    report = export(config, ExportRequest([ALL], provider=for_name("together")))
    assert {file.format for file in report.files} <= for_name("together").formats.keys()


def test_a_format_that_nothing_can_be_made_of_is_said(config: Config) -> None:
    store(config, [finished(i) for i in range(1, 61)])
    report = export(config, ExportRequest(["openai-chat", "trl-stepwise"]))
    assert [file.format for file in report.files] == ["openai-chat"]
    assert any(w.startswith("trl-stepwise: not written, since no") for w in report.warnings)
    with pytest.raises(ExportError, match=r"can be made of 60 finished tasks of"):
        export(config, ExportRequest(["trl-stepwise"]))


# --- every interface

STEPS = ("The card was frozen on Friday.", "So the bank pays for Saturday.")


def _chat(draft: bool) -> Any:
    if draft:
        return ChatResponse("It is free.")
    return ChatResponse("It costs GBP 5.00.", verdict="rewrite")


def _steps(draft: bool) -> Any:
    steps = [Step(text=text, kind="observation") for text in STEPS]
    if draft:
        return ReasoningSteps(tuple(steps), "You pay.")
    judged = (
        Step(STEPS[0], "observation", "correct"),
        Step("So the bank pays.", "final conclusion", "wrong"),
    )
    return ReasoningSteps(judged, "The bank pays.", "edit")


def _turns(draft: bool) -> Any:
    turns = (Turn("Have you frozen it?"), Turn("It is free."), Turn("In 3 to 5 working days."))
    if draft:
        return MultiTurn(turns)
    corrected = (turns[0], Turn("It costs GBP 5.00."), Turn(turns[2].text, train=LEAVE_OUT))
    return MultiTurn(corrected, "edit")


def _pair(draft: bool) -> Any:
    sides = ("A new card costs **GBP 5.00** on Plus.", "New cards are free of charge.")
    return PreferenceRecord(*sides, preference=None if draft else "left better")


def _intents(draft: bool) -> Any:
    intents = (Intent("card", priority=1, segment="Freeze it in the app."),)
    if draft:
        return MultiIntent(intents)
    corrected = (*intents, Intent("fees", priority=2, segment="A new one costs GBP 5.00."))
    return MultiIntent(corrected, opening="Sorry to hear that.", verdict="edit")


def _review(draft: bool) -> Any:
    return Review(best=0, amended="It costs GBP 5.00.", decision=None if draft else "amend")


RECORDS = {
    "chat_response": _chat,
    "reasoning_steps": _steps,
    "multi_turn": _turns,
    "preference": _pair,
    "multi_intent": _intents,
    "review": _review,
}
# of every interface: formats that its work must give lines in, beyond the supervised ones
FEEDS: Mapping[str, set[str]] = {
    "chat_response": {"openai-preference", "trl-preference", "trl-unpaired-preference"},
    "reasoning_steps": {"trl-stepwise", "trl-preference"},
    "multi_turn": {"trl-preference"},
    "preference": {"openai-preference", "trl-preference", "trl-unpaired-preference"},
    "multi_intent": {"trl-preference"},
    "review": {"trl-unpaired-preference"},
}
SUPERVISED = {
    "openai-chat",
    "trl-prompt-completion",
    "sharegpt",
    "alpaca",
    "gemini",
    "bedrock-conversation",
    "openai-reinforcement",
}


def drafted(interface: Interface[Any], task_id: int, record: Any) -> TaskRow:
    """A task of the interface's example with a draft, and what an expert made of it."""
    draft = record(True)
    data = interface.complete_task({**interface.example, "id": None})
    data |= interface.task_patch(draft)
    made = Prediction(task_id, "v1", 0.5, START, json.dumps(interface.encode(draft)))
    given = annotation(task_id * 10, interface.encode(record(False)), parent_prediction=task_id)
    messages = [*data["messages"]]
    messages[0] = {**messages[0], "content": f"{messages[0]['content']} ({task_id})"}
    return task_row(task_id, [given], [made], **{**data, "messages": messages})


@pytest.mark.parametrize("name", RECORDS)
def test_every_interface_feeds_every_format_that_it_can(name: str, tmp_path: Path) -> None:
    learnt = ExportSection(earlier_turns="learn")
    config = config_in(tmp_path, interface=name).model_copy(update={"export": learnt})
    interface = label_configs.load(name)
    store(config, [drafted(interface, i, RECORDS[name]) for i in range(1, 13)])
    report = export(config, ExportRequest([ALL]))
    assert report.counts.exported == 12
    made = {file.format for file in report.files}
    assert made >= SUPERVISED | FEEDS[name]
    assert ("trl-stepwise" in made) == (name == "reasoning_steps")
    for file in report.files:
        for line in lines_of(report, file.file):
            found = [f for f in FORMATS[file.format].check(line) if f.severity == "error"]
            assert found == []


def test_turns_that_nobody_vouched_for_are_learnt_only_where_that_is_asked_for(
    tmp_path: Path,
) -> None:
    base = config_in(tmp_path)
    interface = label_configs.load("chat_response")
    store(base, [drafted(interface, 1, _chat)])
    formats = ExportRequest(["openai-chat", "gemini", "trl-prompt-completion"])
    report = export(base, formats)
    (line,) = lines_of(report, "openai-chat.jsonl")
    assert [m.get("weight") for m in line["messages"] if m["role"] == "assistant"] == [0, None]
    assert len(lines_of(report, _COMPLETION)) == 1
    assert [file.format for file in report.files] == ["openai-chat", "trl-prompt-completion"]
    assert any(note.startswith("gemini: 1 left out: an assistant's turn") for note in report.notes)
    learnt = base.model_copy(update={"export": ExportSection(earlier_turns="learn")})
    report = export(learnt, formats)
    (line,) = lines_of(report, "openai-chat.jsonl")
    assert not any("weight" in message for message in line["messages"])
    assert len(lines_of(report, "gemini.jsonl")) == 1
    assert len(lines_of(report, _COMPLETION)) == 2


def test_reasoning_is_trained_on_where_it_is_asked_for(tmp_path: Path) -> None:
    base = config_in(tmp_path, interface="reasoning_steps")
    interface = label_configs.load("reasoning_steps")
    store(base, [drafted(interface, 1, _steps)])
    told: dict[str, Json] = {}
    for how in ("none", "think", "reasoning_content"):
        config = base.model_copy(update={"export": ExportSection(reasoning=how)})
        (line,) = lines_of(export(config, ExportRequest(["trl-prompt-completion"])), _COMPLETION)
        told[how] = line["completion"][-1]
    assert told["none"] == {"role": "assistant", "content": "The bank pays."}
    chain = told["reasoning_content"]["reasoning_content"]
    assert STEPS[0] in chain and "So the bank pays." in chain and STEPS[1] not in chain
    assert told["think"]["content"] == f"<think>\n{chain}\n</think>\n\nThe bank pays."


_COMPLETION = "trl-prompt-completion.jsonl"
