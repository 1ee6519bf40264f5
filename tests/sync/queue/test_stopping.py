"""What a lead is told of what is left."""

from dataclasses import replace

import numpy as np
import pytest

from sync.queue.stopping import DraftedWork, outlook

RNG = np.random.default_rng(5)


def work(finished: int, open_: int, audits: int, changed: float = 0.2) -> DraftedWork:
    audited = np.zeros(finished, dtype=bool)
    audited[np.linspace(0, finished - 1, audits).astype(int)] = audits > 0
    return DraftedWork(
        acceptance=np.full(finished, 1 - changed),
        changed=np.arange(finished) % round(1 / changed) == 0,
        audited=audited,
        open_acceptance=np.full(open_, 1 - changed),
    )


def test_a_lead_reads_what_is_left_and_what_comes_next() -> None:
    said, _ = outlook(work(400, 340, 400))
    first, second = said.sentences()
    assert first == (
        "About 68 (50 to 88) of the 340 open drafts would be changed by an expert "
        "(20%, 15% to 26%); if you stop now, they stay as the model wrote them"
    )
    assert second.startswith("The next 100 tasks would find about 20 (")
    assert second.endswith("of them, in random order about 20")
    assert said.audits_needed == 0


def test_too_few_audits_say_how_many_more_are_needed() -> None:
    said, _ = outlook(work(100, 340, 4))
    assert said.left is None
    assert next(said.sentences()) == (
        "How many of the 340 open drafts an expert would change can't be said yet: 4 audits are "
        "finished, and 6 more are needed"
    )
    assert said.next_changed is not None


def test_a_wide_interval_says_what_would_narrow_it() -> None:
    said, _ = outlook(work(300, 1_000, 15))
    assert said.left is not None
    *_, last = said.sentences()
    assert last == (
        f"{said.audits_needed} more finished audits would tell the share of the open ones to "
        "within 10 points"
    )
    narrowed, _ = outlook(work(300, 1_000, 15 + said.audits_needed))
    assert narrowed.left is not None
    assert (narrowed.left.high - narrowed.left.low) / 1_000 < 0.22


def test_an_empty_project_and_a_finished_one() -> None:
    nothing, curve = outlook(work(0, 0, 0))
    assert [*nothing.sentences()] == ["No draft is open: there is nothing left to find"]
    assert (curve.found.tolist(), curve.expected.tolist(), curve.all_changed) == ([0], [0], 0)
    done, _ = outlook(work(50, 0, 50))
    assert done.left is not None
    assert (done.left.high, done.next_changed, done.next_tasks) == (0, None, 0)


def test_one_open_task_of_a_new_project() -> None:
    said, curve = outlook(work(0, 1, 0))
    assert [*said.sentences()] == [
        "How many of the 1 open draft an expert would change can't be said yet: 0 audits are "
        "finished, and 10 more are needed"
    ]
    assert curve.expected == pytest.approx([0, 0.2])


def test_drafts_of_which_nothing_is_known_count_like_the_others() -> None:
    plain = work(100, 100, 50)
    unknown = np.where(np.arange(100) < 10, np.nan, plain.acceptance)
    said, _ = outlook(DraftedWork(unknown, plain.changed, plain.audited, np.full(100, np.nan)))
    assert said == outlook(plain)[0]
    nothing = np.full(3, np.nan)
    bare = DraftedWork(nothing, np.zeros(3, bool), np.zeros(3, bool), nothing)
    assert 0 < outlook(bare)[1].expected[-1] < 1.5


def test_the_next_tasks_hold_no_more_than_there_is() -> None:
    """Audits found little, the last tasks much."""
    audited = np.arange(300) % 5 == 0
    changed = ~audited
    said, _ = outlook(DraftedWork(np.full(300, 0.3), changed, audited, np.full(400, 0.3)))
    assert said.left is not None
    assert said.next_changed is not None
    assert said.next_changed.high <= said.left.high
    assert said.next_changed.value <= said.left.value


def test_the_curve_begins_where_the_work_stands() -> None:
    said, curve = outlook(work(200, 300, 200))
    assert said.found == curve.found[-1] == curve.expected[0] == 40
    assert len(curve.found) == 201
    assert curve.expected[-1] == pytest.approx(100, abs=15)
    assert said.left is not None
    assert curve.all_changed == 40 + said.left.value


def test_work_before_the_first_audit_says_nothing_of_which_tasks_are_open() -> None:
    """It was done while no task could be an audit, here all of the better half."""
    before, since = np.full(200, 0.95), RNG.random(100)
    audited = np.concatenate([np.zeros(200, bool), np.arange(100) % 2 == 0])
    acceptance = np.concatenate([before, since])
    changed = np.concatenate([np.zeros(200, bool), RNG.random(100) > since])
    said, _ = outlook(DraftedWork(acceptance, changed, audited, RNG.random(300)))
    assert said.audits == 50
    assert said.effective_audits > 30


def test_tasks_that_came_later_are_told_of() -> None:
    """Once there are more of them than annotators may have in hand."""
    for overdue, told in ((4, False), (30, True)):
        said, _ = outlook(replace(work(400, 340, 60), overdue_audits=overdue))
        (*_, last) = said.sentences()
        assert last.startswith(f"{overdue} audits of tasks that were pushed later") == told


def test_machines_get_all_of_it() -> None:
    told = outlook(work(400, 340, 400))[0].to_json()
    assert told["left"]["low"] == 50
    assert told["left_share"]["value"] == pytest.approx(0.2, abs=0.01)
    assert outlook(work(3, 5, 0))[0].to_json()["left"] is None
