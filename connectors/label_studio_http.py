"""How calls to Label Studio travel: retries, time-outs, and what went wrong as one sentence.

label-studio-sdk is passed over: importing it takes a second, its typed models are slow on large
listings and drop fields that they do not know, and it forgets the sub-path of a server's address.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, TypeVar

import httpx

from connectors.errors import LabelStudioError
from connectors.label_studio_auth import RefreshRefused, authentication
from connectors.retries import Unanswered, attempts
from connectors.task_pages import Json

_Answer = TypeVar("_Answer")
# fields of a form, each with the name of a file, its content and where it matters its type
FormFiles = Sequence[tuple[str, tuple[str, bytes] | tuple[str, bytes, str]]]

_CONNECT_S = 10.0


class Transport:
    """JSON calls to one server; threads may share it."""

    def __init__(
        self, url: str, api_key: str | None, timeout_s: float, patience_s: float = 10.0
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            timeout_s: silence in the middle of a call that is taken for a failure.
            patience_s: how long a server that has answered before may be away, as while it is
                started again.

        Raises:
            LabelStudioError: no key, or a personal access token that has expired.
        """
        if not api_key:
            raise LabelStudioError(
                "no Label Studio key: set LABEL_STUDIO_API_KEY in the environment or in .env "
                "(Label Studio > Account & Settings > Access Token)"
            )
        self.url = url.rstrip("/")
        self._patience_s = patience_s
        self._reached = False
        self._client = httpx.Client(
            auth=authentication(self.url, api_key),
            timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, _CONNECT_S)),
            follow_redirects=True,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def object(self, method: str, path: str, **request: Any) -> Json:
        """A call that answers a JSON object; see `call`."""
        answer = self.call(method, path, **request)
        if not isinstance(answer, dict):
            raise LabelStudioError(
                f"{self.url}/{path} answered a {type(answer).__name__}, not an object"
            )
        return answer

    def list(self, method: str, path: str, **request: Any) -> list[Json]:
        """A call that answers a JSON list; see `call`."""
        answer = self.call(method, path, **request)
        if not isinstance(answer, list):
            raise LabelStudioError(
                f"{self.url}/{path} answered a {type(answer).__name__}, not a list"
            )
        return answer

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Json | None = None,
        body: Any = None,
        files: FormFiles | None = None,
        retry: bool = True,
    ) -> Any:
        """One call; returns the answer's JSON, or None when it has no body.

        Args:
            body: written as JSON; bytes are JSON already.
            files: sent as a form in place of a body: its fields, each with name and content.
            retry: whether it may be repeated; never for what a repeat would double.

        Raises:
            LabelStudioError: not reached, refused, or no JSON; `status` tells which refusal.
        """
        sent = self.response(method, path, params=params, body=body, files=files, retry=retry)
        return self.json(path, sent)

    def json(self, path: str, response: httpx.Response) -> Any:
        """An answer's JSON, or None when it has no body.

        Raises:
            LabelStudioError: it is no JSON.
        """
        if response.status_code == 204 or not response.content:
            return None
        try:
            return response.json()
        except ValueError as error:
            raise self.no_json(path) from error

    def response(
        self,
        method: str,
        path: str,
        *,
        params: Json | None = None,
        body: Any = None,
        files: FormFiles | None = None,
        retry: bool = True,
    ) -> httpx.Response:
        """The answer of a call, read and with a good status; see `call`."""

        request: Json = {"json": body} if files is None else {"files": files}
        if isinstance(body, bytes):
            request = {"content": body, "headers": {"Content-Type": "application/json"}}

        def send() -> httpx.Response:
            sent = self._client.request(method, f"{self.url}/{path}", params=params, **request)
            return self._judged(sent)

        return self._attempts(method, path, send, retry=retry)

    def download(self, path: str, file: BinaryIO, params: Json, timeout_s: float) -> None:
        """Write the answer of a GET into a file, from its start; begun again when it breaks off.

        Args:
            timeout_s: as Label Studio may take long before it sends the first byte.

        Raises:
            LabelStudioError: not reached or refused.
        """

        def fetch() -> None:
            file.seek(0)
            file.truncate()
            url = f"{self.url}/{path}"
            with self._client.stream("GET", url, params=params, timeout=timeout_s) as response:
                if not response.is_success:
                    response.read()
                self._judged(response)
                for part in response.iter_bytes():
                    file.write(part)

        self._attempts("GET", path, fetch, retry=True)

    def no_json(self, path: str) -> LabelStudioError:
        """The sentence for an answer of something else than Label Studio."""
        return LabelStudioError(
            f"{self.url}/{path} answered no JSON; is LABEL_STUDIO_URL a Label Studio?"
        )

    def _judged(self, response: httpx.Response) -> httpx.Response:
        self._reached = True
        if not response.is_success:
            raise Unanswered(response)
        return response

    def _attempts(
        self, method: str, path: str, send: Callable[[], _Answer], *, retry: bool
    ) -> _Answer:
        patience_s = (lambda: self._patience_s if self._reached else None) if retry else None
        try:
            return attempts(send, patience_s)
        except httpx.TimeoutException as error:
            raise LabelStudioError(
                f"Label Studio at {self.url} did not answer {method} {path} in time; try again, "
                "or see its log"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise LabelStudioError(
                f"Label Studio at {self.url} can't be reached ({error}); "
                "start it with `labeltune up`, or correct LABEL_STUDIO_URL"
            ) from error
        except (Unanswered, RefreshRefused) as error:
            if error.response.is_success:  # an access token was promised, and none came
                raise self.no_json(path) from error
            raise self._refused(method, path, error.response) from error

    def _refused(self, method: str, path: str, response: httpx.Response) -> LabelStudioError:
        status = response.status_code
        # of a backend's address, Label Studio says 403 as well
        if status == 401 or (status == 403 and not path.startswith("api/ml")):
            return LabelStudioError(
                f"Label Studio at {self.url} refused the key ({status}); put a valid token into "
                "LABEL_STUDIO_API_KEY (legacy tokens must be switched on in its settings)",
                status,
            )
        brief = f"Label Studio at {self.url} refused {method} {path} ({status})"
        return LabelStudioError(f"{brief}: {_detail(response.text)}", status, brief=brief)


def _detail(text: str) -> str:
    """What Label Studio says was wrong, without the surrounding JSON; at most 300 characters."""
    try:
        body = json.loads(text)
    except ValueError:
        return " ".join(text.split())[:300]
    if isinstance(body, dict):
        said = body.get("validation_errors") or body.get("detail") or body
        return str(said)[:300]
    return str(body)[:300]
