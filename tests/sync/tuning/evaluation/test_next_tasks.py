"""Which tasks failures become: like what failed, never a held-out item nor near to one."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from label_configs.queue_fields import QUEUE_FIRST
from sync.common.source_task import SourceTask
from sync.common.terminal import counting
from sync.coverage.measure import measure
from sync.coverage.raised_targets import raise_targets
from sync.settings import Config
from sync.settings.categories import CategorySection
from sync.settings.evaluate import EvaluateSection
from sync.settings.targets import TargetsSection
from sync.table.data_folder import data_folder
from sync.tuning.evaluation.evaluate import WantedEvaluation, evaluate, vectors_by
from sync.tuning.evaluation.next_tasks.failing_kinds import FailingWork, failing_kinds
from sync.tuning.evaluation.next_tasks.plan import NextTasks, ReadFiles, WriteQuestions, plan_next
from sync.tuning.evaluation.next_tasks.project_questions import (
    ProjectQuestions,
    TaskCandidate,
    file_candidates,
)
from sync.tuning.evaluation.next_tasks.push_tasks import PushedNext
from sync.tuning.evaluation.next_tasks.told_tasks import next_tasks_json, next_tasks_said
from sync.tuning.evaluation.next_tasks.written_questions import (
    WrittenFor,
    written_candidates,
)
from tests.sync.builders import task_row
from tests.sync.tuning.evaluation.desk import WordEncoder, pulled
from tests.sync.tuning.evaluation.failing import (
    CARDS,
    FEES,
    SECOND,
    about,
    failing_desk,
    question,
    tuned_as,
)

LIKE_FEES = (
    "Which fee applies when money goes to France tomorrow?",
    "Which fee applies when my employer sends money abroad monthly?",
    "Which surprising fee applies when money comes home from abroad?",
)
ENOUGH = [f"Which fee applies when money goes to {n} {n} {n}?" for n in "abcdefghij"]


def nothing(known: ProjectQuestions) -> list[TaskCandidate]:
    return []


def silent(requests: Sequence[WrittenFor]) -> list[TaskCandidate]:
    return []


class Failing:
    """A project whose tuned model fails a quarter of the questions about fees."""

    def __init__(self, work: FailingWork, folder: Path) -> None:
        """Take a copy of an evaluated project."""
        shutil.copytree(work.work.config.folder, folder, dirs_exist_ok=True)
        config = work.work.config.model_copy(update={"folder": folder})
        here = replace(work.work, config=config, folder=data_folder(config))
        self.work = FailingWork(here, work.now)
        self.config = config

    @property
    def failing(self) -> list[str]:
        """Keys of held-out items that fail."""
        return [item.key for kind in failing_kinds(self.work) for item in kind.items]

    @property
    def held_out(self) -> list[str]:
        return [item.key for item in self.work.work.held.items]

    def with_settings(self, **settings: Any) -> FailingWork:
        evaluate = EvaluateSection(general=False, **settings)
        config = self.config.model_copy(update={"evaluate": evaluate})
        return FailingWork(replace(self.work.work, config=config), self.work.now)

    def waits(self, said: str, key: str, **data: Any) -> None:
        """One task more that waits."""
        messages = [{"role": "user", "content": said}]
        number = 5000 + sum(map(ord, key))
        pulled(self.config, [task_row(number, [], labeltune_id=key, messages=messages, **data)])

    def plan(self, files: ReadFiles = nothing, write: WriteQuestions = silent) -> NextTasks:
        with counting("embedding") as bar:
            vectors_of = vectors_by(self.config, lambda name: WordEncoder(), bar)
            return plan_next(self.work, vectors_of, files, write)


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> FailingWork:
    found: list[FailingWork] = []
    with failing_desk(tmp_path_factory.mktemp("evaluated")) as desk:
        settings = {
            "categories": {"topic": CategorySection(labels=(FEES, CARDS))},
            "evaluate": EvaluateSection(general=False, new_tasks=1),
        }
        tuned_as(desk, "bank-2", SECOND, 11)
        evaluate(
            desk.config.model_copy(update=settings),
            WantedEvaluation(arms=("base", "tuned:bank-2"), against="base"),
            load=lambda name: WordEncoder(),
            take_round=lambda work, now: found.append(FailingWork(work, now)),
        )
    return found[0]


@pytest.fixture
def project(evaluated: FailingWork, tmp_path: Path) -> Failing:
    return Failing(evaluated, tmp_path)


def chosen(plan: NextTasks) -> list[str]:
    return [each.candidate.key for each in plan.tasks]


def of_file(*said: str) -> Callable[[ProjectQuestions], list[TaskCandidate]]:
    """A file with these questions."""

    def read(known: ProjectQuestions) -> list[TaskCandidate]:
        tasks = [
            SourceTask(f"f{n}", {"messages": [{"role": "user", "content": text}]}, f"f, {n}")
            for n, text in enumerate(said)
        ]
        return list(file_candidates(tasks, known, Config().split))

    return read


def test_what_fails_is_told_by_cluster_and_cell(project: Failing) -> None:
    (kind,) = failing_kinds(project.work)
    assert kind.labels == {"topic": FEES}
    assert all(int(item.key[-3:]) % 4 == 1 for item in kind.items)
    assert kind.wanted == len(kind.items) == project.work.now.failed
    assert kind.mark.startswith("tuned:bank-2 of 2026-11-11T08:00: ")


def test_no_more_is_asked_for_than_an_evaluation_may(project: Failing) -> None:
    many = project.with_settings(new_tasks=10, most_new_tasks=7)
    assert sum(kind.wanted for kind in failing_kinds(many)) == 7


def test_what_waits_comes_first_then_files_the_nearest_first(project: Failing) -> None:
    project.waits(LIKE_FEES[0], "near")
    project.waits("Where is the next branch?", "far")
    project.waits("How do I unlock the card of my mother today?", "card")
    project.waits(
        "Which fee applies when cards go abroad lately?", "other", categories={"topic": CARDS}
    )
    plan = project.plan(of_file(*LIKE_FEES[1:], "Do you sell stamps?"))
    assert chosen(plan)[0] == "near"
    assert set(chosen(plan)) == {"near", "f0", "f1"}
    assert [each.candidate.origin for each in plan.tasks] == ["waiting", "file", "file"]
    (kind,) = plan.kinds
    assert plan.missing(kind) == kind.wanted - 3


def test_nothing_near_a_held_out_item_becomes_a_task(project: Failing) -> None:
    """Neither its words, nor nearly its words, nor by a third task, nor what a split ties to it."""
    failed = project.failing[0]
    same = question(FEES, int(failed[-3:]))
    project.waits(same, "same")
    project.waits(f"{same} Please", "almost")
    # nearly the one before, and less than nearly the held-out one
    project.waits(f"{same} Please tell me so", "third")
    project.waits(LIKE_FEES[0], "tied", user_id="u7")
    pulled(project.config, [about(FEES, int(failed[-3:]), user_id="u7")])
    plan = project.plan(of_file(same.upper(), LIKE_FEES[1]))
    assert chosen(plan) == ["f1"]
    assert (
        plan.refused["a split would keep with a held-out item, or that say one in other words"] >= 3
    )
    assert not set(chosen(plan)) & set(project.held_out)


def test_what_the_project_has_is_not_asked_again(project: Failing) -> None:
    train = next(record for record in project.work.work.train if record.categories["topic"] == FEES)
    said = train.data["messages"][0]["content"]
    project.waits(LIKE_FEES[0], "near")
    plan = project.plan(
        of_file(f"{said} Hello", f"{LIKE_FEES[0]} Hello", LIKE_FEES[1], LIKE_FEES[1])
    )
    assert chosen(plan) == ["near", "f2"]
    assert plan.refused["ask nearly what the project has"] == 2


def test_what_holds_its_mark_is_not_asked_for_again(project: Failing) -> None:
    first = project.plan(of_file(*LIKE_FEES))
    (kind,) = first.kinds
    for number, each in enumerate(first.tasks):
        project.waits(each.candidate.text, f"f{number}", **{QUEUE_FIRST: each.kind.mark})
    again = project.plan(of_file(*LIKE_FEES))
    assert again.tasks == ()
    # no more than are still wanted
    assert len(project.plan(of_file(*ENOUGH)).tasks) == kind.wanted - 3
    assert again.already == {kind.mark: 3}
    assert again.missing(kind) == kind.wanted - 3
    assert [(each.labels, each.to) for each in again.raised] == [
        (each.labels, each.to) for each in first.raised
    ]


def test_targets_of_what_fails_are_raised_once_and_gaps_say_why(project: Failing) -> None:
    plan = project.plan()
    (raised,) = plan.raised
    (kind,) = plan.kinds
    assert raised.labels == {"topic": FEES}
    assert (raised.by, raised.to) == (kind.wanted, 50 + kind.wanted)
    folder = data_folder(project.config)
    assert raise_targets(folder, plan.raised) == (raised,)
    assert raise_targets(folder, plan.raised) == project.plan().raised == ()
    gaps = measure(project.config).gaps
    (gap,) = gaps.missing
    assert (gap.labels, gap.wanted, gap.missing) == ({"topic": FEES}, raised.to, raised.by)
    why = [sentence for sentence in gaps.advice() if "are wanted" in sentence]
    assert why == [
        f"topic=fees: {raised.by} more are wanted, {raised.to} in all, since tuned:bank-2 fails "
        f"{len(kind.items)} held-out items of this kind (about “{kind.cluster}”)"
    ]
    # with targets of one's own, the higher counts
    targets = TargetsSection(total=200, dimensions=("topic",), shares={"topic": {FEES: 0.5}})
    wanted = measure(project.config.model_copy(update={"targets": targets})).gaps.cells
    assert {gap.labels["topic"]: gap.wanted for gap in wanted} == {FEES: 100, CARDS: 100}
    small = TargetsSection(total=20, dimensions=("topic",))
    found = measure(project.config.model_copy(update={"targets": small})).gaps
    assert {g.labels["topic"]: g.wanted for g in found.cells} == {FEES: raised.to, CARDS: 10}
    assert found.total == raised.to + 10


def replied(*questions: Any) -> str:
    return json.dumps({"questions": list(questions)})


def test_a_model_writes_only_what_is_missing_and_sees_no_held_out_item(project: Failing) -> None:
    project.waits(LIKE_FEES[0], "near")
    asked: list[WrittenFor] = []
    # far enough for a split, and yet a held-out question in other words
    reworded = f"{question(FEES, int(project.failing[0][-3:]))} Quite so please if you may"

    def write(requests: Sequence[WrittenFor]) -> list[TaskCandidate]:
        asked.extend(requests)
        reply = replied(*LIKE_FEES, reworded, question(FEES, int(project.failing[0][-3:])), "x", 3)
        interface = project.work.work.interface
        return [
            each
            for request in requests
            for each in written_candidates(request, reply, project.config, interface, "base-1")
        ]

    plan = project.plan(write=write)
    train = {record.key for record in project.work.work.train}
    held = [question(each[:-4], int(each[-3:])) for each in project.held_out]
    for request in asked:
        assert request.seed.key in train
        assert request.seed.categories == {"topic": FEES}
        shown = json.dumps(request.request(project.config).variants)
        assert not any(text in shown for text in held)
        assert "topic is fees" in shown
    written = [each.candidate for each in plan.tasks if each.candidate.origin == "written"]
    # the first of them waits already, the next two are held out, the others are no questions
    assert {each.text for each in written} == set(LIKE_FEES[1:])
    for each in written:
        assert each.row is not None
        assert each.row["written_by"] == "base-1"
        assert each.row["categories"] == {"topic": FEES}
    # where files have enough, no model is asked
    asked.clear()
    full = project.plan(of_file(*ENOUGH), write)
    assert full.missing(full.kinds[0]) == 0
    assert asked == []


def test_a_reply_that_is_none_makes_no_task(project: Failing) -> None:
    (kind,) = failing_kinds(project.work)
    seed = project.work.work.train[0]
    asked = WrittenFor(kind, seed, ())
    interface = project.work.work.interface
    for reply in (None, "", "[]", "{", replied(), replied(""), replied(3), '{"questions": 3}'):
        assert list(written_candidates(asked, reply, project.config, interface, "m")) == []


def test_a_new_question_stays_with_the_task_whose_situation_it_has(project: Failing) -> None:
    (kind,) = failing_kinds(project.work)
    seed = project.work.work.train[0]
    data = {**seed.data, "context": {"tier": "gold"}, "user_id": "u1", "channel": "mail"}
    asked = WrittenFor(kind, replace(seed, data=data), ())
    interface = project.work.work.interface
    reply = replied("What does a transfer to my sister in Norway cost?", "Was kostet eine Karte?")
    found = list(written_candidates(asked, reply, project.config, interface, "m"))
    rows = [each.row for each in found]
    assert rows[0] is not None
    assert rows[0]["context"] == {"tier": "gold"}
    assert rows[0]["user_id"] == "u1"
    assert "channel" not in rows[0]
    assert found[0].ties
    assert [row["messages"][-1]["content"] for row in rows if row] == [
        "What does a transfer to my sister in Norway cost?"
    ], "the other one is in another language"


def test_it_is_said_what_would_be_pushed_and_why(project: Failing) -> None:
    project.waits(LIKE_FEES[0], "near")
    plan = project.plan(of_file(LIKE_FEES[1]))
    told = "\n".join(next_tasks_said(PushedNext(plan, None, (), dry_run=True)))
    (kind,) = plan.kinds
    assert f"“{kind.cluster}” (fees): {len(kind.items)} of {kind.asked} fail" in told
    assert "1 waiting already, 1 of files" in told
    assert f"f, 0, {plan.tasks[1].like:.2f} like it: {LIKE_FEES[1]}" in told
    assert f"The target of fees would be raised by {kind.wanted}" in told
    assert told.endswith("Nothing was sent.")
    written = json.dumps(next_tasks_json(PushedNext(plan, None, (), dry_run=True)))
    assert LIKE_FEES[1] not in written
    assert [each["id"] for each in json.loads(written)["tasks"]] == chosen(plan)
