"""Why an installation failed, in one sentence, from the output of pip, venv or apt."""

import errno
import re

_UNREACHED = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|Failed to establish a new connection"
    r"|Temporary failure (?:in name resolution|resolving)|Network is unreachable|Read timed out"
    r"|Could not connect to|Connection refused",
)
_NOISE = re.compile(r"^(?:\s*$|\[notice\]|WARNING: Location|WARNING: You are using pip)")
_LAST = 3  # lines that are quoted


def sentence(said: str, lock: str) -> str:
    """What happened and what to do.

    Args:
        said: what the command that failed has written.
        lock: the lock that it was asked for, or nothing if there was none.
    """
    if "No space left on device" in said or "Errno 28" in said:
        return "The disk is full; make room (2.5 GB for all of it), then try again."
    if "DO NOT MATCH THE HASHES" in said:
        (what, *_) = re.findall(r"^\s+(\S+)(?: from |==).*$", said, re.M) or ["a package"]
        return (
            f"{lock}: {what} of your package index is not the file that was locked; use "
            "another index, or install what pip finds by the same command with LOCK= "
            "(`make up LOCK=`)."
        )
    if _UNREACHED.search(said):
        return "The package index can't be reached; check the network, then try again."
    if missing := re.findall(r"No matching distribution found for (\S+)", said):
        return f"Your package index has no {missing[-1]} for this machine; use another index" + (
            ", or install what pip finds with LOCK= (`make up LOCK=`)." if lock else "."
        )
    lines = [line.strip() for line in said.splitlines() if not _NOISE.match(line)]
    told = [line for line in lines if re.match(r"(?:ERROR|E|error|fatal|sudo):? ", line)] or lines
    return f"Installing failed: {' / '.join(told[-_LAST:])}"


def unwritable(error: OSError) -> str:
    """What can't be written, and what to do where that is known."""
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{error.filename}: {error.strerror}; work in a folder that you may write to."
    return str(error)
