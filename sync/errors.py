"""What the command line shows as one sentence instead of a traceback."""

from connectors.errors import ConnectorError
from label_configs.errors import LabelConfigError


class SyncError(Exception):
    """Something that the user can put right: where, what was expected, what came, what to do."""


class ConfigError(SyncError):
    """`labeltune.toml`, `.env` or the environment holds something that can't be used."""


class SourceError(SyncError):
    """A source file that `push` can't read; names the file and the line."""


class ExportError(SyncError):
    """Records that would make a file which its consumer refuses."""


class StackError(SyncError):
    """A part of `labeltune up` that can't be installed, fetched or started."""


USER_ERRORS = (SyncError, ConnectorError, LabelConfigError)
