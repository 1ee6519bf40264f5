"""What a task holds of its place in the queue: read by people, and by nothing that makes a draft.

`labeltune rank`, `review` and `evaluate --push` write these fields, into tasks that nobody has
finished (but for the last one), and never where nothing changed. A task does without them: no page
and no table fails on a missing one. They are no part of what a source says, so a push that brings a
task up to date leaves them alone.
"""

from collections.abc import Mapping
from typing import Any

# why the task comes now, in a sentence that the page shows as it is; without one it shows nothing.
# Annotators are told no number, never that a draft is good, and nothing of a random pick: they
# would judge by it, and the calibrator would learn what they were told
QUEUE_NOTE = "queue_note"
# probability in [0, 1] that an expert accepts the draft unchanged, for the table of tasks only
ACCEPTANCE = "acceptance"
# true: the task was picked at random, so what becomes of its draft tells how good all drafts are
QUEUE_AUDIT = "queue_audit"

# the model that fails at questions like this one, and what they are about: the task comes first
QUEUE_FIRST = "queue_first"
# below which the scores of such tasks lie, and no others'
FIRST = 0.05

# the e-mail of whom the task is meant for, and since when; Label Studio itself knows no assignment
ASSIGNED_TO = "assigned_to"
ASSIGNED_AT = "assigned_at"
# {"from": e-mail, "at": time}: it was taken from somebody who did nothing for long
PASSED_ON = "passed_on"

# of a finished task: what its annotation with a star said, see `annotations.star_note`
STARRED = "starred"

QUEUE_FIELDS = (
    QUEUE_NOTE,
    ACCEPTANCE,
    QUEUE_AUDIT,
    QUEUE_FIRST,
    ASSIGNED_TO,
    ASSIGNED_AT,
    PASSED_ON,
    STARRED,
)


def comes_first(data: Mapping[str, Any]) -> bool:
    """Whether a task is marked to come before others."""
    return bool(data.get(QUEUE_FIRST))


def without_queue(data: Mapping[str, Any]) -> dict[str, Any]:
    """Task data without these fields, as a source is read: it has no say in the queue."""
    return {name: value for name, value in data.items() if name not in QUEUE_FIELDS}


def kept_of_queue(data: Mapping[str, Any]) -> dict[str, Any]:
    """Those of these fields that a task's data holds."""
    return {name: data[name] for name in QUEUE_FIELDS if name in data}
