"""What cleaning kept, for as long as it is on disk."""

from collections.abc import Collection, Iterator

from sync.common.source_task import SourceTask
from sync.intake.cleaning.contents import Contents
from sync.intake.cleaning.report import CleaningReport
from sync.intake.cleaning.step_counts import Tally
from sync.intake.cleaning.temporary_files import Spool


class Cleaned:
    """Tasks that were cleaned, on disk for as long as `clean` is open.

    Attributes:
        report: what was done.
        contents: what the kept tasks hold.
    """

    def __init__(
        self, spool: Spool, dropped: Collection[int], tally: Tally, contents: Contents
    ) -> None:
        """Args:
        dropped: places of tasks in the spool that were not kept in the end.
        """
        self._spool = spool
        self._dropped = dropped
        self._tally = tally
        self.contents = contents
        self.report: CleaningReport = tally.report()

    def tasks(self) -> Iterator[SourceTask]:
        """The kept tasks in the order of the sources, each with an id; as often as asked for."""
        for place, task in enumerate(self._spool.tasks()):
            if place not in self._dropped:
                yield task

    def dropped(self) -> str:
        """What was left out: JSON lines of `where`, `id`, `step` and `reason`.

        Raises:
            SyncError: the disk is full.
        """
        return self._tally.dropped()
