"""Together AI's fine-tuning API: files and jobs at paths of its own, no labels, no losses.

Source, as of November 2026: docs.together.ai/reference, "Files" and "Fine-tuning" (version 2.0.0 of
its description); its package together-py for the names of a job's settings.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from connectors.finetune_api import (
    FinetuneError,
    JobNews,
    JobOrder,
    Json,
    RemoteFile,
    RemoteJob,
    RemoteState,
)
from connectors.finetune_events import number, words
from connectors.finetune_http import FinetuneHttp

_JOBS = "/fine-tunes"
_STATES: Mapping[str, RemoteState] = {
    "running": "running",
    "compressing": "running",
    "uploading": "running",
    "completed": "succeeded",
    "error": "failed",
    "user_error": "failed",
    "cancel_requested": "cancelled",
    "cancelled": "cancelled",
}


class TogetherFinetuning:
    """A client of Together."""

    def __init__(self, http: FinetuneHttp) -> None:
        self._http = http
        self.base_url = http.base_url

    def close(self) -> None:
        self._http.close()

    def find_file(self, name: str, size: int) -> RemoteFile | None:
        for entry in self._http.pages("/files"):
            # until it is read, a file has no bytes
            if entry.get("filename") == name and entry.get("bytes") in (size, 0, None):
                return _file(entry)
        return None

    def upload(self, path: Path, name: str) -> RemoteFile:
        form = {"purpose": "fine-tune", "file_name": name, "file_type": "jsonl"}
        return _file(self._http.post_file("/files/upload", path, name, form))

    def file(self, file_id: str) -> RemoteFile:
        return _file(self._http.get(f"/files/{file_id}"))

    def find_job(self, order: JobOrder, passed_over: Collection[str] = ()) -> RemoteJob | None:
        for entry in self._http.pages(_JOBS):
            if entry.get("id") not in passed_over and _is_of(entry, order):
                return _job(entry)
        return None

    def create_job(self, order: JobOrder) -> RemoteJob:
        return _job(self._http.post(_JOBS, together_body(order)))

    def job(self, job_id: str) -> RemoteJob:
        return _job(self._http.get(f"{_JOBS}/{job_id}"))

    def news(self, job: RemoteJob) -> JobNews:
        told = self._http.get(f"{_JOBS}/{job.id}/events").get("data") or []
        events = [one for one in told if isinstance(one, dict)]
        events.sort(key=lambda event: words(event.get("created_at")))
        at = max((int(number(event.get("step")) or 0) for event in events), default=0)
        total = max((int(number(event.get("total_steps")) or 0) for event in events), default=0)
        said = next((m for e in reversed(events) if (m := words(e.get("message")))), "")
        return JobNews((), total, said, at)

    def cancel(self, job_id: str) -> None:
        self._http.post(f"{_JOBS}/{job_id}/cancel")

    def pause(self, job_id: str) -> None:
        raise FinetuneError("Together can't pause a job")

    def resume(self, job_id: str) -> None:
        raise FinetuneError("Together can't pause a job")


def together_body(order: JobOrder) -> Json:
    """A job as Together is asked for it."""
    settings = dict(order.settings)
    beta = settings.pop("beta", None)
    method: Json = {"method": "sft" if order.method == "supervised" else order.method}
    if beta is not None:
        method["dpo_beta"] = beta
    epochs = settings.pop("epochs", 1)
    body: Json = {
        "model": order.base,
        "training_file": order.training_file,
        "suffix": order.name,
        "n_epochs": epochs,
        "training_method": method,
        **settings,
        **order.more,
    }
    if order.validation_file is not None:
        # without it the file is never looked at
        body |= {"validation_file": order.validation_file, "n_evals": epochs}
    return body


def _is_of(entry: Json, order: JobOrder) -> bool:
    """Whether a job is an order's: its suffix, which ends in our key, and its files."""
    named = words(entry.get("suffix")) == order.name
    return (
        (named or order.name in words(entry.get("model_output_name")))
        and entry.get("training_file") == order.training_file
        and (entry.get("validation_file") or None) == order.validation_file
    )


def _file(entry: Json) -> RemoteFile:
    processed = entry.get("Processed", entry.get("processed", True))
    return RemoteFile(str(entry.get("id")), "ready" if processed else "waiting")


def _job(entry: Json) -> RemoteJob:
    if not isinstance(entry.get("id"), str):
        raise FinetuneError("the answer is no fine-tuning job; is it Together's address?")
    state = _STATES.get(words(entry.get("status")), "waiting")
    tokens = number(entry.get("token_count"))
    return RemoteJob(
        id=entry["id"],
        state=state,
        model=(entry.get("model_output_name") or None) if state == "succeeded" else None,
        trained_tokens=None if tokens is None else int(tokens),
        facts={
            name: entry[name]
            for name in ("created_at", "updated_at", "total_price", "n_epochs", "training_type")
            if entry.get(name) is not None
        },
    )
