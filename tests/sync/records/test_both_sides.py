"""What sync exports of a task is what the backend may show of it: one function says which."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from drafting.finished_example import finished_of
from label_configs.annotations.choose_annotation import Choosing
from label_configs.annotations.reviews import Verdicts
from sync.records import LabelledRecord, read_records
from sync.records.review_verdicts import newest_verdicts
from sync.table.task_rows import Annotation, TaskRow
from tests.sync.builders import INTERFACE, REVIEW, annotation, result, reviewed, task_row

ANSWERS = ("It is free.", "It costs 5.", "Call us.")
VERDICTS = ("accept", "edit", "reject")

annotations = st.lists(
    st.tuples(
        st.sampled_from(ANSWERS),
        st.sampled_from(VERDICTS),
        st.integers(1, 4),  # by whom
        st.integers(0, 120),  # minutes after the start; a review is written after 60
        st.booleans(),  # ground truth
        st.sampled_from([False, False, True]),  # skipped
    ),
    max_size=5,
)
reviews = st.none() | st.fixed_dictionaries(
    {
        "decision": st.sampled_from(["approve", "amend", "reject", None]),
        "best": st.sampled_from([None, 0, 1]),
        "amended": st.sampled_from(["", "It depends."]),
    }
)


def listed(row: TaskRow) -> dict[str, Any]:
    """A pulled task as Label Studio lists it."""
    return {
        "id": row.task_id,
        "data": row.data_fields(),
        "meta": {},
        "annotations": [_listed(each) for each in row.annotations],
    }


def _listed(one: Annotation) -> dict[str, Any]:
    return {
        "id": one.id,
        "completed_by": {"id": one.completed_by},
        "was_cancelled": one.was_cancelled,
        "ground_truth": one.ground_truth,
        "updated_at": one.updated_at.isoformat(),
        "result": one.items(),
    }


ONE = [(ANSWERS[0], "accept", 1, 0, False, False)]
ORDER = ["reviewed", "consensus", "latest"]


@example(ONE, {"decision": "amend", "best": 0, "amended": "It depends."}, ORDER)
@example(ONE, {"decision": "reject", "best": None, "amended": ""}, ORDER)
@given(annotations, reviews, st.permutations(["reviewed", "consensus", "latest"]))
def test_both_sides_say_which_annotation_counts(given: Any, review: Any, order: Any) -> None:
    made = [
        annotation(
            number,
            result(text, verdict=verdict),
            minutes=minutes,
            completed_by=by,
            ground_truth=starred,
            was_cancelled=skipped,
        )
        for number, (text, verdict, by, minutes, starred, skipped) in enumerate(given, start=1)
    ]
    row = task_row(1, made, labeltune_id="one")
    rows = [] if review is None else [reviewed("one", *ANSWERS[:2], **review)]
    choosing = Choosing(order, Verdicts(newest_verdicts(rows, REVIEW)))
    records = read_records([row], INTERFACE, choosing=choosing).records
    shown = finished_of(INTERFACE, listed(row), choosing)
    assert (shown and shown.example.reply) == _exported(*records)


def _exported(record: LabelledRecord | None = None) -> str | None:
    if record is None or not record.accepted(INTERFACE):
        return None
    return INTERFACE.accepted_answer(record.record, record.data)
