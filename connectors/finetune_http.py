"""Calls of a provider's fine-tuning API, by the `openai` client: its JSON, or one kind of error."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.extras import told
from connectors.finetune_api import FinetuneError, Json
from connectors.llm_reasons import server_reason

if TYPE_CHECKING:
    import openai

CONNECT_TIMEOUT_S = 10.0
ANSWER_TIMEOUT_S = 60.0
# half a gigabyte at 1 MB/s
UPLOAD_TIMEOUT_S = 600.0
# of what only reads: with pauses of up to 8 s, half a minute in all
READ_RETRIES = 6
_PAGE = 100
# a list that goes in a circle ends here
_MOST_PAGES = 1000
_PASSING = (408, 409, 425, 429)


class FinetuneHttp:
    """A client of one provider.

    Args:
        key: from the environment; never shown.
        key_name: of the variable, for messages.
        headers: that the provider asks for beside the key.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        key_name: str,
        headers: Mapping[str, str] | None = None,
        retries: int = READ_RETRIES,
    ) -> None:
        with told("fine-tuning at an endpoint"):
            import openai
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=key,
            default_headers=headers,
            timeout=openai.Timeout(ANSWER_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            max_retries=retries,
        )
        self._key_name = key_name
        self.base_url = str(self._client.base_url).rstrip("/")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str, **query: Any) -> Json:
        """What a path answers, repeated while a failure may pass.

        Raises:
            FinetuneError: no answer, a bad one, or no JSON object.
        """
        return self._json(lambda: self._client.get(path, cast_to=object, options={"params": query}))

    def text(self, path: str) -> bytes:
        """A file's content.

        Raises:
            FinetuneError: as with `get`.
        """
        return bytes(self._called(lambda: self._client.get(path, cast_to=bytes)))

    def post(self, path: str, body: Json | None = None, **query: Any) -> Json:
        """Make something; tried once, since it may have been made when an answer is lost.

        Raises:
            FinetuneError: as with `get`.
        """
        once = self._client.with_options(max_retries=0)
        return self._json(
            lambda: once.post(path, cast_to=object, body=body or {}, options={"params": query})
        )

    def post_file(self, path: str, file: Path, name: str, form: Mapping[str, str]) -> Json:
        """Upload a file with a form beside it; tried once.

        Raises:
            FinetuneError: as with `get`, or the file can't be read.
        """
        once = self._client.with_options(max_retries=0, timeout=UPLOAD_TIMEOUT_S)
        try:
            with file.open("rb") as content:
                return self._json(
                    lambda: once.post(
                        path,
                        cast_to=object,
                        body=dict(form),
                        files=[("file", (name, content, "application/jsonl"))],
                        options={"headers": {"Content-Type": "multipart/form-data"}},
                    )
                )
        except OSError as error:
            raise FinetuneError(f"{file}: can't be read ({error.strerror or error})") from error

    def pages(self, path: str, **query: Any) -> Iterator[Json]:
        """Each entry of a list, once, whatever pages it comes in.

        A server that knows no pages sends the same list again, and one may repeat entries that
        moved meanwhile.

        Raises:
            FinetuneError: as with `get`.
        """
        seen: set[str] = set()
        after: dict[str, str] = {}
        for _ in range(_MOST_PAGES):
            page = self.get(path, limit=_PAGE, **query, **after)
            entries = [one for one in page.get("data") or () if isinstance(one, dict)]
            fresh = [one for one in entries if one.get("id") not in seen]
            for entry in fresh:
                if entry["id"] not in seen:  # twice on one page
                    seen.add(entry["id"])
                    yield entry
            if not fresh or not page.get("has_more"):
                return
            after = {"after": str(entries[-1].get("id"))}

    def _json(self, call: Any) -> Json:
        found = self._called(call)
        if not isinstance(found, dict):
            raise FinetuneError(
                f"{self.base_url} answered no JSON object; is it the address of a fine-tuning API "
                "(most end in /v1)?",
                uncertain=True,
            )
        return found

    def _called(self, call: Any) -> Any:
        import openai

        try:
            return call()
        except openai.APITimeoutError as error:
            raise FinetuneError(
                f"{self.base_url} did not answer in time", uncertain=True
            ) from error
        except openai.APIStatusError as error:
            raise self._refused(error) from error
        except (openai.APIConnectionError, openai.APIResponseValidationError) as error:
            raise FinetuneError(
                f"{self.base_url} can't be reached, or broke off", uncertain=True
            ) from error
        except ValueError as error:  # a body that is no JSON
            raise FinetuneError(f"{self.base_url} answered no JSON", uncertain=True) from error

    def _refused(self, error: "openai.APIStatusError") -> FinetuneError:
        status = error.status_code
        said = server_reason(error.response.text, [], self._client.api_key)
        quoted = f': "{said}"' if said else ""
        where = f"{self.base_url} refused {self._key_name}" if status == 401 else self.base_url
        return FinetuneError(
            f"{where} answered {status}{quoted}",
            status=status,
            code=_code(error),
            said=said,
            uncertain=status in _PASSING or status >= 500,
        )


def _code(error: "openai.APIStatusError") -> str:
    """The provider's own code of a refusal."""
    body = error.body if isinstance(error.body, dict) else {}
    inner = body.get("error") if isinstance(body.get("error"), dict) else body
    found = error.code or (inner or {}).get("code") or (inner or {}).get("type")
    return str(found) if isinstance(found, str | int) else ""
