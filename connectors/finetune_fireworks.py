"""Fireworks AI's fine-tuning API: datasets and jobs whose ids we choose, so that each is made once.

Source, as of November 2026: docs.fireworks.ai/fine-tuning/fine-tuning-via-api and
docs.fireworks.ai/api-reference (datasets, supervised fine-tuning jobs, DPO jobs).
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from connectors.finetune_api import (
    FileState,
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

_SUPERVISED, _DPO = "supervisedFineTuningJobs", "dpoJobs"
_FILE_STATES: Mapping[str, FileState] = {"READY": "ready", "UPLOADING": "waiting"}
_STATES: Mapping[str, RemoteState] = {
    "RUNNING": "running",
    "WRITING_RESULTS": "running",
    "EVALUATION": "running",
    "ROLLOUT": "running",
    "PAUSED": "paused",
    "COMPLETED": "succeeded",
    "FAILED": "failed",
    "FAILED_CLEANING_UP": "failed",
    "EXPIRED": "failed",
    "CANCELLED": "cancelled",
    "DELETING": "cancelled",
}


class FireworksFinetuning:
    """A client of Fireworks; the address ends in `/accounts/NAME`."""

    def __init__(self, http: FinetuneHttp) -> None:
        self._http = http
        self.base_url = http.base_url
        self._account = "/".join(http.base_url.split("/")[-2:])

    def close(self) -> None:
        self._http.close()

    def find_file(self, name: str, size: int) -> RemoteFile | None:
        # one that is not whole is uploaded again under the same id
        found = self._there(f"/datasets/{_id_of(name)}")
        return _file(found) if found and found.get("state") == "READY" else None

    def upload(self, path: Path, name: str) -> RemoteFile:
        own_id = _id_of(name)
        if self._there(f"/datasets/{own_id}") is None:
            self._http.post("/datasets", {"datasetId": own_id, "dataset": {"userUploaded": {}}})
        self._http.post_file(f"/datasets/{own_id}:upload", path, name, {})
        return RemoteFile(own_id, "waiting")

    def file(self, file_id: str) -> RemoteFile:
        return _file(self._http.get(f"/datasets/{file_id}"))

    def find_job(self, order: JobOrder, passed_over: Collection[str] = ()) -> RemoteJob | None:
        found = self._there(f"/{_path_of(order)}")
        return None if found is None else _job(found, _path_of(order))

    def create_job(self, order: JobOrder) -> RemoteJob:
        path = _path_of(order)
        kind, _, own_id = path.partition("/")
        asked = {f"{kind.removesuffix('s')}Id": own_id}
        body = fireworks_body(order, self._account)
        return _job(self._http.post(f"/{kind}", body, **asked), path)

    def job(self, job_id: str) -> RemoteJob:
        return _job(self._http.get(f"/{job_id}"), job_id)

    def news(self, job: RemoteJob) -> JobNews:
        return JobNews(said=job.reason)

    def cancel(self, job_id: str) -> None:
        self._http.post(f"/{job_id}:cancel")

    def pause(self, job_id: str) -> None:
        raise FinetuneError("Fireworks can't pause a job")

    def resume(self, job_id: str) -> None:
        raise FinetuneError("Fireworks can't pause a job")

    def _there(self, path: str) -> Json | None:
        """What a path answers; None where there is nothing."""
        try:
            return self._http.get(path)
        except FinetuneError as error:
            if error.status == 404:
                return None
            raise


def fireworks_body(order: JobOrder, account: str) -> Json:
    """A job as Fireworks is asked for it.

    Args:
        account: `accounts/NAME`, which the names of its things begin with.
    """
    names = {
        "epochs": "epochs",
        "learning_rate": "learningRate",
        "batch_size": "batchSizeSamples",
    }
    settings = {names[name]: v for name, v in order.settings.items() if name in names}
    training = {
        "baseModel": order.base,
        "outputModel": f"{account}/models/{order.name}",
        **settings,
    }
    body: Json = {"dataset": f"{account}/datasets/{order.training_file}", **order.more}
    body["displayName"] = order.name
    if order.method == "dpo":
        loss: Json = {"method": "DPO"}
        if (beta := order.settings.get("beta")) is not None:
            loss["klBeta"] = beta
        return {**body, "trainingConfig": training, "lossConfig": loss}
    if order.validation_file is not None:
        body["evaluationDataset"] = f"{account}/datasets/{order.validation_file}"
    return {**body, **training}


def _path_of(order: JobOrder) -> str:
    """Where an order's job is: its id is our key, and how often one failed before."""
    kind = _DPO if order.method == "dpo" else _SUPERVISED
    again = f"-{order.attempt}" if order.attempt else ""
    return f"{kind}/labeltune-{order.key[:32]}{again}"


def _id_of(name: str) -> str:
    return name.removesuffix(".jsonl")


def _file(entry: Json) -> RemoteFile:
    own_id = words(entry.get("name")).rpartition("/")[2]
    state = _FILE_STATES.get(words(entry.get("state")), "waiting")
    status = entry.get("status")
    failed = isinstance(status, dict) and words(status.get("code")) not in ("", "OK")
    reason = words(status.get("message")) if isinstance(status, dict) else ""
    return RemoteFile(own_id, "broken" if failed else state, reason)


def _job(entry: Json, path: str) -> RemoteJob:
    status = entry.get("status") if isinstance(entry.get("status"), dict) else {}
    progress = entry.get("jobProgress") if isinstance(entry.get("jobProgress"), dict) else {}
    training = entry.get("trainingConfig") if isinstance(entry.get("trainingConfig"), dict) else {}
    state = _STATES.get(words(entry.get("state")).removeprefix("JOB_STATE_"), "waiting")
    percent = number((progress or {}).get("percent"))
    model = entry.get("outputModel") or (training or {}).get("outputModel")
    code = words((status or {}).get("code"))
    return RemoteJob(
        id=path,
        state=state,
        model=(words(model) or None) if state == "succeeded" else None,
        code="" if code == "OK" else code,
        reason=words((status or {}).get("message")),
        share=None if percent is None else min(1.0, percent / 100),
        facts={
            name: entry[name]
            for name in ("name", "createTime", "completedTime", "estimatedCost")
            if entry.get(name) is not None
        },
    )
