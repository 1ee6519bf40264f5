"""What became of the drafts, counted."""

from dataclasses import replace

from label_configs.provenance import Provenance
from sync.records import LabelledRecord
from sync.records.draft_use import DraftUse, draft_use
from tests.sync.builders import record


def made(task_id: int, provenance: Provenance) -> LabelledRecord:
    return replace(record(task_id), provenance=provenance)


def test_counts_and_medians() -> None:
    use = draft_use(
        [
            made(1, Provenance("v1", "accepted unchanged", 0.0, 10.0)),
            made(2, Provenance("v1", "edited", 0.2, 30.0)),
            made(3, Provenance("v1", "edited", 0.4, None)),
            made(4, Provenance("v1", "rewritten", 0.9, 50.0)),
            made(5, Provenance(None, "no draft", None, 100.0)),
        ]
    )
    assert use == DraftUse(
        outcomes={"accepted unchanged": 1, "edited": 2, "rewritten": 1, "no draft": 1},
        median_edit_distance=0.4,
        median_lead_time_s=40.0,
    )
    assert use.sentence() == (
        "Drafts: 1 accepted unchanged, 2 edited, 1 rewritten; "
        "40% of an edited draft changed (median); 40 s a task (median)."
    )


def test_nothing_to_say() -> None:
    assert draft_use([]).sentence() == ""
    assert draft_use([made(1, Provenance(None, "no draft", None, 9.0))]).sentence() == ""
    unchanged = made(1, Provenance("v1", "accepted unchanged", 0.0, None))
    assert draft_use([unchanged]).sentence() == "Drafts: 1 accepted unchanged."
