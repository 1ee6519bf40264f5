"""Whether a service answers; one that is down is a result with its reason, not an error."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from connectors.llm_models import models_url
from sync.intake.services.served_models import models_in, not_served
from sync.settings import LLMSection

# (URL, Authorization header or None) -> answer
Ask = Callable[[str, str | None], httpx.Response]


def get(url: str, authorization: str | None) -> httpx.Response:
    """A GET that waits 2 s."""
    return httpx.get(
        url, timeout=2.0, headers={"Authorization": authorization} if authorization else {}
    )


@dataclass(frozen=True)
class ServiceStatus:
    """Whether a service answers; `detail` says what is wrong when it does not."""

    url: str
    up: bool
    detail: str = ""


@dataclass(frozen=True)
class ModelStatus(ServiceStatus):
    """The model server.

    Attributes:
        serves: the models that it lists; empty where it has no list.
        problem: a model of `labeltune.toml` that is not among them, in a sentence; None: all are.
    """

    serves: tuple[str, ...] = ()
    problem: str | None = None


def model_status(llm: LLMSection, key: str | None, ask: Ask) -> ModelStatus:
    """Whether the model server answers, and whether it serves the models of `labeltune.toml`."""
    url, heard = llm.base_url, list[httpx.Response]()

    def listen(url: str, authorization: str | None) -> httpx.Response:
        heard.append(ask(url, authorization))
        return heard[-1]

    bearer = f"Bearer {key}" if key else None
    found = answering(url, models_url(url), listen, bearer, "OPENAI_API_KEY")
    serves = models_in(heard[-1]) if found.up else ()
    return ModelStatus(url, found.up, found.detail, serves, not_served(llm, serves))


def answering(
    url: str, probe: str, ask: Ask, authorization: str | None, secret: str
) -> ServiceStatus:
    """Ask a service.

    Args:
        probe: what is asked, below its URL.
        secret: what to call the authorization where it is refused.
    """
    try:
        answer = ask(probe, authorization)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return down(url, error)
    if answer.status_code in (401, 403):
        return ServiceStatus(url, up=False, detail=f"it refuses {secret}")
    if not answer.is_success:
        return ServiceStatus(url, up=False, detail=f"{probe} answered {answer.status_code}")
    return ServiceStatus(url, up=True)


def health(url: str) -> str:
    """Where Label Studio and the backend say that they are up."""
    return f"{url.rstrip('/')}/health"


def down(url: str, error: Exception) -> ServiceStatus:
    """A service that could not be asked."""
    return ServiceStatus(url, up=False, detail=str(error) or type(error).__name__)
