"""The two kinds of Label Studio keys, told apart by their form.

A legacy token is sent as it is. A personal access token is a JWT that only buys access tokens of
some minutes' life; it never travels with a request itself.
"""

import base64
import json
import threading
import time
from collections.abc import Generator
from typing import Any

import httpx

from connectors.errors import LabelStudioError

REFRESH = "api/token/refresh/"
# an access token is renewed so long before it ends
_SPARE_S = 15.0


class RefreshRefused(Exception):  # noqa: N818
    """Label Studio gave no access token; `response` says why."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"{REFRESH} answered {response.status_code}")
        self.response = response


def authentication(url: str, api_key: str) -> httpx.Auth:
    """How a key is shown to the server at `url`.

    Raises:
        LabelStudioError: a personal access token that has expired.
    """
    claims = jwt_claims(api_key)
    if claims is None:
        return LegacyToken(api_key)
    if float(claims.get("exp", "inf")) <= time.time():
        raise LabelStudioError(
            f"{url}: the key in LABEL_STUDIO_API_KEY has expired; make a new one in "
            "Label Studio > Account & Settings",
            status=401,
        )
    return PersonalAccessToken(f"{url}/{REFRESH}", api_key)


def jwt_claims(key: str) -> dict[str, Any] | None:
    """The payload of a JWT, unverified; None when the key is not a JWT."""
    parts = key.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    return claims if isinstance(claims, dict) else None


class LegacyToken(httpx.Auth):
    """`Authorization: Token …`."""

    def __init__(self, key: str) -> None:
        self._header = f"Token {key}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._header
        yield request


class PersonalAccessToken(httpx.Auth):
    """`Authorization: Bearer …` with an access token that is renewed in time."""

    def __init__(self, refresh_url: str, key: str) -> None:
        self._refresh_url = refresh_url
        self._key = key
        self._access = ""
        self._until = 0.0
        self._lock = threading.Lock()

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        """Renew when it is time, and once more when the server calls the token stale.

        Raises:
            RefreshRefused: no access token is given.
        """
        with self._lock:
            if time.time() >= self._until:
                yield from self._renew(request)
            access = self._access
        request.headers["Authorization"] = f"Bearer {access}"
        response = yield request
        if response.status_code != 401:
            return
        with self._lock:
            if access == self._access:  # no other thread has renewed it meanwhile
                yield from self._renew(request)
        request.headers["Authorization"] = f"Bearer {self._access}"
        yield request

    def _renew(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        response = yield httpx.Request(
            "POST",
            self._refresh_url,
            json={"refresh": self._key},
            extensions={"timeout": request.extensions.get("timeout", {})},
        )
        response.read()
        if not response.is_success:
            raise RefreshRefused(response)
        try:
            self._access = str(response.json()["access"])
        except (ValueError, KeyError, TypeError) as error:
            raise RefreshRefused(response) from error
        ends = (jwt_claims(self._access) or {}).get("exp", time.time() + 60)
        self._until = float(ends) - _SPARE_S
