"""Stand-ins of APIs that are not OpenAI's, on the same server and with the same faults."""

import re
from typing import Any

from tests.sync.tuning.jobs.standin import Json, Refused, StandIn


class TogetherStandIn(StandIn):
    """Together's: no pages, no labels; a file has no bytes until it is read."""

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        if (method, path) == ("POST", "/v1/files/upload"):
            made = self.upload(*body)
            return self._told(made) | {"bytes": 0, "Processed": False}
        if path == "/v1/files":
            return {"data": [self._told(file) for file in self.files.values()]}
        if found := re.fullmatch(r"/v1/files/([\w-]+)", path):
            return self._told(self.files[found[1]])
        if (method, path) == ("POST", "/v1/fine-tunes"):
            number = len(self.jobs) + 1
            made = {**body, "id": f"ft-{number}", "status": "pending", "token_count": 0}
            made["model_output_name"] = f"me/{body['model']}-{body['suffix']}-{number}"
            self.jobs[made["id"]] = made
            self.looks[made["id"]] = 0
            return made
        if path == "/v1/fine-tunes":
            hidden = [{k: v for k, v in job.items() if k != "suffix"} for job in self.jobs.values()]
            return {"data": hidden}
        if found := re.fullmatch(r"/v1/fine-tunes/([\w-]+)(/\w+)?", path):
            return self._of_job(found[1], found[2])
        return Refused.error(404, "no such path")

    def _told(self, file: Json) -> Json:
        named = {"id": file["id"], "filename": file["filename"], "bytes": file["bytes"]}
        return {**named, "Processed": True}

    def _of_job(self, job_id: str, what: str | None) -> Json:
        job = self.jobs[job_id]
        if what == "/cancel":
            job["status"] = "cancelled"
        elif what == "/events":
            done = {"message": "Epoch completed, at step 2", "step": 2, "total_steps": 4}
            return {"data": [{"object": "fine-tune-event", "created_at": "2026-11-30", **done}]}
        elif job["status"] != "cancelled":
            self.looks[job_id] += 1
            ended = self.looks[job_id] > 3
            job["status"] = (
                "completed" if ended else ("queued", "running", "uploading")[self.looks[job_id] - 1]
            )
            job["token_count"] = 9000 if ended else 0
        return dict(job)


class FireworksStandIn(StandIn):
    """Fireworks': whoever makes something chooses its id, and can't make it twice."""

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        own = path.removeprefix("/v1")
        if (method, own) == ("POST", "/datasets"):
            return self._make(self.files, body["datasetId"], {"state": "UPLOADING"}, "datasets")
        if found := re.fullmatch(r"/datasets/([\w-]+):upload", own):
            self.contents[found[1]] = body[1]
            self.files[found[1]]["state"] = "READY"
            return {}
        if found := re.fullmatch(r"/datasets/([\w-]+)", own):
            return self.files.get(found[1], Refused(404, {"code": 5, "message": "not found"}))
        if method == "POST" and own in ("/supervisedFineTuningJobs", "/dpoJobs"):
            kind = own.strip("/")
            own_id = query[f"{kind.removesuffix('s')}Id"]
            return self._make(self.jobs, f"{kind}/{own_id}", body, kind)
        if found := re.fullmatch(r"/(\w+Jobs/[\w-]+):cancel", own):
            self.jobs[found[1]]["state"] = "JOB_STATE_CANCELLED"
            return {}
        return self._look(own.strip("/"))

    def _make(self, place: dict[str, Json], own_id: str, body: Json, kind: str) -> Any:
        with self.lock:
            if own_id in place:
                return Refused(409, {"code": 6, "message": "already exists"})
            name = f"accounts/me/{kind}/{own_id.rpartition('/')[2]}"
            place[own_id] = {"state": "JOB_STATE_CREATING", **body, "name": name}
            self.looks[own_id] = 0
            return dict(place[own_id])

    def _look(self, own_id: str) -> Any:
        job = self.jobs.get(own_id)
        if job is None:
            return Refused(404, {"code": 5, "message": "not found"})
        self.looks[own_id] += 1
        if job["state"] != "JOB_STATE_CANCELLED":
            done = self.looks[own_id] > 3
            job["state"] = "JOB_STATE_COMPLETED" if done else "JOB_STATE_RUNNING"
            job["jobProgress"] = {"percent": 25 * self.looks[own_id]}
        return dict(job)
