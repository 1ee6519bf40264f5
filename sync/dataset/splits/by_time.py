"""New groups by time: the oldest train, the newest test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sync.common.errors import SyncError
from sync.dataset.splits.split_items import SPLITS, TEST, TRAIN, VALIDATION, SplitItem
from sync.settings.split import SplitSection


@dataclass(frozen=True)
class Boundaries:
    """From when on a group is of validation, and of test; None: there is no such split.

    A group is as new as the newest of its items, so that nothing in train is as new as test.
    """

    validation_from: datetime | None
    test_from: datetime | None

    def split_at(self, at: datetime) -> str:
        """Where a group that is as new as this belongs."""
        if self.test_from is not None and at >= self.test_from:
            return TEST
        if self.validation_from is not None and at >= self.validation_from:
            return VALIDATION
        return TRAIN

    def as_json(self) -> dict[str, str | None]:
        """As the manifest has them."""
        return {
            "validation_from": self.validation_from.isoformat() if self.validation_from else None,
            "test_from": self.test_from.isoformat() if self.test_from else None,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, str | None]) -> "Boundaries":
        """As they were when the project was first split by time."""
        first, second = stored["validation_from"], stored["test_from"]
        return cls(
            datetime.fromisoformat(first) if first else None,
            datetime.fromisoformat(second) if second else None,
        )


def newest(items: Sequence[SplitItem], members: Sequence[int]) -> datetime:
    """When the newest item of a group was asked."""
    return max(at for member in members if (at := items[member].at) is not None).astimezone(UTC)


def boundaries(
    items: Sequence[SplitItem],
    groups: Sequence[Sequence[int]],
    settings: SplitSection,
    earlier: Boundaries | None,
) -> Boundaries:
    """The days of the settings, else those of the last split, else what the shares say.

    Args:
        groups: members of every group that is in some split, by their place.
        earlier: of the last split; once they are known they stay, so that what is new is compared
            with test items that are new as well.

    Raises:
        SyncError: all groups are as new as each other, so none can be older.
    """
    given = Boundaries(_start_of(settings.validation_from), _start_of(settings.test_from))
    found = earlier or _by_shares(items, groups, settings)
    result = Boundaries(
        (given.validation_from or found.validation_from) if settings.validation else None,
        (given.test_from or found.test_from) if settings.test else None,
    )
    times = [newest(items, members) for members in groups]
    if times and not any(result.split_at(at) == TRAIN for at in times):
        raise SyncError(
            f'split.by = "time": no group of tasks is older than {_earliest(result)}, so train '
            "would be empty; name the field with the time in "
            'split.time_field, set split.validation_from and split.test_from, or use by = "group"'
        )
    return result


def _by_shares(
    items: Sequence[SplitItem], groups: Sequence[Sequence[int]], settings: SplitSection
) -> Boundaries:
    aged = sorted((newest(items, members), len(members)) for members in groups)
    total = sum(size for _, size in aged)
    until = settings.train * total
    ends = {TRAIN: until, VALIDATION: until + settings.validation * total}
    starts: dict[str, datetime] = {}
    before = 0
    for at, size in aged:
        # where the middle of a group falls decides
        middle = before + size / 2
        split = next((name for name in SPLITS[:2] if middle <= ends[name] + 1e-6), TEST)
        starts.setdefault(split, at)
        before += size
    return Boundaries(starts.get(VALIDATION), starts.get(TEST))


def _start_of(day: object) -> datetime | None:
    from datetime import date

    return datetime.combine(day, time.min, UTC) if isinstance(day, date) else None


def _earliest(found: Boundaries) -> str:
    at = min(at for at in (found.validation_from, found.test_from) if at is not None)
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
