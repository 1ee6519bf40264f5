"""`labeltune review` against a Label Studio in memory: what stands in the queues afterwards."""

import copy
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from label_configs.review import Review
from label_configs.review_place import AMENDED_FROM, place_of
from sync.commands.review import for_report, sentences
from sync.common.errors import SyncError
from sync.records.pulled_work import open_pulled_work
from sync.records.record import LabelledRecord
from sync.settings import Config, LabelStudioSection
from sync.settings.review import TierSection
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.pull import pull
from tests.sync.builders import REVIEW, result
from tests.sync.queue.review.studio import TITLE, Killed, ReviewStudio, reviewing, run

TWO_TIERS = (TierSection(name="peer"), TierSection(name="attorney"))
ALL = {"random": 1.0}


def answered(number: int = 3) -> ReviewStudio:
    """Finished tasks of annotators 1, 2, 3, …"""
    studio = ReviewStudio()
    for each in range(number):
        studio.answer(f"Answer {each}.", by=1 + each, name=f"t{each}")
    return studio


def note_findings(config: Config, studio: ReviewStudio, *task_ids: int) -> None:
    """A check that found something about these tasks."""
    folder = data_folder(config)
    lines = [
        {
            "kind": "contradiction",
            "severity": "warning",
            "annotation_id": studio.project().tasks[task_id]["annotations"][0]["id"],
            "message": "It costs 5 elsewhere.",
            "score": 0.21,
        }
        for task_id in task_ids
    ]
    folder.write("findings.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    last_runs.note(folder, "check", {"table_version": 0})


def test_a_finding_goes_to_the_queue_with_what_a_reviewer_needs(tmp_path: Path) -> None:
    studio = answered()
    config = reviewing(tmp_path)
    note_findings(config, studio, 7002 + 1)
    report = run(config, studio)
    assert (report.finished, report.reasons) == (3, {"finding": 1})
    (task,) = studio.queue().values()
    data = task["data"]
    assert data["reviewed_id"] == "t1"
    assert data["answers"][0]["text"] == "Answer 1."
    assert data["answers"][0]["annotator"] == "2"
    assert data["findings"] == [
        {"check": "contradiction", "message": "It costs 5 elsewhere.", "score": 0.2}
    ]
    assert (data["sent_because"], data["blind"]) == ("a check found something", True)
    place = place_of(data)
    assert (place.tier, place.name, place.authors) == (0, "peer", {2})
    # the page has all that it shows
    assert "Answer 1." in data["answers_html"]


def test_what_has_changed_since_the_check_is_what_somebody_answered(tmp_path: Path) -> None:
    """Drafts that arrive make another version of the table, and no finding another one."""
    studio, config = answered(1), reviewing(tmp_path)
    studio.project()._now = datetime.now(UTC) - timedelta(minutes=1)
    note_findings(config, studio, 7001)
    studio.project().predict(7001)
    old = "changed since the last check"
    assert not any(old in note for note in run(config, studio).notes)
    studio.project()._now = datetime.now(UTC) + timedelta(minutes=1)
    studio.answer("Another answer.", name="late")
    assert any(old in note for note in run(config, studio).notes)


def test_ten_runs_in_a_row_add_nothing(tmp_path: Path) -> None:
    studio = answered()
    config = reviewing(tmp_path, **ALL)
    first = run(config, studio)
    assert [(q.new, q.barred, q.waiting) for q in first.queues] == [(3, 3, 3)]
    before, writes = json.dumps(studio.queue(), default=str), studio.writes
    for _ in range(10):
        again = run(config, studio)
        (queue,) = again.queues
        assert (queue.new, queue.changed, queue.removed, queue.barred) == (0, 0, 0, 0)
    assert json.dumps(studio.queue(), default=str) == before
    assert studio.writes == writes
    assert len(studio.projects_by_id) == 2


def test_a_dry_run_says_what_would_go_and_changes_nothing(tmp_path: Path) -> None:
    studio = answered()
    report = run(reviewing(tmp_path, **ALL), studio, dry_run=True)
    assert studio.writes == 0
    assert [(q.planned, q.new, q.waiting, q.url) for q in report.queues] == [(3, 3, 3, None)]
    told = "\n".join(sentences(report))
    assert told.startswith("Of 3 finished tasks 0 have passed review, 0 were rejected, 3 are to be")
    assert "3 at random" in told
    assert "'Support answers review: peer': would be 3 new; 3 waiting" in told
    assert "Nothing was checked yet" in told


def test_what_the_report_shows_of_it(tmp_path: Path) -> None:
    config = reviewing(tmp_path, **ALL)
    assert list(for_report(run(config, answered()))) == [
        "Of 3 finished tasks 0 have passed review, 0 were rejected, 3 are to be reviewed: "
        "3 at random.",
        "3 reviews wait in 'Support answers review: peer'.",
    ]
    nothing = run(reviewing(tmp_path / "quiet"), answered(1))
    assert list(for_report(nothing)) == [
        "Of 1 finished task 0 have passed review, 0 were rejected, 0 are to be reviewed."
    ]


def test_without_anything_to_review_no_queue_is_made(tmp_path: Path) -> None:
    studio = answered()
    run(reviewing(tmp_path), studio)
    assert (studio.writes, len(studio.projects_by_id)) == (0, 1)


def test_nobody_is_given_their_own_work(tmp_path: Path) -> None:
    studio = answered()
    run(reviewing(tmp_path, **ALL), studio)
    assert studio.stream(1) == {"t1", "t2"}
    assert studio.stream(2) == {"t0", "t2"}
    assert studio.stream(9) == {"t0", "t1", "t2"}


def test_who_decides_their_own_work_has_no_say_and_it_is_handed_out_again(tmp_path: Path) -> None:
    studio, config = answered(1), reviewing(tmp_path, **ALL)
    run(config, studio)
    studio.queue()["t0"]["annotations"].clear()
    studio.decide("t0", by=1, decision="approve", best=0)
    assert studio.stream(9) == set()
    report = run(config, studio)
    assert (report.passed, studio.stream(9)) == (0, {"t0"})
    studio.decide("t0", by=9, decision="approve", best=0)
    assert run(config, studio).passed == 1


def test_a_changed_answer_is_another_review(tmp_path: Path) -> None:
    studio, config = answered(2), reviewing(tmp_path, **ALL)
    run(config, studio)
    before = studio.queue()["t0"]["id"]
    studio.project().edit(7001, result("Another answer.", verdict="edit"))
    (queue,) = run(config, studio).queues
    assert (queue.new, queue.removed, queue.waiting) == (1, 1, 2)
    after = studio.queue()["t0"]
    assert after["id"] != before
    assert after["data"]["answers"][0]["text"] == "Another answer."


@pytest.mark.parametrize("decision", ["reject", "approve"])
def test_what_is_changed_after_a_review_comes_back_whatever_else_is_chosen(
    tmp_path: Path, decision: str
) -> None:
    """As where somebody corrects what was rejected, or rewrites what was passed."""
    studio, config = answered(1), reviewing(tmp_path, **ALL)
    run(config, studio)
    studio.decide("t0", decision=decision, best=0, reason="Too short.")
    quiet = reviewing(tmp_path)
    assert run(quiet, studio).reasons == {}
    studio.project().edit(7001, result("Another answer.", verdict="edit"))
    report = run(quiet, studio)
    assert (report.reasons, report.queues[0].new) == ({"changed": 1}, 1)


def test_a_verdict_that_is_changed_after_a_pull_counts_as_it_is_now(tmp_path: Path) -> None:
    studio, config = answered(1), reviewing(tmp_path, **ALL)
    run(config, studio)
    studio.decide("t0", decision="reject", reason="Wrong.")
    assert run(config, studio).rejected == 1
    assert accepted(config, "t0") is None
    queue = studio.project("Support answers review: peer")
    (task_id,) = queue.tasks
    queue.edit(task_id, REVIEW.encode(Review("approve", best=0)))
    report = run(config, studio)
    assert (report.rejected, report.passed) == (0, 1)
    assert accepted(config, "t0") == "Answer 0."
    assert [q.new for q in report.queues] == [0]


def test_a_project_that_is_renamed_keeps_its_queue_and_its_verdicts(tmp_path: Path) -> None:
    studio, config = answered(2), reviewing(tmp_path, **ALL)
    run(config, studio)
    studio.decide("t0", decision="reject", reason="Wrong.")
    studio.project().title = "Antworten 支援"
    section = config.label_studio.model_copy(update={"project": "Antworten 支援"})
    renamed = config.model_copy(update={"label_studio": section})
    report = run(renamed, studio)
    assert (report.rejected, len(studio.projects_by_id)) == (1, 2)
    assert [(queue.title, queue.new) for queue in report.queues] == [(f"{TITLE} review: peer", 0)]
    assert accepted(renamed, "t0") is None
    # another project in the same folder has a queue of its own
    studio._new("Others")
    other = studio.project("Others")
    other.annotate(other.add(labeltune_id="t0"), result("Answer 0.", verdict="edit"))
    section = config.label_studio.model_copy(update={"project": "Others"})
    report = run(config.model_copy(update={"label_studio": section}), studio)
    assert (report.rejected, report.finished) == (0, 1)
    assert [queue.title for queue in report.queues] == ["Others review: peer"]


def test_a_task_that_is_deleted_takes_its_review_along(tmp_path: Path) -> None:
    studio, config = answered(2), reviewing(tmp_path, **ALL)
    run(config, studio)
    del studio.project().tasks[7001]
    (queue,) = run(config, studio).queues
    assert (queue.removed, studio.queue().keys()) == (1, {"t1"})


def test_a_reviewer_whom_label_studio_has_forgotten_has_decided_all_the_same(
    tmp_path: Path,
) -> None:
    studio, config = answered(1), reviewing(tmp_path, **ALL, tiers=TWO_TIERS)
    run(config, studio)
    studio.decide("t0", decision="approve", best=0)
    for each in studio.queue()["t0"]["annotations"]:
        each["completed_by"] = None
    studio.project("Support answers review: peer").touch(studio.queue()["t0"]["id"])
    run(config, studio)
    assert studio.queue("attorney").keys() == {"t0"}
    assert place_of(studio.queue("attorney")["t0"]["data"]).authors == {1}


def test_before_anything_is_finished_there_is_nothing_to_do(tmp_path: Path) -> None:
    studio = ReviewStudio()
    studio._new(TITLE)
    studio.project().add(labeltune_id="open")
    report = run(reviewing(tmp_path, **ALL), studio)
    assert (report.finished, studio.writes) == (0, 0)
    assert next(sentences(report)) == "No finished task waits for a reviewer."


def test_a_correction_without_a_reason_counts_and_proposes_nothing(tmp_path: Path) -> None:
    studio, config = answered(3), reviewing(tmp_path, **ALL)
    run(config, studio)
    for name in ("t0", "t1", "t2"):
        studio.decide(name, decision="reject", reason=" \n ")
    report = run(config, studio)
    assert (report.rejected, report.proposals) == (3, ())


def test_names_and_answers_of_any_script_come_through(tmp_path: Path) -> None:
    studio, config = ReviewStudio(), reviewing(tmp_path, **ALL)
    studio.answer("カードは無料です。", by=1, name="質問/1 ‮é")
    run(config, studio)
    (name,) = studio.queue()
    studio.decide(name, decision="amend", amended="カードは五ポンドです。", reason="料金")
    run(config, studio)
    assert accepted(config, name) == "カードは五ポンドです。"


def test_other_settings_change_what_nobody_has_begun(tmp_path: Path) -> None:
    studio = answered(2)
    run(reviewing(tmp_path, **ALL), studio)
    studio.decide("t1", decision="approve", best=0)
    before = studio.queue()["t1"]["data"]
    (queue,) = run(reviewing(tmp_path, **ALL, blind=False), studio).queues
    assert (queue.new, queue.changed) == (0, 1)
    assert "blind" not in studio.queue()["t0"]["data"]
    assert studio.queue()["t1"]["data"] == before
    (again,) = run(reviewing(tmp_path, **ALL, blind=False), studio).queues
    assert again.changed == 0


def test_what_somebody_has_begun_stays_although_its_answer_has_changed(tmp_path: Path) -> None:
    studio, config = answered(1), reviewing(tmp_path, **ALL)
    run(config, studio)
    studio.decide("t0", decision=None, note="I can't tell.")
    studio.project().edit(7001, result("Another answer.", verdict="edit"))
    run(config, studio)
    texts = {
        task["data"]["answers"][0]["text"]
        for task in studio.project("Support answers review: peer").tasks.values()
    }
    assert texts == {"Answer 0.", "Another answer."}


def test_what_a_tier_has_passed_goes_to_the_next_as_it_was_amended(tmp_path: Path) -> None:
    studio, config = answered(3), reviewing(tmp_path, **ALL, tiers=TWO_TIERS)
    run(config, studio)
    studio.decide("t0", decision="amend", amended="A better answer.", reason="Too short.")
    studio.decide("t1", decision="approve", best=0)
    studio.decide("t2", decision="reject", reason="Wrong.")
    report = run(config, studio)
    assert (report.rejected, report.passed) == (1, 0)
    queue = studio.queue("attorney")
    assert queue.keys() == {"t0", "t1"}
    (answer,) = queue["t0"]["data"]["answers"]
    assert (answer["text"], answer[AMENDED_FROM], answer["annotator"]) == (
        "A better answer.",
        "Answer 0.",
        "1",
    )
    assert AMENDED_FROM not in queue["t1"]["data"]["answers"][0]
    # neither the annotator nor the reviewer before signs it
    assert studio.stream(9, "attorney") == set()
    assert studio.stream(1, "attorney") == {"t1"}
    assert studio.stream(5, "attorney") == {"t0", "t1"}
    studio.decide("t0", by=5, tier="attorney", decision="approve", best=0)
    assert run(config, studio).passed == 1
    assert accepted(config, "t0") == "A better answer."


def test_nobody_decides_in_two_of_three_tiers(tmp_path: Path) -> None:
    tiers = (*TWO_TIERS, TierSection(name="partner"))
    studio, config = answered(1), reviewing(tmp_path, **ALL, tiers=tiers)
    for tier, reviewer in (("peer", 9), ("attorney", 5)):
        run(config, studio)
        studio.decide("t0", by=reviewer, tier=tier, decision="approve", best=0)
    run(config, studio)
    assert place_of(studio.queue("partner")["t0"]["data"]).authors == {1, 5, 9}
    assert [studio.stream(who, "partner") for who in (1, 5, 9)] == [set(), set(), set()]
    assert studio.stream(6, "partner") == {"t0"}


def test_a_decision_without_effect_is_told(tmp_path: Path) -> None:
    studio, config = answered(1), reviewing(tmp_path, **ALL)
    run(config, studio)
    studio.queue()["t0"]["annotations"].clear()
    studio.decide("t0", by=1, decision="approve", best=0)
    report = run(config, studio)
    assert [queue.ignored for queue in report.queues] == [1]
    assert "1 without effect, of people who may not decide it;" in "\n".join(sentences(report))


def test_reviews_that_nobody_is_left_for_are_told(tmp_path: Path) -> None:
    studio, config = answered(2), reviewing(tmp_path, **ALL, tiers=TWO_TIERS)
    studio.people = {1: "ana@example.org", 2: "bo@example.org"}
    assert not any("nobody is left" in note for note in run(config, studio).notes)
    studio.decide("t0", by=2, decision="approve", best=0)
    notes = run(config, studio).notes
    assert sum("nobody is left" in note for note in notes) == 1
    assert any(note.startswith("1 review of the tier 'attorney'") for note in notes)


def accepted(config: Config, name: str) -> str | None:
    work = open_pulled_work(config)
    for outcome in work.outcomes():
        if isinstance(outcome, LabelledRecord) and outcome.key == name and not outcome.rejected:
            return work.interface.accepted_answer(outcome.record, outcome.data)
    return None


def test_verdicts_come_back_with_the_next_pull(tmp_path: Path) -> None:
    studio, config = answered(2), reviewing(tmp_path, **ALL)
    run(config, studio)
    studio.decide("t0", decision="amend", amended="A better answer.", reason="Too short.")
    studio.decide("t1", decision="reject", reason="Wrong.")
    run(config, studio)
    assert accepted(config, "t0") == "A better answer."
    assert accepted(config, "t1") is None


def test_several_answers_are_shown_together(tmp_path: Path) -> None:
    studio, config = answered(1), reviewing(tmp_path, **ALL)
    studio.project().annotate(7001, result("Another.", verdict="edit"), completed_by=2)
    run(config, studio)
    data = studio.queue()["t0"]["data"]
    assert [each["text"] for each in data["answers"]] == ["Answer 0.", "Another."]
    assert place_of(data).authors == {1, 2}


@pytest.mark.parametrize("after", [True, pytest.param(False, marks=pytest.mark.thorough)])
def test_killed_at_any_change_nothing_is_doubled_or_lost(tmp_path: Path, after: bool) -> None:
    """Every change in turn, half of them before they are made, the others after."""
    config = reviewing(tmp_path / "start", **ALL, tiers=TWO_TIERS)
    start = _halfway(config)
    studio, whole = copied(start, config, tmp_path / "whole")
    run(whole, studio)
    wanted = _contents(studio)
    moments = range(start.writes + 1, studio.writes + 1)
    assert len(moments) >= 12
    for moment in moments:
        if moment % 2 == after:
            continue
        killed, config = copied(start, config, tmp_path / f"{moment}")
        killed.dies_at = (moment, after)
        with pytest.raises(Killed):
            run(config, killed)
        killed.dies_at = None
        run(config, killed)
        assert _contents(killed) == wanted, moment
        assert len(killed.projects_by_id) == 3
    (peer, attorney) = run(config, killed).queues
    for queue in (peer, attorney):
        assert (queue.new, queue.changed, queue.removed, queue.barred) == (0, 0, 0, 0)


def copied(studio: ReviewStudio, config: Config, folder: Path) -> tuple[ReviewStudio, Config]:
    """The same state in another folder."""
    start = config.folder.parent / "start" / "labeltune-data"
    shutil.copytree(start, folder / "labeltune-data")
    return copy.deepcopy(studio), config.model_copy(update={"folder": folder})


def _halfway(config: Config) -> ReviewStudio:
    """A queue of which some is decided, and a task whose answer was changed since."""
    studio = answered(4)
    run(config, studio)
    studio.decide("t0", decision="amend", amended="A better answer.", reason="Too short.")
    studio.decide("t1", decision="approve", best=0)
    studio.project().edit(7005, result("Another answer.", verdict="edit"))
    studio.answer("Answer 4.", by=5, name="t4")
    return studio


def _contents(studio: ReviewStudio) -> dict[str, dict[str, tuple[str, set[int]]]]:
    """Of each queue what every review shows, and who will not be given it."""
    return {
        tier: {
            name: (
                task["data"]["answers"][0]["text"],
                {e["completed_by"] for e in task["annotations"] if e["was_cancelled"]},
            )
            for name, task in studio.queue(tier).items()
        }
        for tier in ("peer", "attorney")
    }


def test_a_project_of_reviews_is_not_reviewed(tmp_path: Path) -> None:
    config = Config(folder=tmp_path, label_studio=LabelStudioSection(interface="review"))
    with pytest.raises(SyncError, match="is a project of reviews itself"):
        run(config, ReviewStudio())


def test_what_no_reviewer_can_be_shown_is_said(tmp_path: Path) -> None:
    studio = answered(1)
    main = studio.project()
    task_id = main.add()
    main.annotate(task_id, result("By hand.", verdict="edit"))
    report = run(reviewing(tmp_path, **ALL), studio)
    assert studio.queue().keys() == {"t0"}
    said = "1 finished task can't be shown to a reviewer: no id from a source"
    assert said in report.notes


def test_pulling_the_project_alone_is_enough_for_a_check(tmp_path: Path) -> None:
    """A queue that was never pulled says nothing, and no error comes of it."""
    studio, config = answered(1), reviewing(tmp_path)
    client: object = studio
    pull(config, client)  # type: ignore[arg-type]
    assert accepted(config, "t0") == "Answer 0."
