"""The held-out items of a release: what its test files ask, and what the expert answered.

Prompts are those of the release's own files, letter by letter what a tuned model learned to answer;
the rest of an item is its finished task, at the version of the table that the release was made of.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from label_configs import Interface
from label_configs.content import image_urls
from label_configs.raw_reply import split_reply
from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.records import LabelledRecord
from sync.training_files.manifest.lineage import Traced, read_lineage
from sync.training_files.manifest.stored_release import StoredRelease

TEST = "test"
# formats whose lines hold the turns before an answer as messages, the plainest first
READ_FORMATS = (
    "openai-chat",
    "trl-prompt-completion",
    "trl-preference",
    "openai-preference",
)
_KEPT_KEYS = ("role", "content", "name")


@dataclass(frozen=True)
class AskedTurns:
    """What a line of a release asks, and the answer that it teaches.

    Attributes:
        prompt: messages of text, without weights.
        answer: what the line teaches, without its reasoning.
    """

    prompt: tuple[Mapping[str, Any], ...]
    answer: str


@dataclass(frozen=True)
class HeldOutItem:
    """One item of the test split.

    Attributes:
        record: its finished task; `key` is what splits and releases know it by.
        asked: as the release has it.
        reference: the expert's answer.
        group: of the split; items of one group are not independent of each other.
    """

    record: LabelledRecord
    asked: AskedTurns
    reference: str
    group: str

    @property
    def key(self) -> str:
        """What splits and releases know it by."""
        return self.record.key


@dataclass(frozen=True)
class HeldOutItems:
    """The held-out items of a release, in the order of their keys.

    Attributes:
        left_out: how many can't be asked, by reason.
    """

    items: tuple[HeldOutItem, ...]
    left_out: Mapping[str, int]


def file_of_test_split(
    release: StoredRelease, where: str, form: str | None = None
) -> tuple[str, str]:
    """The format and the file of a release whose lines are asked.

    Args:
        where: the release, as people read it.
        form: a format that comes first, such as the one that a model learned.

    Raises:
        SyncError: the release has no test split, or none in a format that can be read.
    """
    files = [file for file in release.manifest["files"] if file.get("split") == TEST]
    found = {str(file["format"]): str(file["file"]) for file in files if file["lines"]}
    if not found:
        raise SyncError(
            f"{where}: no test split, so nothing is held out; run `labeltune split`, then "
            "`labeltune export`"
        )
    for name in (form, *READ_FORMATS):
        if name in found and name in READ_FORMATS:
            return name, found[name]
    raise SyncError(
        f"{where}: its test split is in {', '.join(sorted(found))}, and evaluate reads "
        f"{', '.join(READ_FORMATS)}; run `labeltune export --format {READ_FORMATS[0]}`"
    )


def held_out_lines(release: StoredRelease, file: str) -> dict[str, int]:
    """The last line of each task in a test file, by the task's key.

    The last: of a conversation that teaches several turns, the one that has them all before it.
    """
    entries = (entry for entry in read_lineage(release.folder) if isinstance(entry, Traced))
    return {e.key: max(e.lines[file]) for e in entries if e.split == TEST and e.lines.get(file)}


def read_lines(path: Path, numbers: Mapping[str, int]) -> dict[str, AskedTurns | str]:
    """What lines ask, by key; of one that can't be asked, why not.

    Raises:
        SyncError: the file can't be read.
    """
    wanted = {number: key for key, number in numbers.items()}
    found: dict[str, AskedTurns | str] = {}
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if number in wanted:
                    found[wanted[number]] = asked_turns(json.loads(line))
    except (OSError, ValueError) as error:
        raise SyncError(f"{path}: can't be read ({error}); export the release again") from error
    return found


def asked_turns(line: Json) -> AskedTurns | str:
    """A line of one of `READ_FORMATS`; why not, where it can't be asked as text."""
    if line.get("tools") or ("input" in line and line["input"].get("tools")):
        return "tools"
    before, answer = _parts(line)
    turns = [*before, *answer]
    if any(turn.get("tool_calls") or turn.get("role") == "tool" for turn in turns):
        return "tools"
    if any(image_urls(turn.get("content")) for turn in turns):
        return "pictures"
    said = answer[-1].get("content") if answer else None
    if not before or not isinstance(said, str) or not split_reply(said).answer.strip():
        return "no answer in words"
    prompt = tuple({k: turn[k] for k in _KEPT_KEYS if k in turn} for turn in before)
    return AskedTurns(prompt, split_reply(said).answer)


def _parts(line: Json) -> tuple[Sequence[Json], Sequence[Json]]:
    """The messages before the answer, and the answer's; none of a line of another form."""
    if "messages" in line:
        return line["messages"][:-1], line["messages"][-1:]
    if "input" in line:
        return line["input"]["messages"], line["preferred_output"]
    for name in ("completion", "chosen"):
        if isinstance(line.get("prompt"), list) and isinstance(line.get(name), list):
            return line["prompt"], line[name]
    return (), ()


def held_out(
    lines: Mapping[str, AskedTurns | str],
    records: Mapping[str, LabelledRecord],
    interface: Interface[Any],
    group_of: Callable[[str], str | None],
) -> HeldOutItems:
    """The items of lines, with their tasks.

    Args:
        records: by key, of the version of the table that the release was made of.
        group_of: the split's group of a key; None where it knows none.
    """
    left_out: Counter[str] = Counter()
    found: list[HeldOutItem] = []
    for key, asked in sorted(lines.items()):
        record = records.get(key)
        if isinstance(asked, str) or record is None:
            left_out[asked if isinstance(asked, str) else "no finished task any more"] += 1
            continue
        accepted = interface.accepted_answer(record.record, record.data) or asked.answer
        found.append(HeldOutItem(record, asked, accepted, group_of(key) or key))
    return HeldOutItems(tuple(found), dict(left_out))


def told_left_out(left_out: Mapping[str, int]) -> Iterator[str]:
    """What is not asked and why, a sentence each without its full stop."""
    for why, number in sorted(left_out.items()):
        yield f"{number} held-out {'item is' if number == 1 else 'items are'} left out: {why}"
