"""What the command line shows as one sentence instead of a traceback."""

from collections.abc import Sequence

from connectors.errors import ConnectorError
from label_configs.errors import LabelConfigError
from sync.common.wording import counted


class SyncError(Exception):
    """Something that the user can put right: where, what was expected, what came, what to do."""


class ConfigError(SyncError):
    """`labeltune.toml`, `.env` or the environment holds something that can't be used."""


class SourceError(SyncError):
    """A source file that `push` can't read; names the file and the line."""


class BrokenRowsError(SourceError):
    """Several rows of the sources that can't be pushed.

    Attributes:
        listed: a sentence each, of the first ones.
        count: how many there are.
        read: rows that were read in all.
        lines: all of them, as lines of JSON.
    """

    def __init__(self, listed: Sequence[str], count: int, read: int, lines: str = "") -> None:
        others = f"{counted(count - 1, 'other row')} can't be used either"
        super().__init__(f"{listed[0]} ({others})")
        self.listed = tuple(listed)
        self.count = count
        self.read = read
        self.lines = lines


class ExportError(SyncError):
    """Records that would make a file which its consumer refuses."""


class StackError(SyncError):
    """A part of `labeltune up` that can't be installed, fetched or started."""


USER_ERRORS = (SyncError, ConnectorError, LabelConfigError)
