"""Learning in a process of its own, for one that has other work to do.

scikit-learn would stay in the memory of a worker that has loaded it, and its arithmetic would take
the interpreter from threads that draft. A process that ends takes neither.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import BinaryIO

from pydantic import TypeAdapter

from drafting.acceptance.acceptance import Acceptance
from drafting.acceptance.judged_draft import JudgedDraft

# 3,000 drafts take seconds
LONGEST_S = 120.0
_DRAFTS = TypeAdapter(list[JudgedDraft])
_ACCEPTANCE = TypeAdapter(Acceptance)


class FitError(RuntimeError):
    """The process that learns has ended without a result; says how, and no text of a task."""


def fit_apart(judged: Sequence[JudgedDraft], timeout_s: float = LONGEST_S) -> Acceptance:
    """As `fit_acceptance`, in a process of its own that gives way to others.

    Raises:
        FitError: it failed, or took too long.
    """
    path = os.pathsep.join(each for each in sys.path if each)
    # one thread: what runs beside it needs the processors more
    alone = {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "drafting.acceptance"],
            input=_DRAFTS.dump_json(list(judged)),
            capture_output=True,
            check=False,
            timeout=timeout_s,
            env={**os.environ, **alone},
        )
    except subprocess.TimeoutExpired as error:
        raise FitError(f"learning from drafts was given up after {timeout_s:.0f} s") from error
    if done.returncode:
        # the last line names the error; what stands above may quote what was learnt from
        kind = (done.stderr.decode(errors="replace").strip().splitlines() or [""])[-1]
        said = kind.partition(":")[0] or "nothing said"
        raise FitError(f"learning from drafts failed: exit status {done.returncode}, {said}")
    return _ACCEPTANCE.validate_json(done.stdout)


def answer(asked: BinaryIO, answered: BinaryIO) -> None:
    """Learn from what is asked, and answer with the result: the other end of `fit_apart`."""
    from drafting.acceptance.fit import fit_acceptance

    if hasattr(os, "nice"):
        os.nice(10)
    judged = _DRAFTS.validate_json(asked.read())
    answered.write(_ACCEPTANCE.dump_json(fit_acceptance(judged)))
