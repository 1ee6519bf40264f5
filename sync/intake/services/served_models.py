"""Is the model of `labeltune.toml` the one that the model server serves?

A draft is stamped with the model that was asked for, and many servers answer to any name.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from connectors.llm_models import address, is_served, listed_models, models_url
from sync.common.errors import ConfigError
from sync.settings import LLMSection

# how long a push waits to learn it; a status waits less
TIMEOUT_S = 3.0
# names in a sentence
_NAMED = 5
_REFUSED = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)


@dataclass(frozen=True)
class Served:
    """What a model server says of itself.

    Attributes:
        models: names that it lists; none where it has no list, or could not be asked.
        unasked: why it could not be asked, in a sentence; None where it answered.
    """

    models: tuple[str, ...] = ()
    unasked: str | None = None


def ask_served(base_url: str, key: str | None, timeout_s: float = TIMEOUT_S) -> Served:
    """Ask a model server which models it serves; whatever it does is an answer."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    asked = f"{address(base_url)}: the model server could not be asked which models it serves"
    try:
        answer = httpx.get(models_url(base_url), headers=headers, timeout=timeout_s)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        return Served(unasked=f"{asked} ({type(error).__name__}); drafts wait until it answers")
    if answer.status_code in _REFUSED:
        return Served(unasked=f"{asked}: it refuses OPENAI_API_KEY, or wants one")
    return Served(models_in(answer))


def models_in(answer: httpx.Response) -> tuple[str, ...]:
    """The models that an answer to `GET /models` lists; none of one that is no such list."""
    try:
        return listed_models(answer.json()) if answer.is_success else ()
    except ValueError:  # a web page
        return ()


def not_served(llm: LLMSection, served: Sequence[str]) -> str | None:
    """What is wrong with the models of `labeltune.toml`, in a sentence; None where nothing is.

    Args:
        served: the names that the server lists; of a server without a list nothing is known.
    """
    asked = [("llm.model", llm.model), *(("llm.more_models", each) for each in llm.more_models)]
    for key, model in asked:
        if served and not is_served(model, served):
            return (
                f"{key} is {model!r}, but {address(llm.base_url)} serves {_told(model, served)}; "
                "drafts would be stamped with a model that did not write them, or fail: set "
                f"{key} in labeltune.toml to one that is served"
            )
    return None


def check_served(llm: LLMSection, served: Served, *, refuse: bool) -> str | None:
    """What a push should say of the model, or None.

    Args:
        refuse: of a server that serves one other model and nothing else, it is certain that no
            draft would come from the model that is asked for.

    Raises:
        ConfigError: that is so.
    """
    said = not_served(llm, served.models)
    if said is not None and refuse and len(served.models) == 1:
        raise ConfigError(said)
    return said or served.unasked


def _told(model: str, served: Sequence[str]) -> str:
    """The names that are served, the nearest first."""
    near = difflib.get_close_matches(model, served, n=_NAMED, cutoff=0.3)
    named = list(dict.fromkeys((*near, *served)))[:_NAMED]
    more = len(served) - len(named)
    return ", ".join(map(repr, named)) + (f" and {more} more" if more else "")
