"""Is the user's own model endpoint there, and does it take the key?"""

import httpx

from sync.common.errors import StackError
from sync.intake.services.served_models import Served, models_in


def require_endpoint(url: str, key: str | None, timeout_s: float = 10.0) -> Served:
    """Ask an OpenAI-compatible endpoint for its models, before anything is started.

    An endpoint without such a list passes: it is only asked to be there and to take the key.

    Returns:
        The models that it lists.

    Raises:
        StackError: it can't be reached, or refuses the key.
    """
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        answer = httpx.get(f"{url}/models", headers=headers, timeout=timeout_s)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise StackError(
            f"{url}: the model endpoint can't be reached ({type(error).__name__}); correct "
            "--llm-url or llm.base_url in labeltune.toml"
        ) from error
    if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        what = "refuses the key in OPENAI_API_KEY" if key else "wants a key"
        raise StackError(
            f"{url}: the model endpoint {what} ({answer.status_code}); put a valid one into the "
            "environment variable OPENAI_API_KEY"
        )
    return Served(models_in(answer))
