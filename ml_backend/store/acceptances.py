"""What was learnt of each project's drafts, for all processes that use the same queue.

It may be lost like all that is kept beside the queue: Label Studio holds the finished work, and the
next look learns from it again.
"""

import functools
import json
import time
from dataclasses import dataclass, field

from huey.api import Huey

from drafting.acceptance.acceptance import PRIOR, Acceptance


@dataclass(frozen=True)
class LearntAcceptance:
    """How likely a project's drafts are to be accepted, as it was learnt last.

    Attributes:
        finished: finished tasks that the project had then, with drafts or without.
        at: Unix time.
    """

    acceptance: Acceptance
    finished: int
    at: float = field(default_factory=time.time)


class Acceptances:
    """Keeps what was learnt last, by project."""

    def __init__(self, huey: Huey) -> None:
        self._huey = huey

    def put(self, project_id: int, learnt: LearntAcceptance) -> None:
        """Keep it; the next draft of the project, of whatever worker, is scored by it."""
        kept = {
            "acceptance": learnt.acceptance.to_json(),
            "finished": learnt.finished,
            "at": learnt.at,
        }
        self._huey.put(_key(project_id), json.dumps(kept))

    def learnt(self, project_id: int) -> LearntAcceptance | None:
        """What was learnt last; None where nothing was, or another version of LabelTune did."""
        raw = self._huey.get(_key(project_id), peek=True)
        return None if raw is None else _parsed(raw)

    def of(self, project_id: int) -> Acceptance:
        """What a project's drafts are scored by: the prior where nothing was learnt."""
        found = self.learnt(project_id)
        return PRIOR if found is None else found.acceptance


def _key(project_id: int) -> str:
    return f"acceptance:{project_id}"


@functools.lru_cache(maxsize=256)
def _parsed(raw: str) -> LearntAcceptance | None:
    kept = json.loads(raw)
    acceptance = Acceptance.from_json(kept.get("acceptance"))
    if acceptance is None:
        return None
    return LearntAcceptance(acceptance, int(kept["finished"]), float(kept["at"]))
