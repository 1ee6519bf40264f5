"""What a model was paid to say, kept in the data folder: nothing is paid for twice.

A line is written as soon as a reply is there, so a run that is killed goes on where it was.
Deleting the file, such as `judge.jsonl`, forgets the replies, and what they cost.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sync.common.json_text import to_json
from sync.table.data_folder import DataFolder

REPLIES = "judge.jsonl"
MICROS = 1_000_000
# replies that an object store may have to hear again after a kill
_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class PaidReply:
    """A reply that was paid for.

    Attributes:
        text: as the model wrote it.
        cost_micros: in millionths of the prices' currency; 0 for a model without a price.
        day: on which it came (UTC), ISO.
        cut_off: it hit the limit of tokens.
    """

    key: str
    model: str
    text: str
    prompt_tokens: int
    completion_tokens: int
    cost_micros: int
    day: str
    cut_off: bool = False


class KeptReplies:
    """The replies of all runs; `put` is for one thread at a time."""

    def __init__(self, folder: DataFolder, file: str = REPLIES, verb: str = "check") -> None:
        """Read what earlier runs left; a line that was cut short by a kill is passed over.

        Args:
            file: below the folder.
            verb: that pays for what it holds.

        Raises:
            SyncError: the folder can't be read.
        """
        self._folder, self._file, self._verb = folder, file, verb
        self._path = folder.on_this_machine(file)
        self._by_key: dict[str, PaidReply] = {}
        self._unwritten = 0
        self._whole = True
        for line in (folder.read(file) or b"").splitlines():
            try:
                paid = PaidReply(**json.loads(line))
            except (ValueError, TypeError):
                self._whole = False
                continue
            self._by_key[paid.key] = paid

    def alone(self) -> AbstractContextManager[None]:
        """Held while replies are paid for: two runs at once would pay twice.

        Raises:
            FolderBusyError: inside `with`: another run of the verb is at it.
        """
        return self._folder.only_one(self._verb)

    def get(self, key: str) -> PaidReply | None:
        """A reply of before, or None."""
        return self._by_key.get(key)

    def put(self, paid: PaidReply) -> None:
        """Keep a reply.

        Raises:
            SyncError: the folder can't be written.
        """
        self._by_key[paid.key] = paid
        self._unwritten += 1
        if self._path is not None and self._whole and self._path.exists():
            with self._path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(to_json(asdict(paid)) + "\n")
            self._unwritten = 0
        elif self._path is not None or self._unwritten >= _AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what is not written yet."""
        if self._unwritten:
            lines = "".join(to_json(asdict(paid)) + "\n" for paid in self._by_key.values())
            self._folder.write(self._file, lines)
            self._unwritten, self._whole = 0, True

    def spent(self, day: str | None = None) -> float:
        """What all replies cost, or those of a day, in the prices' currency."""
        paid = (p.cost_micros for p in self._by_key.values() if day is None or p.day == day)
        return sum(paid) / MICROS

    def mean_completion(self, model: str) -> float | None:
        """Tokens of a reply, on average; None where a model was never asked."""
        tokens = [p.completion_tokens for p in self._by_key.values() if p.model == model]
        return sum(tokens) / len(tokens) if tokens else None


def today() -> str:
    """This day (UTC), ISO."""
    return datetime.now(UTC).date().isoformat()


def key_of(base_url: str, request: Mapping[str, Any]) -> str:
    """A digest of all that shapes a reply.

    Args:
        request: plain values.
    """
    shape = json.dumps([base_url, request], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(shape.encode("utf-8", "surrogatepass")).hexdigest()
