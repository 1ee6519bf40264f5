"""What an object store says when it refuses, as one sentence.

Its own words run over many lines and may hold a key's name or a signed request: of them only the
error's code, or the last and innermost cause, is shown.
"""

import re

from sync.common.errors import SyncError

_CODE = re.compile(r"<Code>(\w+)</Code>")
_STATUS = re.compile(r"status code\s+(\d{3})\b")
_ORNAMENT = re.compile(r"\x1b\[\d+m|↳")
_KEY_CODES = {
    "AccessDenied",
    "AuthenticationFailed",
    "AuthorizationFailure",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
}


def store_error(where: str, error: Exception) -> SyncError:
    """The sentence for a store that can't be used.

    Args:
        where: the URL that was asked for.
    """
    said = _ORNAMENT.sub("", str(error))
    code = next(iter(_CODE.findall(said)), None)
    status = next(iter(_STATUS.findall(said)), None)
    if code == "NoSuchBucket":
        return SyncError(f"{where}: there is no such bucket; make it, or correct data.dir")
    if "169.254.169.254" in said or "MissingCredentials" in said:
        return SyncError(
            f"{where}: no key for this object store; set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY (or what your store uses) in the environment or .env"
        )
    if code in _KEY_CODES or status in ("401", "403"):
        return SyncError(
            f"{where}: the object store refuses the key ({code or status}); check "
            "the store's key in the environment or .env, and what it may do"
        )
    return SyncError(
        f"{where}: the object store can't be used ({code or _innermost(said)}); check data.dir, "
        "data.storage_options and the store's variables in the environment"
    )


def _innermost(said: str) -> str:
    """The last line of a chain of causes."""
    lines = [line.strip() for line in said.splitlines()]
    return next((line for line in reversed(lines) if line), "no reason given")
