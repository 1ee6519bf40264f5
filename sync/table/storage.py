"""Files beside a table, reached as the table library reaches the table."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deltalake.fs import DeltaStorageHandler


def storage(uri: str, options: Mapping[str, str]) -> "DeltaStorageHandler":
    """The files of a folder of this machine, or of one in an object store.

    Call its methods directly: wrapped in a `PyFileSystem` they would run in threads of Arrow's,
    which may outlive the interpreter.

    Raises:
        OSError: the store can't be used.
    """
    from deltalake.fs import DeltaStorageHandler

    return DeltaStorageHandler(uri, dict(options))
