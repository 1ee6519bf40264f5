"""What stands beside a prompt, as numbers that are equal where it is the same."""

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sync.common.picture_names import pictures_in
from sync.common.task_texts import turns
from sync.records import LabelledRecord


def shown_beside(records: Sequence[LabelledRecord]) -> NDArray[np.int64]:
    """(n,): a number for what is shown beside a prompt, pictures and what tools returned."""
    shown = []
    for record in records:
        messages = record.data.get("messages")
        returned = [said for role, said in turns(record.data) if role == "tool"]
        shown.append((*pictures_in(messages), *returned))
    return numbered(shown)


def numbered(keys: Iterable[Hashable]) -> NDArray[np.int64]:
    """(n,): a number for each key, the same for equal ones."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
