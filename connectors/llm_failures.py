"""The sentence for each way in which a model endpoint fails, with the server's own reason.

What is shown of a reason is for `llm_reasons` to say: nothing of the prompt, and no key.
"""

import re
from collections.abc import Callable, Set
from dataclasses import replace

import httpx
import openai

from connectors.errors import ContextTooLong, LLMError, LLMUnavailable, PicturesRefused
from connectors.llm_bodies import NO_CHOICE, STREAM, NoCompletionError
from connectors.llm_refusals import Refusal

REFUSALS = (400, 413, 422)
PASSING = (408, 409, 429)
# a server's body -> its reason as it can be shown
ShownReason = Callable[[str], str]


def refusal_in(error: Exception, suspects: Set[str] = frozenset()) -> Refusal | None:
    """The refusal behind a failed call; None where the server did not object to the request.

    Some servers answer 500 where a chat template fails, and some 200 with an error in it.

    Args:
        suspects: options that a 500 that lasts may be about: SGLang and mistral.rs do not tell.
    """
    if isinstance(error, openai.APIStatusError):
        refusal = Refusal(error.status_code, error.response.text, error.code)
    elif isinstance(error, NoCompletionError) and error.error is not None:
        refusal = Refusal(error.code or 200, error.error)
    else:
        return None
    objects = refusal.status in REFUSALS or (
        refusal.status not in (401, 403, *PASSING)
        and (_lacks(refusal) or (refusal.status != 404 and refusal.about_turns))
    )
    if objects:
        return refusal
    lasts = isinstance(error, openai.InternalServerError) and error.status_code == 500
    return replace(refusal, suspected=frozenset(suspects)) if suspects and lasts else None


def _lacks(refusal: Refusal) -> bool:
    return refusal.about_missing_tools or refusal.about_missing_pictures


def not_again_if_refused(response: httpx.Response) -> None:
    """Keep the client from repeating a call that the model or its chat template can't take."""
    if response.status_code == 500:
        response.read()
        refusal = Refusal(500, response.text)
        if refusal.about_turns or _lacks(refusal):
            response.headers["x-should-retry"] = "false"


def failure(
    error: openai.APIError, base_url: str, timeout_s: float, reason: ShownReason
) -> LLMError:
    """The error for a call that still failed after the client's retries."""
    where = f"the model at {base_url}"
    if isinstance(error, openai.APITimeoutError):
        return LLMUnavailable(f"{where} did not answer within {timeout_s:g} s")
    if isinstance(error, openai.APIConnectionError):
        return LLMUnavailable(f"{where} can't be reached; is it running?")
    if not isinstance(error, openai.APIStatusError):
        return LLMUnavailable(f"{where} failed ({type(error).__name__})")
    status = _status(error.status_code, error.code)
    said = "" if error.status_code == 401 else _quoted(reason(error.response.text))
    if error.status_code in PASSING or error.status_code >= 500:
        wait_s = _seconds(error.response.headers.get("retry-after"))
        return LLMUnavailable(f"{where} is not available ({status}){said}", wait_s)
    if error.status_code in (401, 403):
        return LLMError(f"{where} refused OPENAI_API_KEY ({status}){said}")
    if error.status_code == 404:
        return LLMError(f"{where} is not found ({status}){said}; correct llm.model or llm.base_url")
    return LLMError(f"{where} refused the request ({status}){said}")


def refused(refusal: Refusal, base_url: str, reason: ShownReason) -> LLMError:
    """The error for a call that the server refuses even without its options."""
    status = _status(refusal.status, refusal.code)
    said = _quoted(reason(refusal.text))
    return LLMError(f"the model at {base_url} refused the request ({status}){said}")


def sees_nothing(base_url: str) -> PicturesRefused:
    """The error for pictures that a model does not see."""
    return PicturesRefused(
        f"the model at {base_url} sees no pictures, and the task holds some; name a vision model "
        "as llm.model, or answer it without a draft"
    )


def pictures_refused(refusal: Refusal, base_url: str, reason: ShownReason) -> PicturesRefused:
    """The error for a call with pictures that the server refuses: other tasks may be drafted."""
    return PicturesRefused(str(refused(refusal, base_url, reason)))


def too_long(base_url: str, context_tokens: int | None) -> ContextTooLong:
    """The error for a prompt and reply that are too long."""
    size = f" of {context_tokens} tokens" if context_tokens else ""
    return ContextTooLong(
        f"the prompt is too long for the context{size} of the model at {base_url}; "
        "shorten it or lower llm.max_tokens",
        context_tokens,
    )


def no_completion(error: NoCompletionError, base_url: str, reason: ShownReason) -> LLMUnavailable:
    """The error for an answer with status 200 that is not a chat completion."""
    if error.error is not None:
        code = f", code {error.code}" if error.code else ""
        said = _quoted(reason(error.error))
        return LLMUnavailable(
            f"the model at {base_url} answered an error with status 200{code}{said}"
        )
    advice = {
        STREAM: "have the server, or the gateway before it, answer without streaming",
        NO_CHOICE: "see the server's log for why it made none",
    }.get(error.what, "is it the URL of an OpenAI-compatible server (most end in /v1)?")
    return LLMUnavailable(f"{base_url} answered no chat completion but {error.what}; {advice}")


def _status(status: int, code: object) -> str:
    # an identifier can be shown; free text may repeat the prompt or the key
    known = isinstance(code, str) and re.fullmatch(r"[a-z]+(_[a-z]+)+", code)
    return f"{status}, {code}" if known else str(status)


def _quoted(said: str) -> str:
    return f': "{said}"' if said else ""


def _seconds(header: str | None) -> float | None:
    try:
        return max(0.0, float(header or ""))
    except ValueError:
        return None
