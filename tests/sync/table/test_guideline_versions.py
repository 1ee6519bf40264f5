"""The guidelines of each time."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.guideline_versions import GUIDELINES, changed_at, in_force, note_guidelines
from tests.sync.builders import START, config_in


def test_versions_are_noted_once_each_and_tell_what_was_in_force(tmp_path: Path) -> None:
    folder = data_folder(config_in(tmp_path))
    (first,) = note_guidelines(folder, "Be brief.")
    assert note_guidelines(folder, "Be brief.") == (first,)
    before, now = note_guidelines(folder, "Name the fee.")
    assert (before.text, now.text) == ("Be brief.", "Name the fee.")
    # what was done before LabelTune knew any guidelines was done under the first ones
    assert in_force((before, now), START - timedelta(days=900)) == before
    assert in_force((before, now), now.since) == now
    assert in_force((before, now), now.since - timedelta(seconds=1)) == before


def test_settled_forgets_older_ones(tmp_path: Path) -> None:
    folder = data_folder(config_in(tmp_path))
    note_guidelines(folder, "Be brief.")
    (only,) = note_guidelines(folder, "Name the fee.", settled=True)
    assert note_guidelines(folder, "Name the fee.") == (only,)
    assert changed_at(folder, "Name the fee.") == only.since


def test_an_older_labeltune_kept_no_text(tmp_path: Path) -> None:
    folder = data_folder(config_in(tmp_path))
    digest = sha256(b"Be brief.").hexdigest()
    last_runs.note(folder, GUIDELINES, {"digest": digest, "changed": False})
    assert changed_at(folder, "Be brief.") is None
    last_runs.note(folder, GUIDELINES, {"digest": digest, "changed": True})
    assert changed_at(folder, "Be brief.") is not None
    last_runs.note(folder, GUIDELINES, {"digest": digest, "changed": False})
    assert changed_at(folder, "Name the fee.") is not None
