from dataclasses import replace
from pathlib import Path

from sync.stack.credentials import StackCredentials
from sync.stack.models import MODELS
from sync.stack.processes import TITLES, Child, children
from sync.stack.settings import Settings

CREDENTIALS = StackCredentials(
    "admin@labeltune.local", "pass-word", "a" * 40, "sign-ing", "llm-key"
)
SMALL = MODELS["smollm2-135m"]
LOCAL = Settings(8080, 9090, 9091, SMALL, "http://127.0.0.1:9091/v1", SMALL.name)
REMOTE = Settings(8080, 9090, 0, None, "https://llm.example/v1", "big")


def table(settings: Settings, **environ: str) -> dict[str, Child]:
    model = Path("/cache/model.gguf") if settings.local_model else None
    made = children(
        settings,
        CREDENTIALS,
        Path("/f/.labeltune"),
        Path("/ls"),
        model,
        {"PATH": "/bin", **environ},
    )
    return {child.name: child for child in made}


def test_local_stack() -> None:
    found = table(LOCAL)
    assert list(found) == list(TITLES)
    for name in ("backend", "worker"):
        env = found[name].env
        assert env["LABEL_STUDIO_URL"] == "http://127.0.0.1:8080"
        assert env["LABEL_STUDIO_API_KEY"] == "a" * 40
        assert env["OPENAI_BASE_URL"] == "http://127.0.0.1:9091/v1"
        assert env["OPENAI_API_KEY"] == "llm-key"
        assert env["LABELTUNE_BACKEND_URL"] == "http://127.0.0.1:9090"
        assert env["LABELTUNE_QUEUE"] == "/f/.labeltune/queue.db"
        assert env["LABELTUNE_CONCURRENCY"] == "4", "as many as the server's slots"
        assert env["LABELTUNE_FIRST_ALONE"] == "3"


def test_an_adapter_is_served_with_its_base() -> None:
    assert "--adapter" not in table(LOCAL)["llm"].argv
    tuned = replace(LOCAL, llm_model="tuned:bank", adapter=Path("/m/adapter.gguf"))
    argv = table(tuned)["llm"].argv
    assert argv[argv.index("--adapter") + 1] == "/m/adapter.gguf"
    assert argv[argv.index("--alias") + 1] == "tuned:bank"


def test_users_endpoint_needs_no_local_model() -> None:
    found = table(REMOTE)
    assert "llm" not in found
    assert found["worker"].env["LABELTUNE_CONCURRENCY"] == "4"
    assert found["worker"].env["LABELTUNE_FIRST_ALONE"] == "0"


def test_no_secret_on_a_command_line_or_in_a_repr() -> None:
    secrets = ("pass-word", "a" * 40, "sign-ing", "llm-key")
    for child in table(LOCAL).values():
        assert not any(secret in repr(child) for secret in secrets)


def test_label_studio_gets_none_of_the_users_settings() -> None:
    env = table(
        LOCAL, DJANGO_DB="default", HOST="http://x", DEBUG="1", OPENAI_API_KEY="sk", LANG="C.UTF-8"
    )["label-studio"].env
    assert {"DJANGO_DB", "HOST", "DEBUG", "OPENAI_API_KEY"}.isdisjoint(env)
    assert env["LANG"] == "C.UTF-8"
    assert env["COLLECT_ANALYTICS"] == "false"
    assert env["SENTRY_DSN"] == env["FRONTEND_SENTRY_DSN"] == ""


def test_label_studio_alone_knows_the_password() -> None:
    holders = [n for n, child in table(LOCAL).items() if "pass-word" in child.env.values()]
    assert holders == ["label-studio"]


def test_key_of_the_users_shell_is_good_for_the_local_model_too() -> None:
    assert table(LOCAL)["llm"].env["LABELTUNE_LLM_KEY"] == "llm-key"
    assert table(LOCAL, OPENAI_API_KEY="sk")["llm"].env["LABELTUNE_LLM_KEY"] == "llm-key,sk"


def test_users_proxy_exceptions_stay() -> None:
    for child in table(LOCAL, NO_PROXY="corp.example").values():
        if child.name != "llm":
            assert child.env["NO_PROXY"] == "corp.example,127.0.0.1,localhost"
