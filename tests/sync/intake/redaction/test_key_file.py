"""The key file: private, appended to by whole lines, and whole again after a kill."""

import json
import multiprocessing
import os
import resource
import signal
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.errors import SyncError
from sync.intake.redaction.key_file import KeyFile
from sync.settings.redaction import RedactionSection

ON = RedactionSection(on=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "key.jsonl"


def written(path: Path) -> dict[str, dict[str, object]]:
    return {k: dict(v) for k, v in KeyFile(path).secrets().items()}


def test_what_is_added_is_read_again(path: Path) -> None:
    with KeyFile(path) as key:
        key.add("1", {"<EMAIL_1>": "jö@example.com", "<CARD_1>": 4111111111111111})
        key.add("2", {"<PHONE_1>": "a\u2028b\n"})
    assert written(path) == {
        "1": {"<EMAIL_1>": "jö@example.com", "<CARD_1>": 4111111111111111},
        "2": {"<PHONE_1>": "a\u2028b\n"},
    }


def test_only_its_owner_can_read_it(path: Path) -> None:
    KeyFile(path).secret()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with KeyFile(path) as key:
        key.add("1", {"<EMAIL_1>": "a"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir() if not p.name.endswith(".lock")] == [path.name]


def test_the_secret_is_made_once(path: Path) -> None:
    secret = KeyFile(path).secret()
    assert len(secret) == 32
    assert KeyFile(path).secret() == secret
    assert KeyFile(path.with_name("other")).secret() != secret


def test_a_dry_run_makes_no_file(path: Path) -> None:
    assert len(KeyFile(path).secret(make=False)) == 32
    assert not path.exists()


def test_nothing_is_made_where_nothing_is_added(path: Path) -> None:
    with KeyFile(path):
        pass
    assert not path.exists()


def test_the_same_once_more_writes_nothing(path: Path) -> None:
    for _ in range(2):
        with KeyFile(path) as key:
            for secrets in ({"<EMAIL_1>": "a"}, {"<EMAIL_1>": "a"}):
                key.add("1", secrets)
    assert len(path.read_bytes().splitlines()) == 2


def test_a_changed_task_s_new_value_replaces_the_old_one(path: Path) -> None:
    for secrets in ({"<EMAIL_1>": "a", "<IP_1>": "b"}, {"<EMAIL_1>": "c"}, {"<EMAIL_1>": "c"}):
        with KeyFile(path) as key:
            key.add("1", secrets)
    assert written(path) == {"1": {"<EMAIL_1>": "c", "<IP_1>": "b"}}
    assert len(path.read_bytes().splitlines()) == 3


@given(st.integers(min_value=1, max_value=60))
def test_a_last_line_that_was_cut_off_heals(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("heal") / "key.jsonl"
    with KeyFile(path) as key:
        key.add("1", {"<EMAIL_1>": "a"})
        key.add("2", {"<EMAIL_1>": "a value that is long enough to be cut off anywhere in it"})
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    assert written(path).keys() - {"2"} == {"1"}
    with KeyFile(path) as key:
        key.add("2", json.loads(whole.splitlines()[2])["secrets"])
        key.add("3", {"<EMAIL_1>": "c"})
    assert written(path).keys() == {"1", "2", "3"}
    assert path.read_bytes().startswith(whole)


def test_a_killed_process_loses_nothing_that_it_added(path: Path) -> None:
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_add_and_die, args=(path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert written(path).keys() == {str(i) for i in range(20)}
    with KeyFile(path) as key:
        key.add("20", {"<EMAIL_1>": "a"})
    assert len(written(path)) == 21


def test_a_full_disk_is_said_and_the_next_push_can_write(path: Path) -> None:
    KeyFile(path).secret()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20, limits[1]))
    try:
        with (
            pytest.raises(SyncError, match=r"the key file can't be written \(File too large\)"),
            KeyFile(path) as key,
        ):
            key.add("1", {"<EMAIL_1>": "a value that does not fit any more"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    with KeyFile(path) as key:
        key.add("2", {"<EMAIL_1>": "b"})
    assert written(path) == {"2": {"<EMAIL_1>": "b"}}


def _add_and_die(path: Path) -> None:
    key = KeyFile(path)
    for i in range(20):
        key.add(str(i), {"<EMAIL_1>": f"{i}@example.com"})
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("line", [b"{]\n", b"[]\n", b'{"id": 1}\n', b"\xff\n"])
def test_a_damaged_line_is_named_and_never_shown(path: Path, line: bytes) -> None:
    KeyFile(path).secret()
    with path.open("ab") as file:
        file.write(b'{"id":"1","secrets":{"<EMAIL_1>":"joe"}}\n' + line)
    with pytest.raises(SyncError, match=r"key\.jsonl, line 3: not a line of a key file") as caught:
        KeyFile(path).add("2", {"<EMAIL_1>": "ann"})
    assert "joe" not in str(caught.value)


@pytest.mark.parametrize("text", ["", '{"id":"1","secrets":{}}\n', '{"secret":"xyz"}\n'])
def test_another_file_is_not_taken_for_one(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(SyncError, match="not a key file"):
        KeyFile(path).secret()
    assert path.read_text() == text


def test_a_place_that_can_t_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SyncError, match=r"the key file can't be read \(Not a directory\)"):
        KeyFile(tmp_path / "file" / "key.jsonl").secret()
    with pytest.raises(SyncError, match="the key file can't be made"):
        KeyFile(tmp_path / "file" / "deeper" / "key.jsonl").secret()


def test_where_it_is(tmp_path: Path) -> None:
    key = KeyFile.of(ON, tmp_path)
    assert key is not None
    assert key.path == tmp_path / "redaction-key.jsonl"
    assert KeyFile.of(RedactionSection(on=True, key_file=""), tmp_path) is None
    assert KeyFile.of(RedactionSection(), tmp_path) is None
