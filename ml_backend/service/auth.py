"""Who may call the service: Basic credentials, the webhook's secret, or nobody but this machine."""

import functools
import hmac
import logging
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import Flask, Request, Response, jsonify, request

from connectors.backend_secrets import (
    PASSWORD,
    SECRET_HEADER,
    Credentials,
    CredentialsError,
    credentials,
    webhook_secret,
)
from ml_backend.service.wire import TRAINING

log = logging.getLogger(__name__)

HttpRefusal = tuple[Response, int, dict[str, str]]

OFF = "LABELTUNE_BACKEND_AUTH"
MAX_PAYLOAD = "LABELTUNE_MAX_PAYLOAD_MB"
# what a reverse proxy adds: the caller is not the peer, so a peer on this machine proves nothing
_FORWARDED = frozenset(
    f"HTTP_{header}"
    for header in ("FORWARDED", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_REAL_IP", "VIA")
)
REMEDY = (
    f"set {PASSWORD}, here and where `labeltune push` runs "
    f"(or {OFF}=off on a network that is private)"
)


@dataclass(frozen=True)
class Access:
    """Who may call, and how much a call may hold.

    Attributes:
        credentials: demanded of every caller; None: only this machine may call.
        secret: the webhook's; None: a webhook needs what every other call needs.
        off: nobody is asked for credentials.
        max_payload_bytes: of one request's body.
    """

    credentials: Credentials | None = None
    secret: str | None = field(default=None, repr=False)
    off: bool = False
    max_payload_bytes: int = 50 * 1024**2

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> "Access":
        """Read `LABELTUNE_BACKEND_*`, `LABELTUNE_WEBHOOK_SECRET`, `LABELTUNE_MAX_PAYLOAD_MB`.

        Raises:
            CredentialsError: a value that can't be used.
        """
        switch = (env.get(OFF) or "on").lower()
        if switch not in ("on", "off"):
            raise CredentialsError(f"{OFF} must be 'on' or 'off', found {switch!r}")
        found = credentials(env)
        if switch == "off" and found:
            raise CredentialsError(f"{OFF} is 'off' and {PASSWORD} is set; take one of them away")
        return cls(found, webhook_secret(env), switch == "off", _payload_limit(env))

    def refuses_to_bind(self, host: str) -> str | None:
        """One sentence why the service must not listen there; None when it may.

        Args:
            host: an address, a name, or empty for a Unix socket.
        """
        if self.credentials or self.off or host == "localhost" or _is_loopback(host):
            return None
        where = host or "a Unix socket"
        return f"listening on {where}, not on 127.0.0.1 alone, needs credentials: {REMEDY}"

    def allows(self, caller: Request) -> bool:
        """Whether this caller may use every route."""
        if self.off:
            return True
        if self.credentials is None:
            is_direct = _FORWARDED.isdisjoint(caller.environ)
            return is_direct and _is_loopback(caller.remote_addr or "")
        sent = caller.authorization
        if sent is None or sent.type != "basic":
            return False
        # both are compared, whatever the first says: how long it takes must tell nothing
        user = _same(sent.username, self.credentials.user)
        return _same(sent.password, self.credentials.password) and user

    def allows_webhook(self, caller: Request) -> bool:
        """Whether this caller may announce events.

        Label Studio signs nothing and sends no credentials with a webhook, so ours carries a
        secret. Credentials do as well.
        """
        if self.secret is None:
            return self.allows(caller)
        if _same(caller.headers.get(SECRET_HEADER), self.secret):
            return True
        return self.credentials is not None and self.allows(caller)


def guard(app: Flask, access: Access) -> None:
    """Refuse whoever may not call, before anything of the request is read."""
    told: set[str] = set()

    @app.before_request
    def check() -> HttpRefusal | None:
        allowed = access.allows(request)
        if request.path == "/webhook":
            # "Start Training" comes from the model page, and carries no secret ever
            if access.allows_webhook(request) or (allowed and _event() == TRAINING):
                return None
            said = f"{SECRET_HEADER} is missing or wrong"
            told_as = f"a webhook was refused: {said}; `labeltune push` installs one that has it"
        elif allowed:
            return None
        elif access.credentials:
            said = "user and password are missing or wrong"
            told_as = f"a caller was refused: {said}"
        else:
            said = f"without credentials only this machine may call: {REMEDY}"
            told_as = f"a call from elsewhere was refused: {said}"
        # each event of a webhook would write the same line
        log.log(logging.DEBUG if told_as in told else logging.WARNING, "%s", told_as)
        told.add(told_as)
        challenge = {"WWW-Authenticate": 'Basic realm="LabelTune", charset="UTF-8"'}
        return jsonify(error=said), 401, challenge


def _event() -> Any:
    payload = request.get_json(silent=True)
    return payload.get("action") if isinstance(payload, dict) else None


def _same(sent: str | None, expected: str) -> bool:
    return hmac.compare_digest((sent or "").encode("utf-8", "replace"), expected.encode())


@functools.lru_cache(maxsize=256)
def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def _payload_limit(env: Mapping[str, str]) -> int:
    given = env.get(MAX_PAYLOAD) or "50"
    try:
        megabytes = float(given)
    except ValueError:
        megabytes = 0.0
    if not math.isfinite(megabytes) or megabytes <= 0:
        raise CredentialsError(f"{MAX_PAYLOAD} must be a number above 0, found {given!r}")
    return math.ceil(megabytes * 1024**2)
