"""Keys and passwords of one folder's stack: made at the first start, kept in `.env`."""

import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from sync.common.errors import StackError
from sync.stack.dotenv_file import update_dotenv

USERNAME = "admin@labeltune.local"
_LOCAL_KEY_PREFIX = "labeltune-"


@dataclass(frozen=True)
class StackCredentials:
    """What the parts of a stack need to know each other.

    Attributes:
        api_key: Label Studio's legacy token, 40 hexadecimal digits.
        secret_key: what Label Studio signs sessions with.
        llm_key: the key that the backend sends to the model, or None when there is none.
    """

    username: str
    password: str = field(repr=False)
    api_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    llm_key: str | None = field(repr=False)


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine only."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_dotenv(folder: Path) -> dict[str, str]:
    """The variables of a folder's `.env`; empty without one.

    Raises:
        StackError: it belongs to a Label Studio that `labeltune up` did not make.
    """
    path = folder / ".env"
    try:
        values = {k: v for k, v in dotenv_values(path).items() if v}
    except (OSError, UnicodeDecodeError) as error:
        raise StackError(f"{path}: can't be read ({error})") from error
    url = values.get("LABEL_STUDIO_URL", "http://127.0.0.1")
    if not is_loopback(url):
        raise StackError(
            f"{path}: LABEL_STUDIO_URL is {url}, but `labeltune up` runs a Label Studio on this "
            "machine; use another folder, or remove that line"
        )
    if "LABEL_STUDIO_API_KEY" in values and "LABELTUNE_LABEL_STUDIO_SECRET" not in values:
        raise StackError(
            f"{path}: LABEL_STUDIO_API_KEY was not made by `labeltune up` and belongs to another "
            "Label Studio; use another folder, or remove that line"
        )
    return values


def prepare(
    folder: Path,
    label_studio_url: str,
    backend_url: str,
    llm_url: str,
    *,
    local_model: bool,
    environ: Mapping[str, str],
) -> StackCredentials:
    """Make what is missing, keep what is there, and write `.env`.

    Args:
        llm_url: the model's endpoint, ours or the user's.
        local_model: whether that is our own server. If not, the user's `OPENAI_API_KEY` is taken
            from the environment and never written.

    Raises:
        StackError: `.env` belongs to another Label Studio, or can't be written.
    """
    there = read_dotenv(folder)
    credentials = StackCredentials(
        username=there.get("LABEL_STUDIO_USERNAME", USERNAME),
        password=there.get("LABEL_STUDIO_PASSWORD") or secrets.token_urlsafe(12),
        api_key=there.get("LABEL_STUDIO_API_KEY") or secrets.token_hex(20),
        secret_key=there.get("LABELTUNE_LABEL_STUDIO_SECRET") or secrets.token_urlsafe(48),
        llm_key=_local_key(there) if local_model else users_key(there, environ),
    )
    changes: dict[str, str | None] = {
        "LABEL_STUDIO_URL": label_studio_url,
        "LABEL_STUDIO_API_KEY": credentials.api_key,
        "LABEL_STUDIO_USERNAME": credentials.username,
        "LABEL_STUDIO_PASSWORD": credentials.password,
        "LABELTUNE_LABEL_STUDIO_SECRET": credentials.secret_key,
        "LABELTUNE_BACKEND_URL": backend_url,
        "OPENAI_BASE_URL": llm_url,
    }
    if local_model:
        changes["OPENAI_API_KEY"] = credentials.llm_key
    elif is_local_key(there.get("OPENAI_API_KEY")):
        changes["OPENAI_API_KEY"] = None  # the local model's: of no use to the user's endpoint
    update_dotenv(folder / ".env", changes)
    return credentials


def users_key(dotenv: Mapping[str, str], environ: Mapping[str, str]) -> str | None:
    """The key for the user's own endpoint: from the environment, or their own line in `.env`."""
    kept = dotenv.get("OPENAI_API_KEY")
    if is_local_key(kept):
        kept = None
    return environ.get("OPENAI_API_KEY") or kept


def is_local_key(key: str | None) -> bool:
    """Whether a key was made for the local model, and so is nobody's secret elsewhere."""
    return key is not None and key.startswith(_LOCAL_KEY_PREFIX)


def _local_key(dotenv: Mapping[str, str]) -> str:
    return dotenv.get("OPENAI_API_KEY") or _LOCAL_KEY_PREFIX + secrets.token_urlsafe(24)
