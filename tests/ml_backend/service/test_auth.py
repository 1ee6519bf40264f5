"""Who may call the service."""

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from connectors.backend_secrets import SECRET_HEADER, Credentials, CredentialsError, webhook_secret
from ml_backend.service.app import create_app
from ml_backend.service.auth import Access, guard
from ml_backend.settings import BackendSettings
from ml_backend.work.jobs import Jobs
from tests.ml_backend.calls import refusal

KNOWN = Credentials("labeltune", "correct horse")
SECRET = "shared secret"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}
ROUTES = [
    ("GET", "/"),
    ("GET", "/health"),
    ("GET", "/versions"),
    ("GET", "/status"),
    ("GET", "/metrics"),
    ("GET", "/events?project=1"),
    ("GET", "/openapi.json"),
    ("POST", "/setup"),
    ("POST", "/predict"),
]


def service(web_jobs: Jobs, access: Access | None) -> FlaskClient:
    return create_app(BackendSettings(predict_deadline_s=0.1), web_jobs, access).test_client()


def event(client: FlaskClient, action: str = "TASKS_CREATED", **options: object) -> TestResponse:
    return client.post("/webhook", json={"action": action, "project": 1}, **options)  # type: ignore[arg-type]


# --- credentials


def test_the_table_names_every_route(web_jobs: Jobs) -> None:
    app = create_app(BackendSettings(), web_jobs)
    known = {rule.rule for rule in app.url_map.iter_rules()}
    assert known == {path.partition("?")[0] for _, path in ROUTES} | {"/webhook"}


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_asks_for_the_credentials(web_jobs: Jobs, method: str, path: str) -> None:
    client = service(web_jobs, Access(KNOWN))
    nobody = client.open(path, method=method)
    assert "user and password" in refusal(nobody, 401)
    assert nobody.headers["WWW-Authenticate"].startswith("Basic ")
    wrong = [("labeltune", "wrong"), ("other", KNOWN.password), ("", ""), ("labeltune", "")]
    for sent in wrong:
        refusal(client.open(path, method=method, auth=sent), 401)
    # the payload's turn: it is looked at only now
    allowed = client.open(path, method=method, auth=(KNOWN.user, KNOWN.password))
    assert allowed.status_code == (200 if method == "GET" else 415)


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !!", "Basic /w==", "Bearer correct horse", "Basic bGFiZWx0dW5l"]
)
def test_other_headers_are_refused(web_jobs: Jobs, header: str) -> None:
    client = service(web_jobs, Access(KNOWN))
    refusal(client.get("/health", headers={"Authorization": header}), 401)


def test_a_route_that_there_is_none_of_is_not_told(web_jobs: Jobs) -> None:
    refusal(service(web_jobs, Access(KNOWN)).get("/nowhere"), 401)


# --- without credentials


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may_call(web_jobs: Jobs, peer: str) -> None:
    client = service(web_jobs, None)
    assert client.get("/health", environ_base={"REMOTE_ADDR": peer}).status_code == 200


@pytest.mark.parametrize(
    "peer", ["192.0.2.7", "10.0.0.1", "172.17.0.1", "::ffff:10.0.0.1", "fe80::1%eth0", "", "local"]
)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_else_may(web_jobs: Jobs, method: str, path: str, peer: str) -> None:
    """An empty peer is a Unix socket, behind which a reverse proxy stands."""
    client = service(web_jobs, None)
    answer = client.open(path, method=method, environ_base={"REMOTE_ADDR": peer})
    assert "LABELTUNE_BACKEND_PASSWORD" in refusal(answer, 401)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_reverse_proxy_on_this_machine_is_not_this_machine(web_jobs: Jobs, header: str) -> None:
    refusal(service(web_jobs, None).get("/health", headers={header: "127.0.0.1"}), 401)


def test_the_demand_can_be_switched_off(web_jobs: Jobs) -> None:
    client = service(web_jobs, Access(off=True))
    assert client.get("/health", environ_base=ELSEWHERE).status_code == 200
    assert event(client, environ_base=ELSEWHERE).status_code == 202


@given(st.ip_addresses())
def test_only_loopback_addresses_may_be_bound_without_credentials(address: object) -> None:
    refused = Access().refuses_to_bind(str(address)) is not None
    assert refused != address.is_loopback  # type: ignore[attr-defined]
    assert Access(KNOWN).refuses_to_bind(str(address)) is None
    assert Access(off=True).refuses_to_bind(str(address)) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "example.org"])
def test_what_may_not_be_bound(host: str) -> None:
    said = Access().refuses_to_bind(host)
    assert said is not None
    assert "LABELTUNE_BACKEND_PASSWORD" in said


def test_localhost_may_be_bound() -> None:
    assert Access().refuses_to_bind("localhost") is None


# --- the webhook


@pytest.mark.parametrize("peer", ["127.0.0.1", "192.0.2.7"])
@pytest.mark.parametrize("access", [Access(KNOWN, SECRET), Access(None, SECRET)])
def test_the_webhook_needs_the_secret(web_jobs: Jobs, access: Access, peer: str) -> None:
    client = service(web_jobs, access)
    where = {"REMOTE_ADDR": peer}
    for sent in ({}, {SECRET_HEADER: ""}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: SECRET + "x"}):
        assert SECRET_HEADER in refusal(event(client, headers=sent, environ_base=where), 401)
    assert web_jobs.chores.scheduled_count() + web_jobs.chores.pending_count() == 0
    right = event(client, headers={SECRET_HEADER: SECRET}, environ_base=where)
    assert right.status_code == 202
    assert web_jobs.chores.scheduled_count() + web_jobs.chores.pending_count() == 1


def test_the_secret_opens_nothing_else(web_jobs: Jobs) -> None:
    client = service(web_jobs, Access(KNOWN, SECRET))
    refusal(client.get("/status", headers={SECRET_HEADER: SECRET}), 401)


def test_credentials_open_the_webhook_too(web_jobs: Jobs) -> None:
    client = service(web_jobs, Access(KNOWN, SECRET))
    assert event(client, auth=(KNOWN.user, KNOWN.password)).status_code == 202


def test_start_training_comes_without_the_secret(web_jobs: Jobs) -> None:
    """Label Studio's model page sends it as it calls /predict: with credentials, if any."""
    client = service(web_jobs, Access(None, SECRET))
    assert event(client, "START_TRAINING").status_code == 202
    refusal(event(client, "START_TRAINING", environ_base=ELSEWHERE), 401)
    guarded = service(web_jobs, Access(KNOWN, SECRET))
    refusal(event(guarded, "START_TRAINING"), 401)


def test_without_a_secret_the_webhook_is_a_route_like_others(web_jobs: Jobs) -> None:
    assert event(service(web_jobs, None)).status_code == 202
    refusal(event(service(web_jobs, None), environ_base=ELSEWHERE), 401)
    refusal(event(service(web_jobs, Access(KNOWN))), 401)


def test_the_automatic_webhook_writes_one_line(
    web_jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    """Label Studio makes one without headers for a backend that is registered by hand."""
    client = service(web_jobs, Access(None, SECRET))
    for _ in range(5):
        event(client)
    assert [r.levelname for r in caplog.records if "webhook" in r.message] == ["WARNING"]


def test_a_guard_reads_no_body_of_a_stranger() -> None:
    app = Flask("guarded")
    guard(app, Access(KNOWN, SECRET))
    read = []

    class Body:
        def read(self, *_: int) -> bytes:
            read.append(True)
            return b"{}"

    @app.post("/webhook")
    def webhook() -> Response:
        raise AssertionError

    environ = {"wsgi.input": Body(), "CONTENT_LENGTH": "2", "CONTENT_TYPE": "application/json"}
    assert app.test_client().post("/webhook", environ_overrides=environ).status_code == 401
    assert read == []


# --- the environment


def test_access_from_the_environment() -> None:
    env = {
        "LABELTUNE_BACKEND_USER": "u",
        "LABELTUNE_BACKEND_PASSWORD": "p",
        "LABEL_STUDIO_API_KEY": "k" * 40,
        "LABELTUNE_MAX_PAYLOAD_MB": "0.5",
    }
    access = Access.from_environment(env)
    assert access == Access(Credentials("u", "p"), webhook_secret(env), False, 512 * 1024)
    assert Access.from_environment({}) == Access()
    assert Access.from_environment({"LABELTUNE_BACKEND_PASSWORD": ""}) == Access()
    assert Access.from_environment({"LABELTUNE_BACKEND_AUTH": "off"}).off
    only_password = Access.from_environment({"LABELTUNE_BACKEND_PASSWORD": "p"})
    assert only_password.credentials == Credentials("labeltune", "p")


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"LABELTUNE_BACKEND_USER": "u"}, "LABELTUNE_BACKEND_PASSWORD is not; set both"),
        ({"LABELTUNE_BACKEND_USER": "a:b", "LABELTUNE_BACKEND_PASSWORD": "p"}, "colon"),
        ({"LABELTUNE_BACKEND_USER": "u", "LABELTUNE_BACKEND_PASSWORD": "pässwort"}, "ASCII"),
        ({"LABELTUNE_BACKEND_AUTH": "no"}, "'on' or 'off'"),
        (
            {
                "LABELTUNE_BACKEND_AUTH": "off",
                "LABELTUNE_BACKEND_USER": "u",
                "LABELTUNE_BACKEND_PASSWORD": "p",
            },
            "take one of them away",
        ),
        ({"LABELTUNE_WEBHOOK_SECRET": "two\nlines"}, "LABELTUNE_WEBHOOK_SECRET"),
        ({"LABELTUNE_MAX_PAYLOAD_MB": "-1"}, "LABELTUNE_MAX_PAYLOAD_MB"),
        ({"LABELTUNE_MAX_PAYLOAD_MB": "nan"}, "LABELTUNE_MAX_PAYLOAD_MB"),
    ],
)
def test_what_can_t_be_used_is_refused(env: dict[str, str], said: str) -> None:
    with pytest.raises(CredentialsError, match=said) as refused:
        Access.from_environment(env)
    assert "pässwort" not in str(refused.value)


def test_the_secret_follows_from_the_key_and_tells_nothing_of_it() -> None:
    derived = webhook_secret({"LABEL_STUDIO_API_KEY": "k" * 40})
    assert derived == webhook_secret({"LABEL_STUDIO_API_KEY": "k" * 40})
    assert derived != webhook_secret({"LABEL_STUDIO_API_KEY": "l" * 40})
    assert derived is not None
    assert "kkkk" not in derived
    both = {"LABEL_STUDIO_API_KEY": "k" * 40, "LABELTUNE_WEBHOOK_SECRET": "own"}
    assert webhook_secret(both) == "own"
    assert webhook_secret({}) is None


def test_secrets_are_in_no_representation() -> None:
    assert "correct horse" not in repr(Access(KNOWN, SECRET))
    assert SECRET not in repr(Access(KNOWN, SECRET))
