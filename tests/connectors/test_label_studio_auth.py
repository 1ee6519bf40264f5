"""Both kinds of keys: told apart, shown to the server, and exchanged in time."""

import base64
import json
import time
from typing import Any

import pytest

from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from tests.connectors.label_studio_server import KEY, client
from tests.ml_backend.http_double import Reply, Request, http_double


def jwt(**claims: Any) -> str:
    """A token of that form; only Label Studio could verify it."""
    parts = ({"alg": "HS256", "typ": "JWT"}, claims, "signature")
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()) for part in parts)
    return b".".join(part.rstrip(b"=") for part in encoded).decode()


def token(kind: str, lives_s: float, **more: Any) -> str:
    """A token that is good for so long."""
    return jwt(token_type=kind, exp=int(time.time() + lives_s), **more)


@pytest.mark.parametrize("key", [None, ""])
def test_no_key(key: str | None) -> None:
    with pytest.raises(LabelStudioError, match=r"^no Label Studio key: set LABEL_STUDIO_API_KEY"):
        LabelStudio("http://127.0.0.1:8080", key)


def test_a_legacy_token_is_sent_as_it_is() -> None:
    with http_double(lambda _: Reply({"email": "a@b.c"})) as double:
        assert client(double).whoami() == {"email": "a@b.c"}
    [request] = double.requests
    assert request.path == "/api/current-user/whoami"
    assert request.headers["authorization"] == f"Token {KEY}"


def test_a_personal_access_token_is_exchanged_first() -> None:
    refresh = token("refresh", 3600)
    access = token("access", 300)

    def answer(request: Request) -> Reply:
        if request.path == "/api/token/refresh/":
            assert request.body == {"refresh": refresh}
            return Reply({"access": access})
        return Reply({})

    with http_double(answer) as double:
        label_studio = LabelStudio(double.url, refresh)
        label_studio.whoami()
        label_studio.whoami()
    paths = [request.path for request in double.requests]
    assert paths == ["/api/token/refresh/", *["/api/current-user/whoami"] * 2]
    assert double.requests[1].headers["authorization"] == f"Bearer {access}"


def test_a_sub_path_is_kept_when_a_token_is_exchanged() -> None:
    refresh = token("refresh", 3600)
    access = token("access", 300)

    def answer(request: Request) -> Reply:
        refreshing = request.path == "/studio/api/token/refresh/"
        return Reply({"access": access} if refreshing else {})

    with http_double(answer) as double:
        LabelStudio(f"{double.url}/studio/", refresh).whoami()
    paths = [request.path for request in double.requests]
    assert paths == ["/studio/api/token/refresh/", "/studio/api/current-user/whoami"]


def test_an_access_token_is_renewed_in_time_and_when_the_server_calls_it_stale() -> None:
    refresh = token("refresh", 3600)
    lives_s = iter([5, 300, 300])  # the first one is as good as over
    given: list[str] = []
    stale: set[str] = set()

    def answer(request: Request) -> Reply:
        if request.path == "/api/token/refresh/":
            given.append(token("access", next(lives_s), number=len(given)))
            return Reply({"access": given[-1]})
        shown = request.headers["authorization"].removeprefix("Bearer ")
        return Reply({"detail": "stale"}, 401) if shown in stale else Reply({})

    with http_double(answer) as double:
        label_studio = LabelStudio(double.url, refresh)
        label_studio.whoami()
        label_studio.whoami()
        assert len(given) == 2
        stale.add(given[1])
        label_studio.whoami()
    assert len(given) == 3
    assert double.requests[-1].headers["authorization"] == f"Bearer {given[2]}"


def test_a_personal_access_token_that_was_revoked() -> None:
    refresh = token("refresh", 3600)
    answer = Reply({"detail": "Token is blacklisted"}, 401)
    with (
        http_double(lambda _: answer) as double,
        pytest.raises(LabelStudioError, match=r"refused the key \(401\)"),
    ):
        LabelStudio(double.url, refresh).whoami()


def test_a_personal_access_token_that_has_expired() -> None:
    with pytest.raises(LabelStudioError, match="LABEL_STUDIO_API_KEY has expired") as caught:
        LabelStudio("http://127.0.0.1:8080", jwt(token_type="refresh", exp=1))
    assert caught.value.status == 401


@pytest.mark.parametrize("answer", [Reply("<html>Welcome</html>"), Reply({}), Reply([])])
def test_a_token_is_exchanged_with_something_else_than_label_studio(answer: Reply) -> None:
    refresh = token("refresh", 3600)
    with (
        http_double(lambda _: answer) as double,
        pytest.raises(LabelStudioError, match="is LABEL_STUDIO_URL a Label Studio"),
    ):
        LabelStudio(double.url, refresh).whoami()


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused(status: int) -> None:
    answer = Reply({"detail": "Invalid token.", "status_code": status}, status)
    with http_double(lambda _: answer) as double:
        with pytest.raises(
            LabelStudioError,
            match=rf"^Label Studio at {double.url} refused the key \({status}\); put a valid",
        ) as caught:
            client(double).whoami()
        assert len(double.requests) == 1
    assert caught.value.status == status
    assert KEY not in str(caught.value)
