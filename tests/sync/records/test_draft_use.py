"""What became of the drafts: the expert's verdict, and beside it how much was changed."""

import json
from dataclasses import replace
from typing import Any

import pytest

from label_configs.draft_meta import with_acceptance
from label_configs.provenance import DraftChange, Provenance
from sync.records import LabelledRecord
from sync.records.draft_use import (
    DraftCounts,
    DraftUse,
    draft_use,
    judged_of,
    outcome_of,
    text_speaks_against,
)
from sync.records.record_reader import read_records
from tests.sync.builders import INTERFACE, annotation, drafted, record, result, task_row


def made(
    task_id: int,
    verdict: Any,
    change: DraftChange,
    distance: float | None,
    lead_time_s: float | None = None,
) -> LabelledRecord:
    version = None if change == "no draft" else "v1"
    provenance = Provenance(version, change, distance, lead_time_s)
    return replace(record(task_id), provenance=provenance, verdict=verdict)


# the situation that was reported: nothing was accepted, and most that was edited was half new
REPORTED = [
    *(made(n, "rewrite", "rewritten", 0.9) for n in range(19)),
    *(made(n, "edit", "rewritten", 0.8) for n in range(19, 35)),
    made(35, "edit", "edited", 0.2),
    made(36, "reject", "unchanged", 0.0),
]


def test_verdicts_are_counted_and_how_much_changed_is_said_of_each() -> None:
    use = draft_use(
        [
            made(1, "accept", "unchanged", 0.0, 10.0),
            made(2, "edit", "edited", 0.2, 30.0),
            made(3, "edit", "edited", 0.4, None),
            made(4, "rewrite", "rewritten", 0.9, 50.0),
            made(5, None, "no draft", None, 100.0),
        ]
    )
    assert use == DraftUse(
        outcomes={"accepted": 1, "edited": 2, "rewritten": 1, "rejected": 0, "no draft": 1},
        median_changed={"accepted": 0.0, "edited": 0.3, "rewritten": 0.9},
        median_lead_time_s=40.0,
    )
    assert use.sentence() == (
        "Drafts: 1 accepted, 2 edited (30% changed, median), 1 rewritten (90% changed, median), "
        "1 no draft; 40 s a task (median)."
    )


def test_a_rejected_draft_that_was_left_as_it_stood_is_rejected() -> None:
    use = draft_use(REPORTED)
    assert use.outcomes == {
        "accepted": 0,
        "edited": 17,
        "rewritten": 19,
        "rejected": 1,
        "no draft": 0,
    }
    assert use.text_speaks_against == {"edited, but more than half is new": 16}
    assert use.sentence() == (
        "Drafts: 17 edited (80% changed, median), 19 rewritten (90% changed, median), 1 rejected. "
        "Text and verdict differ in 16: 16 edited, but more than half is new."
    )


@pytest.mark.parametrize(
    ("verdict", "change", "outcome", "against"),
    [
        ("accept", "unchanged", "accepted", None),
        ("accept", "edited", "accepted", "accepted, but changed"),
        ("accept", "rewritten", "accepted", "accepted, but changed"),
        ("edit", "unchanged", "edited", "edited, but unchanged"),
        ("edit", "edited", "edited", None),
        ("edit", "rewritten", "edited", "edited, but more than half is new"),
        ("rewrite", "unchanged", "rewritten", "rewritten, but unchanged"),
        ("rewrite", "edited", "rewritten", "rewritten, but at least half stands"),
        ("rewrite", "rewritten", "rewritten", None),
        ("reject", "unchanged", "rejected", None),
        ("reject", "edited", "rejected", None),
        ("reject", "rewritten", "rejected", None),
        (None, "unchanged", "accepted", None),
        (None, "edited", "edited", None),
        (None, "rewritten", "rewritten", None),
        # nobody can have said anything of a draft that there was not
        ("accept", "no draft", "no draft", None),
        ("reject", "no draft", "no draft", None),
        (None, "no draft", "no draft", None),
    ],
)
def test_every_verdict_with_every_text(
    verdict: Any, change: DraftChange, outcome: str, against: str | None
) -> None:
    found = made(1, verdict, change, 0.5)
    assert (outcome_of(found), text_speaks_against(found)) == (outcome, against)
    use = draft_use([found])
    assert use.outcomes[outcome] == 1
    assert sum(use.outcomes.values()) == 1
    assert use.text_speaks_against == ({against: 1} if against else {})
    assert use.by_text == (verdict is None and change != "no draft")


def test_parts_add_up_to_the_whole() -> None:
    whole = [*REPORTED, made(50, None, "edited", 0.5, 3.0), made(51, None, "no draft", None, 9.0)]
    parts = DraftCounts(whole[:7]) + DraftCounts(whole[7:40]) + DraftCounts()
    assert (parts + DraftCounts(whole[40:])).use() == draft_use(whole)


def test_nothing_to_say() -> None:
    assert draft_use([]).sentence() == ""
    assert draft_use([made(1, None, "no draft", None, 9.0)]).sentence() == ""
    assert draft_use([made(1, "accept", "unchanged", 0.0)]).sentence() == "Drafts: 1 accepted."
    untold = draft_use([made(1, None, "unchanged", 0.0)]).sentence()
    assert untold == "Drafts: 1 accepted. Of 1 nobody gave a verdict, so their texts tell."


def scored(draft_id: int, agreement: float, response: str = "A draft.") -> Any:
    """A stored draft that tells what it was scored by."""
    items = with_acceptance(result(response), 0.5, {"agreement": agreement})
    return replace(drafted(draft_id), result=json.dumps(items))


def test_finished_drafts_teach_what_experts_accept() -> None:
    rows = [
        task_row(  # the draft that was opened tells, not the newer one
            1,
            [annotation(1, result("A draft."), minutes=30, parent_prediction=1)],
            [scored(1, 0.9), scored(2, 0.1)],
        ),
        task_row(
            2, [annotation(2, result("No!"), minutes=10, parent_prediction=3)], [scored(3, 0.2)]
        ),
        task_row(  # the draft is gone; the page had kept what it told
            3,
            [annotation(3, [{**json.loads(scored(4, 0.3).result)[0], "origin": "prediction"}])],
        ),
        task_row(4, [annotation(4, result("Own words."), minutes=5)], [scored(5, 0.4)]),  # no draft
        task_row(5, [annotation(6, result("A draft."), parent_prediction=6)], [drafted(6)]),
        task_row(7, [], [scored(7, 0.5)]),
    ]
    records = read_records(rows, INTERFACE).records
    learnt = [each for record in records if (each := judged_of(record, INTERFACE)) is not None]
    assert [(each.signals["agreement"], each.accepted) for each in learnt] == [
        (0.9, True),
        (0.2, False),
        (0.3, True),
    ]
    assert [each.edit_distance for each in learnt] == [0.0, 1.0, None]
    assert [each.text for each in learnt] == ["Question 1?", "Question 2?", "Question 3?"]
