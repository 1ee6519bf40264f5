"""The second pass: who gets further samples and when, and that nobody's page loses its draft."""

import time
from dataclasses import replace

import pytest

from connectors.errors import LabelStudioError, LLMUnavailable
from drafting.draft_version import model_version, replaced_version
from drafting.project_settings import LLMSettings, Price, ProjectSettings
from label_configs import ReplyError
from label_configs.draft_meta import DraftAcceptance, acceptance_of
from label_configs.queue_fields import FIRST
from ml_backend.store.ledger import AGAIN_S
from ml_backend.work.jobs import Jobs
from ml_backend.work.refining import deliver_refined
from tests.ml_backend.fakes import (
    DOWN,
    REFINED,
    FakeDrafting,
    FakeLabelStudio,
    backend_of,
    consumer,
    conversation,
    finished,
    job_for,
    run_jobs,
    sweep,
    wait_until,
)
from tests.ml_backend.stores import IN_EITHER_STORE
from tests.ml_backend.workers import PassTime

pytestmark = [IN_EITHER_STORE, pytest.mark.usefixtures("settled_at_once")]


def shown(label_studio: FakeLabelStudio, task_id: int) -> list[tuple[str, str, float]]:
    """Text, version and score of a task's drafts."""
    return [
        (p["result"][0]["value"]["text"][0], p["model_version"], p["score"])
        for p in label_studio.tasks[task_id]["predictions"]
    ]


def waiting(jobs: Jobs) -> list[int]:
    return [draft.task_id for draft in jobs.doubtful.waiting()]


@pytest.fixture
def version(project: ProjectSettings) -> str:
    return model_version(project)


# --- which, and when


def test_every_task_has_a_draft_before_the_first_gets_further_samples(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    """Then the most doubtful comes first, and the clear one never."""
    label_studio.add_tasks(range(1, 6))
    drafting.doubtful = {1: 0.6, 2: 0.2, 4: 0.4, 5: 0.1}
    sweep(jobs)
    assert drafting.tasks()[:5] == [1, 2, 3, 4, 5]
    assert drafting.refined() == [5, 2, 4, 1]
    assert waiting(jobs) == []
    counts = jobs.figures.of(1)
    assert (counts["drafted"], counts["refined"], counts["delivered"]) == (5, 4, 5)


def test_a_new_task_comes_before_further_samples(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, known: ProjectSettings
) -> None:
    """One job of the second pass is queued already, and an annotator asks for a third task."""
    label_studio.add_task(1)
    drafting.doubtful = {1: 0.2}
    jobs.draft(job_for(1, known))
    drafted_only(jobs)
    jobs._run_refine()
    label_studio.add_tasks((2, 3))
    jobs.draft(job_for(2, known))
    jobs.draft(job_for(3, known), asked=True)
    run_jobs(jobs)
    assert drafting.tasks() == [1, 3, 2, 1]


def test_few_second_passes_are_under_way_at_a_time(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    """The worker has four slots and eight threads: two threads and a slot stay free."""
    everyone = range(1, 21)
    label_studio.add_tasks(everyone)
    drafting.doubtful = {i: i / 100 for i in everyone}
    jobs.sweep(1)
    drafted_only(jobs)
    jobs._run_refine()
    queued = [task.args[0]["task_id"] for task in jobs.drafts.pending()]
    assert queued == [1, 2, 3, 4, 5, 6]
    jobs._run_refine()
    assert jobs.drafts.pending_count() == 6


def test_a_spent_budget_or_a_task_that_is_done_draws_nothing_more(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, version: str
) -> None:
    label_studio.add_tasks(range(1, 8))
    drafting.doubtful = dict.fromkeys(range(1, 8), 0.2)
    jobs.sweep(1)
    drafted_only(jobs)
    label_studio.tasks[1]["total_annotations"] = 1
    label_studio.tasks[2]["cancelled_annotations"] = 1
    label_studio.tasks[3]["draft_exists"] = True  # words of an annotation are saved
    del label_studio.tasks[4]
    label_studio.tasks[5]["data"] = conversation("Corrected.")
    jobs._run_refine()
    jobs.ledger.annotated(6)  # the webhook told, while its job waited
    run_jobs(jobs)
    assert drafting.refined() == [7]
    assert waiting(jobs) == []


def test_tasks_that_are_done_hold_up_nobody(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    """More of them than second passes may be under way at a time."""
    everyone = range(1, 31)
    label_studio.add_tasks(everyone)
    drafting.doubtful = {i: i / 100 for i in everyone}
    jobs.sweep(1)
    drafted_only(jobs)
    for task_id in range(1, 29):
        label_studio.tasks[task_id]["total_annotations"] = 1
    jobs._run_refine()
    assert [task.args[0]["task_id"] for task in jobs.drafts.pending()] == [29, 30]
    assert waiting(jobs) == [29, 30]


def test_at_the_budget_further_samples_wait(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    settings = ProjectSettings(llm=LLMSettings(budget=1.0, prices={"m": Price(input=1, output=1)}))
    label_studio.add_project(2, backend_of(settings, title=model_version(settings)))
    label_studio.add_task(1, project=2)
    drafting.doubtful = {1: 0.2}
    jobs.sweep(2)
    drafted_only(jobs)
    jobs.figures.add("cost_micros", 2, 1_000_000)
    sweep(jobs, 2)
    assert (drafting.refined(), waiting(jobs)) == ([], [1])
    jobs.figures.add("cost_micros", 2, -1)
    sweep(jobs, 2)
    assert drafting.refined() == [1]


def test_another_version_or_a_project_that_is_gone_forgets_them(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    label_studio.add_tasks((1, 2))
    drafting.doubtful = {1: 0.2, 2: 0.3}
    jobs.sweep(1)
    drafted_only(jobs)
    assert waiting(jobs) == [1, 2]
    label_studio.failures["tasks_by_id"] = [LabelStudioError("not found", 404)]
    jobs._run_refine()
    assert waiting(jobs) == []
    label_studio.add_task(3)
    drafting.doubtful = {3: 0.3}
    jobs.sweep(1)
    drafted_only(jobs)
    jobs.projects.remember(1, ProjectSettings(guidelines="Be long."))
    run_jobs(jobs)
    jobs._run_refine()
    assert (drafting.refined(), waiting(jobs)) == ([], [])


# --- what becomes of the draft


def test_the_same_words_get_a_new_score_with_its_signals_and_nothing_else(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, version: str
) -> None:
    label_studio.add_task(1)
    drafting.doubtful = {1: 0.2}
    sweep(jobs)
    assert shown(label_studio, 1) == [("Answer to task 1.", version, REFINED)]
    assert [call[0] for call in label_studio.calls] == ["create_prediction", "update_prediction"]
    (prediction,) = label_studio.tasks[1]["predictions"]
    assert acceptance_of(prediction["result"]) == DraftAcceptance(REFINED, {})


def test_a_score_alone_brings_its_signals_to_the_draft_that_stays(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings, version: str
) -> None:
    label_studio.add_task(1)
    first = finished(job_for(1, project))
    label_studio.create_prediction({"task": 1, "project": 1, **first.prediction()})
    again = replace(first, result=[], score=0.5, score_only=True, signals={"agreement": 0.25})
    assert list(deliver_refined(label_studio, 1, {"key": again})) == ["key"]
    (prediction,) = label_studio.tasks[1]["predictions"]
    assert acceptance_of(prediction["result"]) == DraftAcceptance(0.5, {"agreement": 0.25})
    assert shown(label_studio, 1) == [("Answer to task 1.", version, 0.5)]


def test_a_task_that_comes_first_does_so_after_its_second_pass(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    label_studio.add_task(1)
    first = replace(finished(job_for(1, project)), comes_first=True)
    label_studio.create_prediction({"task": 1, "project": 1, **first.prediction()})
    again = replace(first, result=[], score=0.5, score_only=True, signals={"agreement": 0.25})
    assert list(deliver_refined(label_studio, 1, {"key": again})) == ["key"]
    (prediction,) = label_studio.tasks[1]["predictions"]
    assert prediction["score"] == 0.5 * FIRST
    # what it is worth is told as it is
    assert acceptance_of(prediction["result"]) == DraftAcceptance(0.5, {"agreement": 0.25})


def test_other_words_are_added_and_the_old_ones_stay_for_whoever_has_them_open(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, version: str
) -> None:
    label_studio.add_task(1)
    drafting.doubtful, drafting.chosen = {1: 0.2}, {1: "Better."}
    sweep(jobs)
    assert shown(label_studio, 1) == [
        ("Answer to task 1.", replaced_version(version), 0.2),
        ("Better.", version, REFINED),
    ]
    changes = [(name, fields) for name, _, *fields in label_studio.called("update_prediction")]
    assert changes == [("update_prediction", [{"model_version": replaced_version(version)}])]
    assert not label_studio.called("delete_prediction")
    for _ in range(2):  # it is drafted, and stays as it is
        sweep(jobs)
    assert len(drafting.history) == 2
    assert len(shown(label_studio, 1)) == 2


def test_a_replaced_draft_goes_once_every_login_has_run_out(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, version: str
) -> None:
    label_studio.add_tasks((1, 2, 3))
    for task_id in (1, 2, 3):
        label_studio.tasks[task_id]["predictions"] = [
            {"id": 10 * task_id, "model_version": replaced_version(version)},
            {"id": 10 * task_id + 1, "model_version": version},
        ]
    long_ago = label_studio.tasks[1]["updated_at"].replace(year=2020)
    label_studio.tasks[1]["updated_at"] = label_studio.tasks[2]["updated_at"] = long_ago
    label_studio.tasks[2]["total_annotations"] = 1  # the annotation may be of that draft
    sweep(jobs)
    assert label_studio.versions(1) == [version]
    assert [len(label_studio.versions(i)) for i in (2, 3)] == [2, 2]


def test_a_draft_that_is_part_of_the_task_keeps_its_words(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    settings = ProjectSettings(interface="reasoning_steps")
    label_studio.add_project(2, backend_of(settings, title=model_version(settings)))
    label_studio.add_task(1, conversation("Why?", steps=[]), project=2)
    drafting.doubtful = {1: 0.2}
    sweep(jobs, 2)
    assert drafting.refined() == [1]
    assert len(label_studio.called("update_task")) == 1
    [prediction] = label_studio.tasks[1]["predictions"]
    assert (prediction["score"], bool(prediction["result"])) == (REFINED, True)


def test_a_task_begun_while_its_samples_were_drawn_is_left_alone(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, version: str
) -> None:
    label_studio.add_tasks((1, 2))
    drafting.doubtful = {1: 0.2, 2: 0.3}
    drafting.chosen = {1: "Better.", 2: "Better."}
    jobs.sweep(1)
    drafted_only(jobs)
    jobs._run_refine()
    drafting.slow = {1, 2}
    with consumer(jobs, workers=2):
        wait_until(lambda: len(drafting.refined()) == 2)
        label_studio.tasks[1]["total_annotations"] = 1
        label_studio.tasks[2]["draft_exists"] = True
        drafting.gate.set()
        wait_until(lambda: waiting(jobs) == [])
    assert shown(label_studio, 1) == [("Answer to task 1.", version, 0.2)]
    assert shown(label_studio, 2) == [("Answer to task 2.", version, 0.3)]


# --- what goes wrong


def test_what_fails_keeps_the_draft_of_the_first_pass(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    version: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is no task without a draft, and no page says so."""
    label_studio.add_task(1)
    drafting.doubtful = {1: 0.2}
    jobs.sweep(1)
    drafted_only(jobs)
    drafting.failures[1] = [ReplyError("none of 8 replies fits")]
    sweep(jobs)
    assert shown(label_studio, 1) == [("Answer to task 1.", version, 0.2)]
    assert (waiting(jobs), jobs.ledger.failures(), jobs.figures.get("failed", 1)) == ([], [], 0)
    assert "task 1: keeps its draft of the first pass: none of 8 replies fits" in caplog.text


def test_a_model_that_is_away_is_asked_again_after_a_while(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    pass_time: PassTime,
) -> None:
    """Not at once, and not never."""
    label_studio.add_task(1)
    drafting.doubtful = {1: 0.2}
    jobs.sweep(1)
    drafted_only(jobs)
    drafting.failures[1] = [LLMUnavailable("the model did not answer in time")]
    sweep(jobs)
    sweep(jobs)
    assert (drafting.refined(), waiting(jobs)) == ([1], [1])
    pass_time(AGAIN_S)
    jobs.marks.be_alive(time.time(), 2)
    sweep(jobs)
    assert (drafting.refined(), waiting(jobs)) == ([1, 1], [])


@pytest.mark.parametrize("call", ["tasks_by_id", "create_prediction", "update_prediction"])
@pytest.mark.parametrize("lost", [False, True])
def test_label_studio_away_at_any_step_ends_with_one_draft_to_be_seen(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    version: str,
    call: str,
    lost: bool,
) -> None:
    """Its answer may be lost, too, after the work was done."""
    label_studio.add_task(1)
    drafting.doubtful, drafting.chosen = {1: 0.2}, {1: "Better."}
    jobs.sweep(1)
    drafted_only(jobs)
    jobs._run_refine()
    failing = label_studio.lost_answers if lost else label_studio.failures
    failing[call] = [DOWN, DOWN]
    for _ in range(4):
        sweep(jobs)
    assert ("Better.", version, REFINED) in shown(label_studio, 1)
    assert label_studio.versions(1).count(version) == 1
    assert shown(label_studio, 1)[0][:2] == ("Answer to task 1.", replaced_version(version))
    assert waiting(jobs) == []
    assert drafting.refined() == [1]


def test_a_draft_that_label_studio_refuses_is_not_sent_for_ever(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, version: str
) -> None:
    label_studio.add_tasks((1, 2))
    drafting.doubtful = {1: 0.2, 2: 0.3}
    drafting.chosen = {1: "Better.", 2: "Better."}
    jobs.sweep(1)
    drafted_only(jobs)
    label_studio.failures["create_prediction"] = [LabelStudioError("does not fit", 400)]
    sweep(jobs)
    assert shown(label_studio, 1) == [("Answer to task 1.", version, 0.2)]
    assert len(shown(label_studio, 2)) == 2
    assert waiting(jobs) == []


# --- kills


def test_a_worker_killed_while_it_draws_loses_no_second_pass(
    workers: list[Jobs],
    web_jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    pass_time: PassTime,
) -> None:
    """It claims and takes the job, and is never heard of again."""
    dead, living = workers[:2]
    label_studio.add_task(1)
    drafting.doubtful = {1: 0.2}
    dead.sweep(1)
    drafted_only(dead)
    dead._run_refine()
    task = dead.drafts.dequeue()
    assert task.args[0]["again"]
    assert dead.ledger.claim_running(task.args[0]["key"], time.time())
    pass_time(AGAIN_S)
    living.marks.be_alive(time.time(), 2)
    living.recover()
    run_jobs(living)
    assert drafting.refined() == [1]
    assert waiting(living) == []


def test_two_workers_draw_further_samples_once(
    workers: list[Jobs],
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # both look at once, and one may read its list just before the other one's drafts arrive
    monkeypatch.setattr("ml_backend.store.ledger.SETTLE_S", 2.0)
    everyone = range(1, 13)

    def all_refined() -> bool:
        first.refine()  # as the clock does, for drafts that were looked at too early
        return len(drafting.history) >= 24 and not waiting(first)

    label_studio.add_tasks(everyone)
    label_studio.page_size = 20
    drafting.doubtful = dict.fromkeys(everyone, 0.2)
    drafting.chosen = dict.fromkeys(everyone, "Better.")
    first, second = workers[:2]
    with consumer(first, workers=3), consumer(second, workers=3):
        for jobs in (first, second):
            jobs.sweep_all()
        wait_until(all_refined, 30)
    assert sorted(drafting.refined()) == list(everyone)
    assert [len(shown(label_studio, i)) for i in everyone] == [2] * 12


def test_a_worker_that_stops_leaves_its_second_pass_to_be_found_again(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    label_studio.add_task(1)
    drafting.doubtful = {1: 0.2}
    jobs.sweep(1)
    drafted_only(jobs)
    jobs._run_refine()
    jobs._requeue("interrupted", jobs.drafts.dequeue())
    assert jobs.drafts.pending_count() == 0
    jobs.refine()
    run_jobs(jobs)
    assert (drafting.refined(), waiting(jobs)) == ([1], [])


def test_without_the_store_nothing_is_drawn_again(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, version: str
) -> None:
    """The queue was deleted: Label Studio does not tell how many samples a draft has."""
    label_studio.add_task(1, versions=[version])
    for _ in range(2):
        sweep(jobs)
    assert (drafting.history, waiting(jobs)) == ([], [])


def test_first_drafts_are_delivered_before_further_samples(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, known: ProjectSettings
) -> None:
    """Those go one by one, so that a hundred of them would take half a minute."""
    label_studio.add_task(1)
    drafting.doubtful = {1: 0.2}
    jobs.draft(job_for(1, known))
    drafted_only(jobs)
    again = replace(job_for(1, known), again=True)
    label_studio.add_task(2)
    for job in (again, job_for(2, known)):
        jobs.ledger.put(job.key, replace(finished(job, REFINED), again=job.again))
        jobs.outbox.add(job.key)
    label_studio.calls.clear()
    jobs._run_deliver()
    assert [name for name, *_ in label_studio.calls] == ["create_prediction", "update_prediction"]


def test_a_draft_that_label_studio_refused_is_not_looked_for_again(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    """By the thousand, where somebody has changed the page; each look would ask for all of them."""
    label_studio.add_tasks((1, 2))
    label_studio.drops = {2}
    drafting.doubtful = {1: 0.2, 2: 0.2}
    sweep(jobs)
    assert drafting.refined() == [1]
    assert waiting(jobs) == []


def test_a_draft_on_its_way_to_label_studio_is_waited_for(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, known: ProjectSettings
) -> None:
    """/predict hands it out, and Label Studio stores it a moment later."""
    label_studio.add_task(1)
    drafting.doubtful = {1: 0.2}
    job = job_for(1, known)
    jobs.ledger.want([job.key], 60)
    jobs.draft(job, asked=True)
    run_jobs(jobs, ahead_s=0.0)
    jobs._run_refine()
    assert (jobs.drafts.pending_count(), waiting(jobs)) == (0, [1])
    taken = jobs.ledger.take(job.key)
    assert taken is not None and taken == replace(finished(job, 0.2), doubtful=True)
    label_studio.create_prediction({"task": 1, **taken.prediction()})
    time.sleep(0.01)
    jobs.refine()
    run_jobs(jobs)
    assert drafting.refined() == [1]


def test_status_tells_both_passes(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    label_studio.add_tasks((1, 2))
    drafting.doubtful = {1: 0.2, 2: 0.3}
    jobs.sweep(1)
    drafted_only(jobs)
    assert jobs.doubtful.counts([1, 2]) == {1: 2, 2: 0}
    run_jobs(jobs)
    jobs.refine()
    run_jobs(jobs)
    assert jobs.doubtful.counts([1]) == {1: 0}


def drafted_only(jobs: Jobs) -> None:
    """Run all jobs with the second pass held back."""
    held, jobs.refine = jobs.refine, lambda: None  # type: ignore[method-assign]
    try:
        run_jobs(jobs)
    finally:
        jobs.refine = held  # type: ignore[method-assign]
