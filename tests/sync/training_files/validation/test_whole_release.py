"""`labeltune validate` on a release with many files."""

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from sync.cli import cli
from tests.sync.training_files.validation.lines import right
from tests.sync.training_files.validation.validating import write

FORMATS = ("openai-chat", "gemini", "sharegpt", "alpaca")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A file of each format; the last line of the Gemini file is broken."""
    files = []
    for form in FORMATS:
        lines = [right(form, number) for number in range(110)]
        write(tmp_path / f"{form}.jsonl", [*lines, {"contents": 7}] if form == "gemini" else lines)
        files.append({"format": form, "split": None, "file": f"{form}.jsonl"})
    manifest = {"labeltune": "0.1.0", "files": files}
    (tmp_path / "manifest.json").write_bytes(orjson.dumps(manifest))
    return tmp_path


def shown(*arguments: str) -> tuple[list[str], str, int]:
    done = CliRunner().invoke(cli, ["validate", *arguments])
    return done.stdout.splitlines(), done.stderr, done.exit_code


def test_many_files_are_a_table_and_what_is_wrong_follows(release: Path) -> None:
    lines, _, status = shown(str(release))
    assert status == 3
    assert lines[0] == f"{release}:"
    table = {row.split()[0]: row.split()[1:] for row in lines[2:6]}
    assert {name: row[:5] for name, row in table.items()} == {
        f"{form}.jsonl": [form, "training", "111" if form == "gemini" else "110", errors, "0"]
        for form, errors in zip(FORMATS, "0100", strict=True)
    }
    assert len({len(row) for row in lines[2:6]}) == 1
    assert lines[lines.index("gemini.jsonl:") + 2].startswith("    line 111: ")
    assert lines[-1] == "1 error and 0 warnings in 4 files."


def test_of_a_whole_release_a_provider_s_files_are_checked(release: Path) -> None:
    lines, notes, status = shown(str(release), "--provider", "openai")
    assert status == 0
    assert lines[0].startswith(f"{release}/openai-chat.jsonl: openai-chat, training, 110 examples")
    assert "note: 3 files not checked: openai does not read such formats" in notes
    # a file that was named is checked whatever it is
    assert shown(str(release / "alpaca.jsonl"), "--provider", "openai")[2] == 3
