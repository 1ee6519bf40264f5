"""Is the model that drafts are stamped with the one that is served?"""

from collections.abc import Sequence

import pytest

from sync.common.errors import ConfigError
from sync.intake.services.served_models import Served, ask_served, check_served, not_served
from sync.settings import LLMSection
from tests.ml_backend.http_double import Reply, Request, http_double, unused_url


def llm(model: str = "mine", *more: str, base_url: str = "http://llm.example/v1") -> LLMSection:
    return LLMSection(base_url=base_url, model=model, more_models=more)


@pytest.mark.parametrize(
    ("reply", "models"),
    [
        (Reply({"data": [{"id": "a"}]}), ("a",)),
        (Reply({"detail": "Not found."}, 404), ()),
        (Reply("<html>", content_type="text/html"), ()),
        (Reply({"detail": "busy"}, 503), ()),
    ],
)
def test_what_a_server_lists(reply: Reply, models: Sequence[str]) -> None:
    with http_double(lambda request: reply) as double:
        assert ask_served(f"{double.url}/v1", "k") == Served(models)  # type: ignore[arg-type]
    (asked,) = double.requests
    assert (asked.path, asked.headers["authorization"]) == ("/v1/models", "Bearer k")


def test_a_server_that_can_not_be_asked_is_a_note() -> None:
    def refuse(request: Request) -> Reply:
        return Reply({"error": "s3cret is wrong"}, 401)

    with http_double(refuse) as double:
        said = check_served(llm(), ask_served(double.url, "s3cret"), refuse=True)
    assert said is not None
    assert "refuses OPENAI_API_KEY" in said
    assert "s3cret" not in said
    down = check_served(llm(), ask_served(unused_url(), None), refuse=True)
    assert down is not None
    assert "could not be asked which models it serves (ConnectError)" in down
    bad = check_served(llm(), ask_served("http://[::1/v1", None), refuse=True)
    assert bad is not None


@pytest.mark.parametrize("served", [(), ("mine",), ("other", "mine"), ("Models/Mine",)])
def test_nothing_is_said_of_a_model_that_is_served(served: tuple[str, ...]) -> None:
    assert check_served(llm(), Served(served), refuse=True) is None


def test_a_server_of_one_other_model_is_refused() -> None:
    with pytest.raises(ConfigError) as refused:
        check_served(llm(), Served(("other",)), refuse=True)
    assert str(refused.value) == (
        "llm.model is 'mine', but http://llm.example/v1 serves 'other'; drafts would be stamped "
        "with a model that did not write them, or fail: set llm.model in labeltune.toml to one "
        "that is served"
    )
    assert check_served(llm(), Served(("other",)), refuse=False) == str(refused.value)


def test_of_many_the_nearest_are_named() -> None:
    served = [f"unlike-{number}" for number in range(40)] + ["minx", "mine-2"]
    said = check_served(llm(), Served(tuple(served)), refuse=True)
    assert said is not None
    assert "'mine-2'" in said
    assert "'minx'" in said
    assert "and 37 more;" in said


def test_every_model_is_looked_for() -> None:
    said = not_served(llm("mine", "second", "third"), ["mine", "second", "fourth"])
    assert said is not None
    assert said.startswith("llm.more_models is 'third', but")
