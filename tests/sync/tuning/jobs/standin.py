"""A stand-in of OpenAI's fine-tuning API: real HTTP, a job that trains, and faults when asked for.

Each look at a job moves it on by a step, so that no test waits.
"""

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Json = dict[str, Any]
KEY = "sk-PRIVATE-0123456789abcdef"


@dataclass(frozen=True)
class Refused:
    """An answer in place of the real one."""

    status: int
    body: Any

    @classmethod
    def error(cls, status: int, message: str, **more: Any) -> "Refused":
        """As OpenAI words it."""
        return cls(status, {"error": {"message": message, **more}})


@dataclass
class Fault:
    """Something that goes wrong with some calls.

    Attributes:
        method, path: of those calls; the path as a regular expression.
        times: how many of them.
        refused: what they are answered.
        lost: "before": the connection breaks before anything is done; "after": when it is.
        slow_s: how long they take before anything is done.
    """

    method: str
    path: str
    times: int = 1
    refused: Refused | None = None
    lost: str | None = None
    slow_s: float = 0.0


@dataclass
class Script:
    """What becomes of a job.

    Attributes:
        steps: of its training.
        ends: its last status.
        error: of one that fails.
        names_model_after: looks at a job that succeeded before its model is named.
        tells_losses: in events; else in a file of results alone.
    """

    steps: int = 4
    ends: str = "succeeded"
    error: Json | None = None
    names_model_after: int = 0
    tells_losses: bool = True


@dataclass
class StandIn:
    """A running stand-in.

    Attributes:
        files, jobs: by id, in the order in which they were made.
        calls: method and path of every call that arrived.
        page: entries on a page of a list.
        repeats: whether a page begins with the last entry of the page before.
        arriving: is asked what goes wrong with the call of a number, from 1, before it is answered.
        azure: answers as Azure does: files are processed first, null for what is not there, no
            labels, and a job needs its training type.
    """

    script: Script = field(default_factory=Script)
    files: dict[str, Json] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    jobs: dict[str, Json] = field(default_factory=dict)
    looks: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    page: int = 2
    uploads: int = 0
    repeats: bool = False
    azure: bool = False
    arriving: Callable[[int], Fault | None] = lambda number: None
    url: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def fault(self, *args: Any, **more: Any) -> None:
        """Let something go wrong."""
        self.faults.append(Fault(*args, **more))

    def made(self, method: str, path: str) -> int:
        """How many calls arrived."""
        return sum(m == method and re.fullmatch(path, p) is not None for m, p in self.calls)

    # --- files

    def upload(self, name: str, content: bytes) -> Json:
        """A file that has arrived."""
        with self.lock:
            self.uploads += 1
            number = self.uploads
            made: Json = {
                "id": f"file-{number}",
                "object": "file",
                "bytes": len(content),
                "created_at": 1_790_000_000 + number,
                "filename": name,
                "purpose": "fine-tune",
                "status": "pending" if self.azure else "processed",
                "status_details": None,
            }
            self.files[made["id"]] = made
            self.contents[made["id"]] = content
            return made

    def file(self, file_id: str) -> Json | Refused:
        """How a file stands; Azure's is processed at the second look."""
        found = self.files.get(file_id)
        if found is None:
            return Refused.error(404, "No such File object", code="not_found")
        told = dict(found)
        if found["status"] == "pending":
            found["status"] = "processed"
        return told

    # --- jobs

    def create(self, body: Json) -> Json | Refused:
        """A job that is asked for."""
        with self.lock:
            if self.azure and "trainingType" not in body:
                return Refused.error(400, "The specified base model does not support fine-tuning.")
            for role in ("training_file", "validation_file"):
                if body.get(role) is not None and body[role] not in self.files:
                    return Refused.error(400, f"invalid {role}: no such file", code="invalid_file")
            number = len(self.jobs) + 1
            method = body["method"]
            made: Json = {
                "id": f"ftjob-{number}",
                "object": "fine_tuning.job",
                "created_at": 1_790_000_000 + number,
                "error": None if self.azure else {"code": None, "message": None, "param": None},
                "fine_tuned_model": None,
                "finished_at": None,
                "estimated_finish": None,
                "hyperparameters": method[method["type"]]["hyperparameters"],
                "method": method,
                "model": body["model"],
                "organization_id": None if self.azure else "org-1",
                "result_files": None if self.azure else [],
                "seed": body.get("seed", 42),
                "status": "pending" if self.azure else "validating_files",
                "trained_tokens": None,
                "training_file": body["training_file"],
                "validation_file": body.get("validation_file"),
                "user_provided_suffix": body.get("suffix"),
            }
            if not self.azure:
                made["metadata"] = body.get("metadata")
            self.jobs[made["id"]] = made
            self.looks[made["id"]] = 0
            return made

    def look(self, job_id: str) -> Json | Refused:
        """How a job stands; it moves on by each look."""
        with self.lock:
            job = self.jobs.get(job_id)
            if job is None:
                return Refused.error(404, f"Could not find fine tune: {job_id}", code="not_found")
            if job["status"] not in ("paused", "cancelled", "failed"):
                self.looks[job_id] += 1
                self._move(job, self.looks[job_id])
            return dict(job)

    def _move(self, job: Json, look: int) -> None:
        steps = self.script.steps
        if look <= 1:
            job["status"] = "queued"
        elif look <= steps + 1:
            job["status"] = "running"
            job["estimated_finish"] = int(time.time()) + 60
        else:
            job["status"] = self.script.ends
            job["estimated_finish"] = None
            if self.script.ends == "failed":
                job["error"] = self.script.error
            elif look > steps + 1 + self.script.names_model_after:
                self._finish(job)

    def _finish(self, job: Json) -> None:
        job["finished_at"] = 1_790_003_600
        job["trained_tokens"] = 1000 * self.script.steps
        job["fine_tuned_model"] = f"ft:{job['model']}:org:{job['user_provided_suffix']}:1"
        rows = [f"{s},{4 / s},0.5,{5 / s},0.4" for s in range(1, self.script.steps + 1)]
        head = "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy"
        self.contents["file-results"] = "\n".join([head, *rows]).encode()
        job["result_files"] = ["file-results"]

    def events(self, job_id: str) -> list[Json]:
        """What a job has told, the newest first."""
        steps = max(0, min(self.looks[job_id] - 1, self.script.steps))
        told: list[Json] = [{"type": "message", "message": "Created fine-tuning job"}]
        for step in range(1, steps + 1):
            total = self.script.steps
            message = f"Step {step}/{total}: training loss={4 / step:.2f}"
            data = {"step": step, "total_steps": total, "train_loss": 4 / step}
            if step % 2 == 0:
                data["valid_loss"] = 5 / step
            if self.script.tells_losses:
                told.append({"type": "metrics", "message": message, "data": data})
        for number, event in enumerate(told):
            event |= {"id": f"ftevent-{number}", "created_at": 1_790_000_000 + number}
            event |= {"object": "fine_tuning.job.event", "level": "info"}
        return told[::-1]

    def ask(self, job_id: str, what: str) -> Json | Refused:
        """Cancel, pause or resume."""
        with self.lock:
            job = self.jobs[job_id]
            if job["status"] in ("succeeded", "failed", "cancelled"):
                return Refused.error(400, f"Job has already {job['status']}", code="invalid_state")
            job["status"] = {"cancel": "cancelled", "pause": "paused", "resume": "running"}[what]
            return dict(job)

    # --- HTTP

    def listed(self, entries: list[Json], query: dict[str, str]) -> Json:
        """A page of a list."""
        at = 0
        if "after" in query:
            ids = [one["id"] for one in entries]
            at = ids.index(query["after"]) + (0 if self.repeats else 1)
        size = min(self.page, int(query.get("limit", "20"))) + (1 if self.repeats else 0)
        shown = entries[at : at + size]
        return {"object": "list", "data": shown, "has_more": at + size < len(entries)}

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        """The answer to a call: an object, bytes, or a refusal."""
        if path == "/v1/files" and method == "POST":
            return self.upload(*body)
        if path == "/v1/files":
            return self.listed(list(self.files.values())[::-1], query)
        if path == "/v1/fine_tuning/jobs" and method == "POST":
            return self.create(body)
        if path == "/v1/fine_tuning/jobs":
            return self.listed(list(self.jobs.values())[::-1], query)
        if found := re.fullmatch(r"/v1/files/([\w-]+)/content", path):
            return self.contents.get(found[1], Refused.error(404, "no such file"))
        if found := re.fullmatch(r"/v1/files/([\w-]+)", path):
            return self.file(found[1])
        if found := re.fullmatch(r"/v1/fine_tuning/jobs/([\w-]+)", path):
            return self.look(found[1])
        if found := re.fullmatch(r"/v1/fine_tuning/jobs/([\w-]+)/events", path):
            return self.listed(self.events(found[1]), query)
        if found := re.fullmatch(r"/v1/fine_tuning/jobs/([\w-]+)/(cancel|pause|resume)", path):
            return self.ask(found[1], found[2])
        return Refused.error(404, f"Invalid URL ({method} {path})")

    def fault_of(self, method: str, path: str) -> Fault | None:
        """What goes wrong with a call."""
        with self.lock:
            for fault in self.faults:
                if fault.times and fault.method == method and re.fullmatch(fault.path, path):
                    fault.times -= 1
                    return fault
        return None


@contextmanager
def stand_in(kind: type[StandIn] = StandIn, **options: Any) -> Iterator[StandIn]:
    """Run one on a free port of 127.0.0.1 until the block ends."""
    server_state = kind(**options)

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            split = urlsplit(self.path)
            try:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            except OSError:
                return
            whole = len(raw) == int(self.headers.get("Content-Length") or 0)
            server_state.calls.append((self.command, split.path))
            if not whole:  # whoever sent it was killed meanwhile
                return
            number = len(server_state.calls)
            fault = server_state.arriving(number) or server_state.fault_of(self.command, split.path)
            fault = fault or Fault("", "")
            if fault.slow_s:
                time.sleep(fault.slow_s)
            if fault.lost == "before":
                self._break()
                return
            reply = fault.refused or self._reply(split.path, dict(parse_qsl(split.query)), raw)
            if fault.lost == "after":
                self._break()
                return
            self._write(reply)

        def _reply(self, path: str, query: dict[str, str], raw: bytes) -> Any:
            key = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if key != KEY:
                return Refused.error(401, f"Incorrect API key provided: {key}")
            body: Any = None
            kind = self.headers.get("Content-Type", "")
            if kind.startswith("multipart/"):
                body = _form(kind, raw)
            elif raw:
                body = json.loads(raw)
            return server_state.answer(self.command, path, query, body)

        def _write(self, reply: Any) -> None:
            status, content = 200, reply
            if isinstance(reply, Refused):
                status, content = reply.status, reply.body
            sent = content if isinstance(content, bytes) else json.dumps(content).encode()
            try:
                self.send_response(status)
                binary = isinstance(content, bytes)
                self.send_header(
                    "Content-Type", "application/octet-stream" if binary else "application/json"
                )
                self.send_header("Content-Length", str(len(sent)))
                self.send_header("retry-after-ms", "1")
                self.end_headers()
                self.wfile.write(sent)
            except OSError:
                pass  # whoever asked was killed meanwhile

        def _break(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        do_GET = do_POST = do_PUT = _serve  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server_state.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server_state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _form(kind: str, raw: bytes) -> tuple[str, bytes]:
    """The name and content of the file in a form."""
    whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + raw)
    for part in whole.iter_parts():
        if part.get_param("name", header="content-disposition") == "file":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return str(part.get_filename()), content
    raise AssertionError("no file in the form")
