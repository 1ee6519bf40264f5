import re
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest
from dotenv import dotenv_values

from sync.common.errors import StackError
from sync.stack.credentials import StackCredentials, is_loopback, prepare, read_dotenv, users_key


def start(
    folder: Path,
    url: str = "http://127.0.0.1:8080",
    llm_url: str = "http://127.0.0.1:9091/v1",
    *,
    local_model: bool = True,
    environ: Mapping[str, str] | None = None,
) -> StackCredentials:
    backend_url = "http://127.0.0.1:9090"
    return prepare(
        folder, url, backend_url, llm_url, local_model=local_model, environ=environ or {}
    )


def test_first_start_makes_everything(tmp_path: Path) -> None:
    made = start(tmp_path)
    values = dotenv_values(tmp_path / ".env")
    assert re.fullmatch("[0-9a-f]{40}", made.api_key)
    assert values == {
        "LABEL_STUDIO_URL": "http://127.0.0.1:8080",
        "LABEL_STUDIO_API_KEY": made.api_key,
        "LABEL_STUDIO_USERNAME": made.username,
        "LABEL_STUDIO_PASSWORD": made.password,
        "LABELTUNE_LABEL_STUDIO_SECRET": made.secret_key,
        "LABELTUNE_BACKEND_URL": "http://127.0.0.1:9090",
        "OPENAI_BASE_URL": "http://127.0.0.1:9091/v1",
        "OPENAI_API_KEY": made.llm_key,
    }
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_later_start_keeps_keys_and_moves_urls(tmp_path: Path) -> None:
    first = start(tmp_path)
    assert start(tmp_path, url="http://127.0.0.1:8181") == first
    assert dotenv_values(tmp_path / ".env")["LABEL_STUDIO_URL"] == "http://127.0.0.1:8181"


def test_two_folders_share_nothing(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    one, two = start(tmp_path / "a"), start(tmp_path / "b")
    assert {one.password, one.api_key, one.secret_key, one.llm_key}.isdisjoint(
        {two.password, two.api_key, two.secret_key, two.llm_key}
    )


def test_repr_holds_no_secret(tmp_path: Path) -> None:
    made = start(tmp_path)
    assert not any(
        secret in repr(made)
        for secret in (made.password, made.api_key, made.secret_key, str(made.llm_key))
    )


def test_users_endpoint_key_is_never_written(tmp_path: Path) -> None:
    start(tmp_path)
    made = start(
        tmp_path,
        llm_url="https://llm.example/v1",
        local_model=False,
        environ={"OPENAI_API_KEY": "sk-of-the-user"},
    )
    assert made.llm_key == "sk-of-the-user"
    text = (tmp_path / ".env").read_text()
    assert "sk-of-the-user" not in text
    assert "OPENAI_API_KEY" not in text  # the local model's would be wrong there
    assert "OPENAI_BASE_URL=https://llm.example/v1\n" in text


def test_users_own_line_is_kept_and_used(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OPENAI_API_KEY=sk-mine\n")
    made = start(tmp_path, llm_url="https://llm.example/v1", local_model=False)
    assert made.llm_key == "sk-mine"
    assert start(tmp_path).llm_key == "sk-mine"  # the local model takes it too
    assert dotenv_values(tmp_path / ".env")["OPENAI_API_KEY"] == "sk-mine"


def test_endpoint_without_key() -> None:
    assert users_key({"OPENAI_API_KEY": "labeltune-abc"}, {}) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("LABEL_STUDIO_URL=https://labels.example.com\n", "LABEL_STUDIO_URL is https://labels"),
        ("LABEL_STUDIO_URL=http://127.0.0.1:8080\nLABEL_STUDIO_API_KEY=ey.a.b\n", "was not made"),
    ],
)
def test_another_label_studios_folder_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / ".env").write_text(text)
    with pytest.raises(StackError, match=fault):
        read_dotenv(tmp_path)
    with pytest.raises(StackError, match=fault):
        start(tmp_path)
    assert (tmp_path / ".env").read_text() == text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("http://127.0.0.1.example.com", False),
        ("http://0.0.0.0:8080", False),
        ("http://10.0.0.1", False),
        ("http://[oops", False),
        ("", False),
    ],
)
def test_is_loopback(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected
