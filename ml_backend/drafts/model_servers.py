"""The model servers that a worker drafts with, and what it has learnt of them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from typing import Any

from connectors.llm import LLM, Capabilities
from ml_backend.settings import BackendSettings
from ml_backend.store.projects import Projects


class FirstAlone(threading.Semaphore):
    """Slots that the first requests get one after the other; all are open when these have ended.

    Where one machine computes all replies, those that are written side by side come at the same
    time, and late; alone, the first ones come soon, and the server has read what all prompts begin
    with before the others are sent.
    """

    def __init__(self, slots: int, alone: int) -> None:
        super().__init__(1 if alone else slots)
        self._others = slots - 1 if alone else 0
        self._alone = alone
        self._opening = threading.Lock()

    def release(self, n: int = 1) -> None:
        """Give slots back, and open the others once enough requests have ended."""
        opened = 0
        with self._opening:
            self._alone -= n
            if self._alone <= 0:
                opened, self._others = self._others, 0
        super().release(n + opened)


class ModelServers:
    """One client a server, for all threads; what one worker finds out, all others know.

    What a server can't do is kept in the queue's store: the next worker need not find it out
    again, and /status shows it.

    Attributes:
        slots: held while a model is asked, so that no more requests are under way at a time
            than the worker is told to make.
    """

    def __init__(self, settings: BackendSettings, projects: Projects) -> None:
        self.slots = FirstAlone(settings.concurrency, settings.first_alone)
        self._most_further = max(1, settings.concurrency - 1)
        self._further = threading.Semaphore(self._most_further)
        self._next_further = threading.Lock()
        self._settings = settings
        self._projects = projects
        self._clients: dict[str | None, LLM] = {}
        self._told: dict[tuple[str, str], Capabilities] = {}
        self._lock = threading.Lock()

    @contextmanager
    def further_slots(self, samples: int) -> Iterator[None]:
        """Held like `slots` for a call of the second pass that may draw so many samples.

        All of them together are fewer than the slots, where there is more than one, so that an
        annotator who waits finds one free. They are counted one by one, since a local server works
        at each sample of a call in a slot of its own.
        """
        count = min(samples, self._most_further)
        with self._next_further:  # one after the other, else two may wait for each other
            for _ in range(count):
                self._further.acquire()
        try:
            with self.slots:
                yield
        finally:
            self._further.release(count)

    def client(self, base_url: str | None) -> LLM:
        """The client for a project's endpoint; one that the worker's environment names wins."""
        url = self._settings.llm_base_url or base_url
        with self._lock:
            if url not in self._clients:
                client = LLM(url, self._settings.llm_key, self._settings.llm_timeout_s)
                self._restore(client)
                self._clients[url] = client
            return self._clients[url]

    def _restore(self, client: LLM) -> None:
        for known in self._projects.model_servers():
            if known["url"] == client.base_url:
                # another version of LabelTune may have known of other things
                kept = {f.name for f in fields(Capabilities)} & known["capabilities"].keys()
                learnt = Capabilities(**{name: known["capabilities"][name] for name in kept})
                client.restore(known["model"], learnt)
                self._told[client.base_url, known["model"]] = learnt

    def tell(self, client: LLM, model: str) -> None:
        """Store what a client has learnt of a model, where that is new."""
        can = client.capabilities(model)
        if self._told.get((client.base_url, model)) == can:
            return
        with self._lock:
            self._told[client.base_url, model] = can
            facts: dict[str, Any] = {"capabilities": asdict(can), "lacks": can.lacking()}
            self._projects.remember_model_server(client.base_url, model, facts)
