"""`labeltune check` from the table to findings.jsonl."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from connectors.reading import Embeddings
from sync.common.errors import SourceError, SyncError
from sync.coverage.targets import wanted_by_kind
from sync.dataset.splits.split import split
from sync.quality.check import CheckReport, check
from sync.quality.checks import CHECKS, CheckResult, WorkToCheck
from sync.quality.chosen_checks import chosen_checks
from sync.queue.outcomes import Doubts
from sync.records.draft_use import draft_use
from sync.records.states import WorkCounts
from sync.settings import Config
from sync.settings.categories import CategorySection
from sync.settings.targets import TargetsSection
from sync.table.data_folder import data_folder
from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable
from tests.connectors.near_texts import NEAR
from tests.sync.builders import annotation, config_in, result, task_row


class FakeEncoder:
    """A vector of its own for each distinct first word; keeps what it was asked."""

    def __init__(self) -> None:
        self.history: list[list[str]] = []

    def encode(self, texts: list[str]) -> Embeddings:
        self.history.append(texts)
        vectors = np.zeros((len(texts), 64), dtype=np.float32)
        for i, text in enumerate(texts):
            vectors[i, sum(text.split()[0].encode()) % 64] = 1.0
        return vectors


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_in(tmp_path)


def store(config: Config, *rows: TaskRow) -> None:
    TaskTable(config.data_dir / "tasks").apply(7, rows)


def question(task_id: int, prompt: str, answer: str) -> TaskRow:
    return task_row(
        task_id,
        [annotation(task_id * 10, result(answer), minutes=task_id)],
        messages=[{"role": "user", "content": prompt}],
    )


def run(config: Config) -> tuple[CheckReport, list[dict[str, object]]]:
    report = check(config, load=lambda name: FakeEncoder())
    lines = Path(report.path).read_text(encoding="utf-8").splitlines()
    return report, [json.loads(line) for line in lines]


def test_findings_are_written_lowest_score_first(config: Config) -> None:
    store(
        config,
        question(1, "fees abroad?", "none"),
        question(2, "fees abroad?", "two percent"),
        task_row(3, [annotation(30, [{"from_name": "response", "value": {}}])]),
        task_row(4),
    )
    report, findings = run(config)
    assert report.records == 2
    assert list(report.by_kind) == chosen_checks(config).names
    found = {kind: n for kind, n in report.by_kind.items() if n}
    assert found == {"unreadable": 1, "contradiction": 1}
    assert report.by_severity == {"error": 2, "warning": 0, "info": 0}
    assert {f["task_id"] for f in findings} == {2, 3}
    assert [f["score"] for f in findings] == sorted(float(str(f["score"])) for f in findings)
    assert findings[0]["url"] == "http://127.0.0.1:8080/projects/7/data?task=2"


def test_the_next_check_replaces_the_findings(config: Config) -> None:
    store(config, question(1, "fees?", "none"), question(2, "fees?", "two percent"))
    assert run(config)[0].findings == 1
    store(config, question(2, "fees?", "none"))
    report, findings = run(config)
    assert (report.findings, findings) == (0, [])


def test_long_prompts_are_told_apart_by_their_ends(config: Config) -> None:
    store(
        config,
        question(1, "fees " * 200 + "abroad " * 400, "none"),
        question(2, "fees " * 200 + "cash " * 400, "two percent"),
    )
    assert run(config)[0].findings == 0


def test_what_a_text_means_is_decided_once(config: Config) -> None:
    asked = "Can I freeze cooked rice? Which pan is best for steak?"
    rice = "Yes, let it cool and put it away in small portions. Thaw them in hot water."
    pan = "Cast iron holds the heat. Stainless steel does as well."
    store(config, question(1, asked, rice), question(2, asked, f"{rice} {pan}"))
    first = check(config)
    assert first.by_kind["unanswered_intent"] == 1
    lines = Path(first.path).read_text(encoding="utf-8")
    assert 'Which pan is best for steak?\\"; see whether it is answered' in lines
    check(config, load=lambda name: pytest.fail("the model is not needed"))
    assert Path(first.path).read_text(encoding="utf-8") == lines


def test_a_split_needs_no_model_for_what_was_checked(config: Config) -> None:
    store(config, question(1, " fees? ", "none"), question(2, "cash " * 400, "two percent"))
    run(config)
    made = split(config, load=lambda name: pytest.fail("the model is not needed"))
    assert made.split.manifest()["reading"]["texts"] == 2
    run(config)
    report = check(config, load=lambda name: pytest.fail("nor for the next check"))
    assert report.records == 2


def test_nothing_finished_is_said_and_loads_no_model(config: Config) -> None:
    store(config, task_row(1))

    def refuse(name: str) -> FakeEncoder:
        pytest.fail("the model is not needed")

    report = check(config, load=refuse)
    assert report.findings == 0
    assert report.skips == ["no task is finished yet"]
    assert Path(report.path).read_text() == ""


def test_some_checks_leave_the_findings_of_all(config: Config) -> None:
    store(config, question(1, "fees abroad?", "none"), question(2, "fees abroad?", "two percent"))
    whole, _ = run(config)
    noted = (config.data_dir / "last-check.json").read_bytes()
    told: list[tuple[str, int, int]] = []
    some = check(
        config,
        load=lambda name: FakeEncoder(),
        only=["unreadable", "too_fast"],
        running=lambda name, done, total: told.append((name, done, total)),
    )
    assert some.by_kind == {"unreadable": 0, "too_fast": 0}
    assert Path(some.path).name == "findings-some.jsonl"
    assert Path(whole.path).read_text() != Path(some.path).read_text() == ""
    assert (config.data_dir / "last-check.json").read_bytes() == noted
    assert told == [("unreadable", 0, 2), ("1 text check: 0 of 2 texts", 1, 2)]


def test_a_text_is_looked_at_once(config: Config) -> None:
    def texts_of_a_check(at: int | None = None) -> list[str]:
        told: list[str] = []
        check(
            config,
            load=lambda name: FakeEncoder(),
            at=at,
            running=lambda name, done, total: told.append(name),
        )
        return [name.partition(": ")[2] for name in told if "text check" in name][1:]

    store(config, question(1, "fees abroad?", "none"), question(2, "cards?", "two"))
    assert texts_of_a_check() == ["2 of 2 texts"]
    assert texts_of_a_check() == []
    store(config, question(3, "fees abroad?", "none"))
    assert texts_of_a_check() == ["1 of 1 texts"]
    assert texts_of_a_check(at=0) == ["2 of 2 texts"]
    assert texts_of_a_check() == []


def test_nothing_pulled_says_to_pull(config: Config) -> None:
    with pytest.raises(SyncError, match="nothing pulled yet; run `labeltune pull`"):
        check(config)


def test_severities_count_upwards() -> None:
    report = CheckReport(
        records=9,
        findings=6,
        by_kind={},
        by_severity={"error": 1, "warning": 2, "info": 3},
        skips=[],
        path="",
        table_version=0,
        work=WorkCounts(),
        drafts=draft_use([]),
        seconds=0.0,
    )
    assert [report.at_least(s) for s in ("error", "warning", "info")] == [1, 3, 6]


def test_the_next_check_embeds_only_what_is_new(config: Config) -> None:
    encoder = FakeEncoder()
    store(config, question(1, "fees?", "none"), question(2, "cards?", "two"))
    first = check(config, load=lambda name: encoder)
    store(config, question(3, "fees?", "five percent"))
    second = check(config, load=lambda name: encoder)
    assert encoder.history == [["cards?", "fees?", "none", "two"], ["five percent"]]
    assert (first.findings, second.findings) == (0, 1)
    assert run(config)[0].findings == 1
    third = check(config, load=lambda name: pytest.fail("the model is not needed"), at=0)
    assert third.findings == 0


def thai(count: int) -> list[TaskRow]:
    """Different questions that the default model takes for one, each with an answer of its own."""
    asks = [pair[0] for pair in NEAR["Thai"]]
    pairs = [(one, other) for one in asks for other in asks if one != other][:count]
    return [
        question(i, f"{one} {other}", f"{other} {one} {i}") for i, (one, other) in enumerate(pairs)
    ]


def test_what_the_model_cannot_read_contradicts_nothing_by_chance(config: Config) -> None:
    store(config, *thai(20))
    report = check(config)
    assert report.by_kind["contradiction"] == 0
    (told,) = [skip for skip in report.skips if "can't read" in skip]
    assert told.startswith("40 of 40 texts are in a script that")
    assert "multilingual" in told
    assert check(config, load=lambda name: FakeEncoder()).skips == report.skips  # from the cache


def test_the_same_unread_question_with_other_answers_is_no_error(config: Config) -> None:
    asks, answers = ([pair[place] for pair in NEAR["Khmer"]] for place in (0, 1))
    same = f"{asks[0]} "
    store(config, question(1, asks[0], asks[2]), question(2, same, answers[3]))
    report = check(config)
    assert (report.by_kind["contradiction"], report.by_severity["error"]) == (1, 0)
    text = Path(report.path).read_text(encoding="utf-8")
    assert "only their characters were compared" in text
    assert asks[0] not in text


@pytest.mark.parametrize(
    ("other", "severity"),
    [
        ("How do I  freeze\nmy card?", "error"),
        ("How do I freeze my CARD?", "warning"),
        ("How do I freeze my card", "warning"),
    ],
)
def test_only_the_same_prompt_to_a_reader_is_an_error(
    config: Config, other: str, severity: str
) -> None:
    store(
        config,
        question(1, "How do I freeze my card?", "Use the app."),
        question(2, other, "It is not possible to do that, you have to visit a branch."),
    )
    report = check(config)
    assert {name: n for name, n in report.by_severity.items() if n} == {severity: 1}


def test_a_finding_about_the_set_is_written_beside_those_of_tasks(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_the_set(work: WorkToCheck) -> CheckResult:
        found = work.set_finding("incomplete", "info", 0.9, "all alike", tasks=(2, 1))
        return CheckResult((found,), notes=("of 2 nothing is said",), figures={"tasks": 2})

    monkeypatch.setitem(CHECKS, "incomplete", of_the_set)
    store(config, question(1, "fees?", "none"), question(2, "fees?", "two percent"))
    report, findings = run(config)
    of_task, of_set = findings
    assert (of_task["task_id"], of_task["tasks"], of_task["annotator"]) == (2, [], None)
    assert (of_set["task_id"], of_set["annotation_id"], of_set["tasks"]) == (None, None, [2, 1])
    assert of_set["url"] == "http://127.0.0.1:8080/projects/7/data"
    assert report.notes == ["of 2 nothing is said"]
    assert report.figures == {"incomplete": {"tasks": 2}}
    doubts = Doubts.read(data_folder(config))
    assert doubts.about(question(1, "fees?", "none")) == 0.0
    assert doubts.about(question(2, "fees?", "two percent")) > 0.0


class TellingEncoder(FakeEncoder):
    """Texts with one first word are alike, and not the same."""

    def encode(self, texts: list[str]) -> Embeddings:
        vectors = super().encode(texts)
        for row, text in zip(vectors, texts, strict=True):
            row += np.random.default_rng(list(text.encode())).normal(0, 0.03, 64)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_traces_of_production_are_read_redacted_and_compared(
    config: Config, tmp_path: Path
) -> None:
    store(config, *(question(i, f"fees {i}?", f"none {i}") for i in range(1, 31)))
    traces = tmp_path / "traces.jsonl"
    asked = [
        *("fees of mine?" for _ in range(20)),
        *("crypto to ann@example.com?" for _ in range(5)),
    ]
    lines = [json.dumps({"prompt": text}) for text in asked]
    traces.write_text("\n".join([*lines, '{"nothing": 1}']), encoding="utf-8")
    report = check(config, load=lambda name: TellingEncoder(), against=[traces])
    found = [json.loads(line) for line in Path(report.path).read_text().splitlines()]
    (uncovered,) = [f for f in found if f["kind"] == "uncovered_question"]
    assert "5 of 25 (20%, 9 to 39%)" in uncovered["message"]
    assert "crypto to <EMAIL_1>?" in uncovered["message"]
    assert "ann@example.com" not in Path(report.path).read_text()
    assert "Of traces.jsonl 1 rows could not be read" in report.notes
    again = check(config, load=lambda name: pytest.fail("from the cache"), against=[traces])
    assert again.figures["uncovered_question"]["uncovered"] == 5


def test_traces_without_a_question_say_so(config: Config, tmp_path: Path) -> None:
    store(config, question(1, "fees?", "none"))
    traces = tmp_path / "traces.jsonl"
    traces.write_text('{"nothing": 1}\n')
    with pytest.raises(SourceError, match=r"traces.jsonl: no trace holds a user's question"):
        check(config, load=lambda name: FakeEncoder(), against=[traces])


def test_targets_are_what_labels_are_held_against(tmp_path: Path) -> None:
    topic = CategorySection(labels=("fees", "cards"))
    targets = TargetsSection(total=100, dimensions=("topic",), shares={"topic": {"fees": 0.5}})
    wanting = config_in(tmp_path).model_copy(
        update={"categories": {"topic": topic}, "targets": targets}
    )
    rows = [
        replace_data(question(i, f"fees {i}?", "none"), topic="fees" if i < 48 else "cards")
        for i in range(1, 61)
    ]
    store(wanting, *rows)
    report = check(wanting, load=lambda name: FakeEncoder(), wanted=wanted_by_kind)
    lines = map(json.loads, Path(report.path).read_text().splitlines())
    (found,) = [line for line in lines if line["kind"] == "imbalance"]
    assert "'cards' (13 of 50)" in found["message"]


def replace_data(row: TaskRow, **categories: str) -> TaskRow:
    return replace(row, data=json.dumps({**row.data_fields(), "categories": categories}))
