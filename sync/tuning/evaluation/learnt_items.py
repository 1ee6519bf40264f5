"""Whether a model learned any item that it is to be judged by: by its key, and by what is asked."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import blake2b

from sync.common.errors import SyncError
from sync.common.picture_names import pictures_in
from sync.common.task_texts import user_text
from sync.common.wording import counted
from sync.records import LabelledRecord
from sync.training_files.manifest.lineage import Traced, read_lineage
from sync.training_files.manifest.stored_release import StoredRelease
from sync.tuning.evaluation.held_out import HeldOutItem
from sync.tuning.models.model_entry import ModelEntry

# items that a refusal names
_NAMED = 3

OpenRelease = Callable[[str], AbstractContextManager[tuple[str, StoredRelease]]]
# the finished tasks of a version of the table, by key
ReadRecords = Callable[[int], Mapping[str, LabelledRecord]]


@dataclass(frozen=True)
class LearntItems:
    """What a model learned, or was held against while it learned.

    Attributes:
        texts: digests of what was asked, white space and case aside.
    """

    keys: frozenset[str]
    texts: frozenset[bytes]


def digest_of_question(record: LabelledRecord) -> bytes | None:
    """Of all that the user said; None where that is nothing, or is said about a picture."""
    said = " ".join(user_text(record.data).casefold().split())
    if not said or pictures_in(record.data.get("messages")):
        return None
    return blake2b(said.encode("utf-8", "replace"), digest_size=16).digest()


def learnt_items(
    entry: ModelEntry, open_release: OpenRelease, read_records: ReadRecords
) -> LearntItems:
    """What a model learned, by its release.

    Raises:
        SyncError: its release is gone or was changed, so that nobody can say what it learned.
    """
    try:
        with open_release(entry.release.name) as (where, release):
            keys = _learnt_keys(entry, release, where)
        records = read_records(entry.release.table_version)
    except SyncError as error:
        raise SyncError(
            f"the model {entry.name!r} learned {entry.release.name}, which can't be read "
            f"({error}), so that nobody can say whether it learned a test item; bring the release "
            "back, or tune again"
        ) from error
    digests = (digest_of_question(records[key]) for key in keys if key in records)
    return LearntItems(keys, frozenset(digest for digest in digests if digest is not None))


def _learnt_keys(entry: ModelEntry, release: StoredRelease, where: str) -> frozenset[str]:
    """The tasks that any line of the model's files came from."""
    if release.id != entry.release.release or release.damage():
        raise SyncError(f"{where} was changed since")
    files = {file.file for file in entry.release.files}
    traced = (e for e in read_lineage(release.folder) if isinstance(e, Traced))
    return frozenset(each.key for each in traced if files & each.lines.keys())


def refuse_learnt(name: str, learnt: LearntItems, items: Iterable[HeldOutItem]) -> None:
    """See that a model learned none of the items that it is to be judged by.

    Raises:
        SyncError: it did.
    """
    by_key = [item for item in items if item.key in learnt.keys]
    by_text = [item for item in items if digest_of_question(item.record) in learnt.texts]
    found = {item.key: item for item in (*by_key, *by_text)}
    if found:
        named = ", ".join(sorted(found)[:_NAMED])
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        raise SyncError(
            f"the model {name!r} learned {counted(len(found), 'item')} of the test split ({named}"
            f"{more}), so that its figures would mean nothing; name the release that it was tuned "
            "on with --release, or tune it on the one that is asked for"
        )
