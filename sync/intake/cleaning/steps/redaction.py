"""Personal data in a task's texts and in its id: placeholders stand for it."""

import hashlib
import hmac
import logging
from dataclasses import dataclass, field, replace
from pathlib import Path

from sync.common.source_task import SourceTask
from sync.intake.cleaning.chain import Situation
from sync.intake.cleaning.task_batches import SECRETS, TaskBatch
from sync.intake.redaction.key_file import KeyFile
from sync.intake.redaction.placeholders import Secrets, occurrences, redact, written
from sync.intake.redaction.spans import Analysis, analysis
from sync.settings.cleaning import CleaningSection
from sync.settings.redaction import RedactionSection

# places in a text, which results hold, would no longer fit it
_UNSEEN = "brings annotations or predictions, which can't be redacted; leave them out"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Redaction:
    """Replaces personal data in batches of tasks; presidio is built once a process, when asked.

    Attributes:
        secret: of the key file; ids that hold personal data become unreadable under it. Without
            one such a task is known by its redacted content.
    """

    settings: RedactionSection
    secret: bytes | None = field(default=None, repr=False)

    def __call__(self, batch: TaskBatch) -> TaskBatch:
        """The same tasks with data and id redacted, and a column `SECRETS`."""
        found = analysis(self.settings)
        redacted = [self._redacted(found, task) for task in batch.tasks]
        tasks = replace(batch, tasks=[task for task, _ in redacted])
        looked = tasks.with_column(SECRETS, [secrets or None for _, secrets in redacted])
        return looked.dropping([_UNSEEN if task.beside else None for task in batch.tasks])

    def _redacted(self, found: Analysis, task: SourceTask) -> tuple[SourceTask, Secrets]:
        data, secrets = redact(task.data, found.spans)
        if secrets:
            task = replace(task, data=data)
        if task.id is not None and self._is_personal(task.id, found, secrets):
            task = replace(task, id=pseudonym(task.id, self.secret) if self.secret else None)
        return task, secrets

    @staticmethod
    def _is_personal(own_id: str, found: Analysis, secrets: Secrets) -> bool:
        values = {written(value): "" for value in secrets.values()}
        return bool(found.spans(own_id)) or any(True for _ in occurrences(own_id, values))


def pseudonym(own_id: str, secret: bytes) -> str:
    """An id in place of one that holds personal data: the same one in every run.

    Args:
        secret: of the key file; without it nobody can try out ids until one fits.
    """
    return hmac.new(secret, own_id.encode(), hashlib.sha256).hexdigest()[:32]


def step(settings: CleaningSection, situation: Situation) -> Redaction | None:
    """The step as set, or None when it is off.

    Raises:
        ConfigError: an entity is unknown, or the spaCy model isn't installed.
        SyncError: the key file can't be read or made.
    """
    section = settings.redaction
    return redaction(section, situation.folder, dry_run=situation.dry_run) if section.on else None


def redaction(settings: RedactionSection, folder: Path, *, dry_run: bool = False) -> Redaction:
    """The step for these settings.

    Args:
        folder: of the configuration, where `key_file` starts.
        dry_run: make no key file; ids that hold personal data then differ from run to run.

    Raises:
        ConfigError: an entity is unknown, or the spaCy model isn't installed.
        SyncError: the key file can't be read or made.
    """
    analysis(settings)
    key_file = KeyFile.of(settings, folder)
    if settings.on and key_file is None:
        _log.warning(
            "cleaning.redaction.key_file is empty: what is redacted can never be turned back"
        )
    return Redaction(settings, key_file.secret(make=not dry_run) if key_file else None)
