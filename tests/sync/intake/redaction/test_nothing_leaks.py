"""Planted values through the whole of cleaning: they are in the key file and nowhere else."""

import json
import logging
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import label_configs
from connectors.embedding import load_encoder
from sync.common.source_task import SourceTask
from sync.common.terminal import progress
from sync.compute import engine_named
from sync.intake.cleaning.pipeline import clean
from sync.intake.redaction.key_file import KeyFile
from sync.intake.redaction.placeholders import restore
from sync.settings.cleaning import CleaningSection, TextLengthSection
from sync.settings.redaction import RedactionSection

PLANTED = [
    "planted@example.com",
    "+44 20 7946 0018",
    "4111 1111 1111 1111",
    "GB82WEST12345698765432",
    "078-05-1120",
    "192.0.2.77",
    "https://planted.example.com/me",
    "99668472",
]
ON = CleaningSection(redaction=RedactionSection(on=True), length=TextLengthSection(most=200))


def task(content: str, own_id: str | None = None, **data: Any) -> SourceTask:
    turn = {"role": "user", "content": content}
    return SourceTask(own_id, {"messages": [turn], **data}, f"file.jsonl, line {len(content)}")


TASKS = [
    task(f"Hello, my data: {', '.join(PLANTED[:-1])}; call me at {PLANTED[-1]}."),
    task(f"Call {PLANTED[-1]} or not", "planted@example.com", context={"mail": PLANTED[0]}),
    task(f"Call {PLANTED[-1]} or not", context={"mail": PLANTED[0]}),  # dropped: a duplicate
    task(f"{PLANTED[0]} {'long ' * 50}", PLANTED[1]),  # dropped: too long
    task("nothing here", "plain-id", facts={PLANTED[0]: 4111111111111111}),
]


@pytest.mark.parametrize("kept", [True, False], ids=["push", "dry run"])
def test_no_planted_value_leaves_cleaning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kept: bool
) -> None:
    key_file = KeyFile(tmp_path / "redaction-key.jsonl") if kept else None
    written: list[str] = []
    with (
        caplog.at_level(logging.DEBUG),
        engine_named("local") as engine,
        progress() as bars,
        clean(
            iter(TASKS),
            ON,
            interface=label_configs.load("chat_response"),
            load_encoder=partial(load_encoder, "all-MiniLM-L6-v2"),
            engine=engine,
            held=lambda: (),
            progress=bars,
            folder=tmp_path,
            key_file=key_file,
        ) as cleaned,
    ):
        tasks = list(cleaned.tasks())
        dropped = cleaned.dropped()
        written += [json.dumps([t.id, t.data, t.where], ensure_ascii=False) for t in tasks]
        written += [dropped, json.dumps(cleaned.report.to_json()), *cleaned.report.lines()]
    if key_file is not None:
        key_file.close()
    written += [p.read_text() for p in tmp_path.iterdir() if not p.name.endswith("key.jsonl")]
    everything = "\n".join([*written, caplog.text])
    assert [value for value in PLANTED if value in everything] == []
    assert "4111111111111111" not in everything
    assert [t.id for t in tasks][2:] == ["plain-id"]
    assert len(dropped.splitlines()) == 2
    if key_file is None:
        assert not (tmp_path / "redaction-key.jsonl").exists()
        return
    secrets = key_file.secrets()
    assert secrets.keys() == {t.id for t in tasks}
    restored = [restore(t.data, secrets[t.id]) for t in tasks]
    assert restored == [TASKS[i].data for i in (0, 1, 4)]
