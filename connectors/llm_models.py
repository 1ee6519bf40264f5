"""Which models an OpenAI-compatible endpoint says it serves, and whether one of them is meant.

Not every server has a list, and one that serves a single model often answers to any name: then
only the list tells what the replies come from.
"""

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit, urlunsplit

# where the lists of OpenAI (and llama.cpp, vLLM), of Ollama and LM Studio's own, and of those that
# answer a bare list stand; and what they call a model
_LISTS = ("data", "models")
_NAMES = ("id", "name", "model", "key")
_NEWEST = re.compile(r"[-:]latest$")
_DATED = re.compile(r"-(\d{4}-?\d{2}-?\d{2}|\d{3})$")

# a model's folder in the cache of Hugging Face, by which mlx-lm lists it
_CACHED = re.compile(r"models--([^/]+)--([^/]+)/snapshots/")


def models_url(base_url: str) -> str:
    """Where an endpoint lists its models."""
    return f"{base_url.rstrip('/')}/models"


def address(base_url: str) -> str:
    """An endpoint's URL without the user, password and query that it may hold: for messages."""
    try:
        parts = urlsplit(base_url)
    except ValueError:  # such as half an IPv6 address
        return "the endpoint of llm.base_url"
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
    return urlunsplit(bare)


def listed_models(body: Any) -> tuple[str, ...]:
    """The names in an answer to `GET /models`, each once; empty without a list of models."""
    while isinstance(body, dict):
        inner = (body[key] for key in _LISTS if isinstance(body.get(key), (list, dict)))
        body = next(inner, None)
    return tuple(dict.fromkeys(_names(body))) if isinstance(body, list) else ()


def _names(models: Sequence[Any]) -> Iterator[str]:
    for model in models:
        fields = [model.get(key) for key in _NAMES] if isinstance(model, dict) else [model]
        name = next((field for field in fields if isinstance(field, str) and field.strip()), None)
        if name is not None:
            yield name.strip()
        aliases = model.get("aliases") if isinstance(model, dict) else None
        if isinstance(aliases, list):
            yield from (alias for alias in aliases if isinstance(alias, str) and alias)


def is_served(model: str, served: Sequence[str]) -> bool:
    """Whether a list of models holds this one, by its name or by an alias that servers take.

    Aliases: other case, `models/` before it (Gemini), `:latest` (Ollama), `-latest` or no date for
    a dated one (Anthropic), a `:variant` (OpenRouter), a file's or a cached folder's path for
    its name (llama.cpp, mlx-lm), a pattern (LiteLLM).
    """
    return any(_means(_plain(model), _plain(name)) for name in served)


def _means(model: str, name: str) -> bool:
    if fnmatchcase(model, name) if "*" in name else model == name:
        return True
    if ("/" in model) != ("/" in name):
        model, name = (each.rpartition("/")[2] for each in (model, name))
    undated = _NEWEST.sub("", model)
    return name in (model, undated, model.partition(":")[0]) or (
        undated in (_DATED.sub("", name), _NEWEST.sub("", name))
    )


def _plain(name: str) -> str:
    if cached := _CACHED.search(name):
        name = f"{cached[1]}/{cached[2]}"
    return name.strip().casefold().removeprefix("models/").removesuffix(".gguf")
