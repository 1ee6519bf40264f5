"""What examples say, looked at some hundred at a time, which takes less time than one by one."""

from collections.abc import Callable
from typing import Any

from sync.training_files.formats.example_texts import PlainLine, Said
from sync.training_files.formats.format import Fault
from sync.training_files.validation.checked_file import CheckedFile, CheckSettings
from sync.training_files.validation.containers import ExampleStream
from sync.training_files.validation.unwanted_texts import Leftovers

_MOST_BYTES = 1 << 18
_EACH = 512  # bytes that an example counts for, beside its own


class ExampleBatch:
    """Examples that wait to be counted, compared and searched for what should not be taught.

    What is wrong with them is told in the order of their numbers.
    """

    def __init__(
        self,
        passed: CheckedFile,
        asked: CheckSettings,
        examples: ExampleStream,
        tell: Callable[[int, Fault], None],
    ) -> None:
        """
        Args:
            passed: gets the numbers.
            examples: where they come from.
            tell: gets the number of an example, from 1, and what is wrong with it.
        """
        prints = passed.likenesses if passed.fingerprints is None else passed.fingerprints
        self._compare = prints.add_all
        self._count = passed.tokens.add_all
        self._personal = asked.personal
        self._doubled, self._none_doubled = examples.doubled, examples.none_doubled
        self._tell = tell
        self._leftovers = Leftovers()
        self._number = 1  # of the first that waits
        self._said: list[Said | None] = []
        self._malformed: set[int] = set()
        self._faults: dict[int, list[Fault]] = {}
        # of plain ones where they wait, as they stand in the file, and their keys and texts
        self._plain: list[tuple[int, Any, int]] = []
        self._left = _MOST_BYTES

    def put_plain(self, line: PlainLine, raw: Any) -> None:
        """The next example, which keeps all rules unless a key stands twice.

        Args:
            raw: as it stands in the file.
        """
        said, quoted = line
        self._plain.append((len(self._said), raw, quoted))
        self.put(said, len(raw))

    def put(self, said: Said | None, size: int) -> None:
        """The next example.

        Args:
            said: None where it can't be read.
            size: its bytes, about.
        """
        self._said.append(said)
        self._left -= size + _EACH
        if self._left < 0:
            self._look()

    def put_faulty(
        self, said: Said | None, size: int, faults: list[Fault], malformed: bool
    ) -> None:
        """The next example, something of which is known to be wrong.

        Args:
            malformed: it may say anything, and equals no other.
        """
        at = len(self._said)
        self._faults[at] = faults
        if malformed:
            self._malformed.add(at)
        self.put(said, size)

    def close(self) -> None:
        """Look at those that wait still, and tell what is only known at the end of the file."""
        if self._said:
            self._look()
        for number, left in self._leftovers.of_the_whole():
            self._tell(number, left)

    def _look(self) -> None:
        waiting, faults, first = self._said, self._faults, self._number
        self._look_for_doubled(faults)
        compared = waiting
        if self._malformed:
            compared = [None if at in self._malformed else s for at, s in enumerate(waiting)]
        self._compare(compared)
        places = [at for at, said in enumerate(waiting) if said is not None]
        looked_at = [said for said in waiting if said is not None]
        for place, left in self._leftovers.add_all(looked_at, [first + at for at in places]):
            faults.setdefault(places[place], []).append(left)
        for place, long in self._count(looked_at):
            faults.setdefault(places[place], []).append(long)
        if self._personal is not None:
            for at, said in zip(places, looked_at, strict=True):
                if (found := self._personal.fault(said)) is not None:
                    faults.setdefault(at, []).append(found)
        for at in sorted(faults):
            for fault in faults[at]:
                self._tell(first + at, fault)
        self._number += len(waiting)
        self._said, self._malformed, self._faults, self._plain = [], set(), {}, []
        self._left = _MOST_BYTES

    def _look_for_doubled(self, faults: dict[int, list[Fault]]) -> None:
        plain = self._plain
        if self._none_doubled([raw for _, raw, _ in plain], sum(quoted for *_, quoted in plain)):
            return
        for at, raw, quoted in plain:
            if (twice := self._doubled(raw, quoted)) is not None:
                faults[at] = [twice]
