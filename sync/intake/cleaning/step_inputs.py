"""What a step is built from beside its settings."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from connectors.embedding import Encoder

LoadEncoder = Callable[[], Encoder]


@dataclass(frozen=True)
class Situation:
    """Where and what for tasks are cleaned.

    Attributes:
        folder: where relative paths in the settings start.
        dry_run: nothing may be written beside the configuration.
        load_encoder: gives the embedding model where it is called; picklable.
    """

    folder: Path
    dry_run: bool
    load_encoder: LoadEncoder
