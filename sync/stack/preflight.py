"""What `labeltune up` checks before it fetches or starts anything: ports, disk, the endpoint."""

import errno
import shutil
import socket
from collections.abc import Callable, Iterable
from pathlib import Path

import httpx

from sync.common.errors import StackError
from sync.intake.services.served_models import Served, models_in


def why_taken(port: int) -> str:
    """Why nothing can listen on 127.0.0.1:port; empty where something can."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # a server that has just stopped leaves the port in TIME_WAIT, which is no obstacle
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return "is in use" if error.errno == errno.EADDRINUSE else f"can't be used ({error})"
    return ""


def require_all_free(ports: Iterable[tuple[int, str, str]], elsewhere: Iterable[str] = ()) -> None:
    """Check that nothing listens on several ports of 127.0.0.1.

    Args:
        ports: each a (port, purpose, option): what it is for, as "Label Studio", and the option
            that chooses another, as "--port".
        elsewhere: folders in which a stack runs now.

    Raises:
        StackError: some are taken, or may not be used, or two are the same.
    """
    meant: dict[int, str] = {}
    taken: list[str] = []
    options: list[str] = []
    for port, purpose, option in ports:
        if port in meant:
            raise StackError(
                f"port {port} is meant for both {meant[port]} and {purpose}; "
                f"choose another for one of them with {option}"
            )
        meant[port] = purpose
        if why := why_taken(port):
            taken.append(f"port {port} on 127.0.0.1, meant for {purpose}, {why}")
            options.append(option)
    if taken:
        runs = "".join(f" (`labeltune up` runs in {folder})" for folder in elsewhere)
        stop, choose = "stop what uses it", "choose another port"
        if len(taken) > 1:
            stop, choose = "stop what uses them", "choose other ports"
        raise StackError(f"{'; '.join(taken)}{runs}; {stop}, or {choose} with {' '.join(options)}")


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def require_disk(
    folder: Path, needed: int, free_bytes: Callable[[Path], int] = _free_bytes
) -> None:
    """Check that a folder, which need not exist yet, has room.

    Args:
        needed: bytes that are about to be written.
        free_bytes: free bytes on the disk of an existing folder.

    Raises:
        StackError: too little is free.
    """
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = free_bytes(existing)
    if free < needed:
        raise StackError(
            f"{folder}: {needed / 1e9:.1f} GB are needed for what must still be fetched, "
            f"{free / 1e9:.1f} GB are free; make room, or set XDG_CACHE_HOME to a larger disk"
        )


def require_endpoint(url: str, key: str | None, timeout_s: float = 10.0) -> Served:
    """Ask an OpenAI-compatible endpoint for its models, before anything is started.

    An endpoint without such a list passes: it is only asked to be there and to take the key.

    Returns:
        The models that it lists.

    Raises:
        StackError: it can't be reached, or refuses the key.
    """
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        answer = httpx.get(f"{url}/models", headers=headers, timeout=timeout_s)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise StackError(
            f"{url}: the model endpoint can't be reached ({type(error).__name__}); correct "
            "--llm-url or llm.base_url in labeltune.toml"
        ) from error
    if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        what = "refuses the key in OPENAI_API_KEY" if key else "wants a key"
        raise StackError(
            f"{url}: the model endpoint {what} ({answer.status_code}); put a valid one into the "
            "environment variable OPENAI_API_KEY"
        )
    return Served(models_in(answer))
