"""One version of the table: what a commit adds, takes away and remembers."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.transaction import create_table_with_add_actions

from sync.table.merge import Merged
from sync.table.task_rows import SCHEMA

# by itself the table library forgets versions after 30 days; `labeltune versions --prune` does so
# when it is told to
_KEEP_VERSIONS = {"delta.enableExpiredLogCleanup": "false"}


def commit(
    delta: DeltaTable | None,
    uri: str,
    storage_options: Mapping[str, str],
    merged: Merged,
    properties: CommitProperties,
) -> None:
    """Make the next version, or the first one, at once or not at all.

    Args:
        delta: the version that `merged` starts from; None where there is no table yet.

    Raises:
        DeltaError: it can't be written, or another process was quicker.
    """
    if delta is None:
        create_table_with_add_actions(
            uri,
            Schema.from_arrow(SCHEMA),
            merged.added,
            storage_options=dict(storage_options),
            configuration=_KEEP_VERSIONS,
            commit_properties=properties,
        )
        return
    delta.create_write_transaction(
        [*merged.added, *merged.removed],
        mode="append",
        schema=delta.schema(),
        commit_properties=properties,
    )


def commit_properties(
    project_id: int, merged: Merged, seen_at: datetime | None
) -> CommitProperties:
    """What a commit remembers: for `labeltune versions`, and for the next pull."""
    counts = {
        "num_target_rows_inserted": merged.new,
        "num_target_rows_updated": merged.changed,
        "num_target_rows_deleted": merged.deleted,
    }
    seen = 0 if seen_at is None else int(seen_at.timestamp())
    return CommitProperties(
        custom_metadata={"project_id": str(project_id), "operationMetrics": counts},
        app_transactions=[Transaction(_pulls_of(project_id), seen)],
    )


def commit_time(entry: bytes) -> datetime:
    """When a version was made, in UTC, by its entry in the table's log.

    Raises:
        OSError: the entry does not say.
    """
    for line in entry.splitlines():
        said = json.loads(line).get("commitInfo", {}).get("timestamp")
        if isinstance(said, int):
            return datetime.fromtimestamp(said / 1000, UTC)
    raise OSError("its log does not say when it was written")


def last_seen(delta: DeltaTable, project_id: int) -> datetime | None:
    """When Label Studio was last asked for the changes that are in the table, by its clock."""
    seen = delta.transaction_version(_pulls_of(project_id))
    return datetime.fromtimestamp(seen, UTC) if seen else None


def _pulls_of(project_id: int) -> str:
    """The name of a project's pulls in the log, which lets only one of two win that race."""
    return f"labeltune-pull-{project_id}"
