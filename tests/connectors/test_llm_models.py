"""What servers list as their models, in the forms that they do it in, and what counts as listed."""

from typing import Any

import pytest

from connectors.llm_models import address, is_served, listed_models, models_url


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"object": "list", "data": [{"id": "a"}, {"id": "b"}]}, ("a", "b")),
        ({"models": [{"name": "a:latest", "model": "a:latest"}]}, ("a:latest",)),
        ({"models": [{"name": "x"}], "data": [{"id": "a"}]}, ("a",)),
        ([{"id": "a"}, {"id": "a"}], ("a",)),
        ({"data": ["a", " b "]}, ("a", "b")),
        ({"data": [{"id": None}, {"id": ""}, 7, {}]}, ()),
        ({"data": None}, ()),
        ({"data": {"models": [{"id": "a"}]}}, ("a",)),
        ({"data": {"data": {"data": {}}}}, ()),
        (
            {"data": [{"id": "a", "aliases": ["b", "a", 3]}, {"id": "c", "aliases": None}]},
            ("a", "b", "c"),
        ),
        ({"error": {"message": "no"}}, ()),
        ("a", ()),
        (None, ()),
    ],
)
def test_lists_of_many_servers(body: Any, names: tuple[str, ...]) -> None:
    assert listed_models(body) == names


@pytest.mark.parametrize(
    ("model", "served"),
    [
        ("gpt-4o", "gpt-4o"),
        ("Qwen/Qwen3-8B", "qwen/qwen3-8b"),
        ("gemini-2.5-flash", "models/gemini-2.5-flash"),
        ("llama3", "llama3:latest"),
        ("claude-sonnet-4", "claude-sonnet-4-20250514"),
        ("claude-3-5-haiku-latest", "claude-3-5-haiku-20241022"),
        ("gpt-4o", "gpt-4o-2024-08-06"),
        ("gemini-1.5-pro", "gemini-1.5-pro-001"),
        ("qwen/qwen3-8b:nitro", "qwen/qwen3-8b"),
        ("qwen2.5-7b-instruct-q4_k_m", "/models/qwen2.5-7b-instruct-q4_k_m.gguf"),
        ("meta-llama/Llama-3.1-8B", "Llama-3.1-8B"),
        ("openai/gpt-5", "openai/*"),
        ("deepseek-v4-pro", "ds/deepseek-v4-pro"),
        ("Qwen3-1.7B-8bit", "/u/hub/models--mlx-community--Qwen3-1.7B-8bit/snapshots/8c24f67/"),
        ("mlx-community/qwen3", "/u/hub/models--mlx-community--Qwen3/snapshots/8c24f67"),
    ],
)
def test_aliases_that_servers_take(model: str, served: str) -> None:
    assert is_served(model, ["another", served])


@pytest.mark.parametrize(
    ("model", "served"),
    [
        ("qwen2.5-coder-1.5b-instruct", "smollm2-135m"),
        ("qwen2.5:7b", "qwen2.5:1.5b"),
        ("llama3", "llama3.1"),
        ("claude-sonnet-4-20250514", "claude-sonnet-4-20250929"),
        ("gpt-4o", "gpt-4o-mini"),
        ("meta-llama/Llama-3.1-8B", "unsloth/Llama-3.1-8B"),
        ("mistral", "openai/*"),
    ],
)
def test_another_model_is_another(model: str, served: str) -> None:
    assert not is_served(model, [served])


def test_an_address_shows_no_secret() -> None:
    assert address("https://me:s3cret@llm.example/v1?key=k") == "https://llm.example/v1"
    assert "s3cret" not in address("http://me:s3cret@[::1/v1")
    assert models_url("http://x/v1/") == "http://x/v1/models"
