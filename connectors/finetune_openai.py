"""OpenAI's own fine-tuning API, which Azure and gateways speak, too.

Sources, as of November 2026: developers.openai.com/api/reference, "Files" and "Fine-tuning";
learn.microsoft.com/azure/ai-services/openai/how-to/fine-tuning (Azure waits for a file to be
processed, sends null where OpenAI sends a list, and calls a job "pending" or "notRunning").
"""

import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from connectors.finetune_api import (
    FileState,
    FinetuneError,
    JobNews,
    JobOrder,
    JobStep,
    Json,
    RemoteFile,
    RemoteJob,
    RemoteState,
)
from connectors.finetune_events import merged, number, result_steps, step_of, total_of, words
from connectors.finetune_http import FinetuneHttp

_JOBS = "/fine_tuning/jobs"
# of a server that has not all of the API
_UNKNOWN = (404, 405, 501)
# on the job, so that it is found again
KEY_LABEL = "labeltune_key"
_FILE_STATES: Mapping[str, FileState] = {
    "processed": "ready",
    "error": "broken",
    "failed": "broken",
    "deleted": "broken",
}
_STATES: Mapping[str, RemoteState] = {
    "running": "running",
    "paused": "paused",
    "pausing": "paused",
    "succeeded": "succeeded",
    "failed": "failed",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "deleted": "cancelled",
}
_SETTINGS = {
    "epochs": "n_epochs",
    "batch_size": "batch_size",
    "learning_rate_multiplier": "learning_rate_multiplier",
    "beta": "beta",
}


class OpenAIFinetuning:
    """A client of OpenAI's form of the API.

    Args:
        waits_for_files: whether a job can only be made of files that were processed.
    """

    def __init__(self, http: FinetuneHttp, *, waits_for_files: bool = False) -> None:
        self._http = http
        self._waits = waits_for_files
        self.base_url = http.base_url

    def close(self) -> None:
        self._http.close()

    def find_file(self, name: str, size: int) -> RemoteFile | None:
        for entry in self._http.pages("/files", purpose="fine-tune"):
            if entry.get("filename") == name and entry.get("bytes") in (size, None):
                found = self._file(entry)
                if found.state != "broken":
                    return found
        return None

    def upload(self, path: Path, name: str) -> RemoteFile:
        return self._file(self._http.post_file("/files", path, name, {"purpose": "fine-tune"}))

    def file(self, file_id: str) -> RemoteFile:
        return self._file(self._http.get(f"/files/{file_id}"))

    def _file(self, entry: Json) -> RemoteFile:
        told = str(entry.get("status") or "processed")
        state = _FILE_STATES.get(told, "waiting" if self._waits else "ready")
        return RemoteFile(str(entry.get("id")), state, words(entry.get("status_details")))

    def find_job(self, order: JobOrder, passed_over: Collection[str] = ()) -> RemoteJob | None:
        for entry in self._http.pages(_JOBS):
            if entry.get("id") not in passed_over and _is_of(entry, order):
                return read_job(entry)
        return None

    def create_job(self, order: JobOrder) -> RemoteJob:
        return read_job(self._http.post(_JOBS, job_body(order)))

    def job(self, job_id: str) -> RemoteJob:
        return read_job(self._http.get(f"{_JOBS}/{job_id}"))

    def news(self, job: RemoteJob) -> JobNews:
        events = self._events(job.id)
        events.sort(key=lambda event: (number(event.get("created_at")) or 0, step_of(event).step))
        steps, total = merged(map(step_of, events)), max(map(total_of, events), default=0)
        if job.state == "succeeded" and not steps:
            steps = merged(self._results(job))
        said = next((m for e in reversed(events) if (m := words(e.get("message")))), "")
        return JobNews(steps, total, said)

    def _events(self, job_id: str) -> list[Json]:
        """What a job has told; nothing at a server that keeps no events."""
        try:
            return list(self._http.pages(f"{_JOBS}/{job_id}/events"))
        except FinetuneError as error:
            if error.status in _UNKNOWN:
                return []
            raise

    def _results(self, job: RemoteJob) -> Iterator[JobStep]:
        """The losses in a job's files of results, of one that told none meanwhile."""
        for file_id in job.results:
            try:
                content = self._http.text(f"/files/{file_id}/content")
            except FinetuneError:
                continue  # a curve is a help, and the model is there without it
            yield from result_steps(content)

    def cancel(self, job_id: str) -> None:
        self._http.post(f"{_JOBS}/{job_id}/cancel")

    def pause(self, job_id: str) -> None:
        self._http.post(f"{_JOBS}/{job_id}/pause")

    def resume(self, job_id: str) -> None:
        self._http.post(f"{_JOBS}/{job_id}/resume")


def job_body(order: JobOrder) -> Json:
    """A job as OpenAI is asked for it."""
    settings = {_SETTINGS[name]: value for name, value in order.settings.items()}
    more = dict(order.more)
    of_method = {"hyperparameters": settings, **more.pop("method", {})}
    body: Json = {
        "model": order.base,
        "training_file": order.training_file,
        "suffix": order.name,
        "metadata": {KEY_LABEL: order.key, **order.labels},
        "method": {"type": order.method, order.method: of_method},
        **more,
    }
    if order.validation_file is not None:
        body["validation_file"] = order.validation_file
    if order.seed is not None:
        body["seed"] = order.seed
    return body


def _is_of(entry: Json, order: JobOrder) -> bool:
    """Whether a job is an order's: by our key on it, or by its files where it keeps no labels."""
    labels = entry.get("metadata")
    if isinstance(labels, dict) and KEY_LABEL in labels:
        return bool(labels[KEY_LABEL] == order.key)
    suffix = entry.get("user_provided_suffix", entry.get("suffix"))
    return (
        not labels
        and suffix == order.name
        and entry.get("training_file") == order.training_file
        and entry.get("validation_file") == order.validation_file
        and str(entry.get("model", "")).startswith(order.base)
    )


def read_job(entry: Json) -> RemoteJob:
    """A job as OpenAI tells it; what others leave out or send as null is not told.

    Raises:
        FinetuneError: it is no job.
    """
    if not isinstance(entry.get("id"), str):
        raise FinetuneError("the answer is no fine-tuning job; is it a fine-tuning API?")
    error = entry.get("error") if isinstance(entry.get("error"), dict) else {}
    finish = number(entry.get("estimated_finish"))
    tokens, seed = number(entry.get("trained_tokens")), number(entry.get("seed"))
    return RemoteJob(
        id=entry["id"],
        state=_STATES.get(str(entry.get("status")), "waiting"),
        model=entry.get("fine_tuned_model") or None,
        code=words((error or {}).get("code")),
        reason=words((error or {}).get("message")),
        trained_tokens=None if tokens is None else int(tokens),
        seed=None if seed is None else int(seed),
        seconds_left=None if finish is None else max(0.0, finish - time.time()),
        results=tuple(filter(lambda one: isinstance(one, str), entry.get("result_files") or ())),
        facts={
            name: entry[name]
            for name in ("method", "hyperparameters", "created_at", "finished_at", "result_files")
            if entry.get(name) is not None
        },
    )
