"""Personal data in a task's texts and in its id: placeholders stand for it; `sync.redaction`."""

from typing import TYPE_CHECKING

from sync.cleaning.situation import Situation
from sync.engine import BatchFunction

if TYPE_CHECKING:
    from sync.cleaning.settings import CleaningSection


def step(settings: "CleaningSection", situation: Situation) -> BatchFunction | None:
    """The step as set, or None when it is off.

    Raises:
        ConfigError: an entity is unknown, or the spaCy model isn't installed.
        SyncError: the key file can't be read or made.
    """
    if not settings.redaction.on:
        return None
    # presidio takes a second to import
    from sync.redaction.step import redaction

    return redaction(settings.redaction, situation.folder, dry_run=situation.dry_run)
