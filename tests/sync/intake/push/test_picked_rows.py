"""Some rows of a source alone: the others are not read into a task, a fault or a key file."""

import json
from pathlib import Path

from rich.progress import Progress

from sync.intake.push import PickedRows
from sync.intake.push.cleaned_sources import read_and_clean
from sync.settings.cleaning import CleaningSection
from sync.settings.redaction import RedactionSection
from tests.sync.builders import INTERFACE, config_in

ROWS = (
    {"id": "a", "prompt": "My address is ann@example.org, where is my card?"},
    {"id": "b", "prompt": "My address is bob@example.org, what does a card cost?"},
    {"id": "c", "prompt": ""},
)


def test_only_picked_rows_are_pushed_and_kept(tmp_path: Path) -> None:
    source, keys = tmp_path / "pool.jsonl", tmp_path / "keys.jsonl"
    source.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS))
    redaction = RedactionSection(on=True, key_file=str(keys))
    config = config_in(tmp_path).model_copy(
        update={"cleaning": CleaningSection(redaction=redaction)}
    )
    picked = PickedRows({f"{source}, line 2"})
    with read_and_clean(
        config,
        [source],
        INTERFACE,
        lambda: (),
        Progress(disable=True),
        "local",
        keep_secrets=True,
        picked=picked,
    ) as tasks:
        assert [task.id for task in tasks] == ["b"]
        assert tasks.report.read == 1
    written = keys.read_text()
    assert "bob@example.org" in written
    assert "ann@example.org" not in written
