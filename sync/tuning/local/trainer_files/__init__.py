"""Files with which another trainer does the same run, on a team's own machines.

One function each, and one entry in `TRAINER_FILES`.
Open first: `described`.
"""

from collections.abc import Callable, Mapping

from sync.tuning.local.request_plan import planned_run
from sync.tuning.local.trainer_files.axolotl import axolotl
from sync.tuning.local.trainer_files.described import DescribedRun
from sync.tuning.local.trainer_files.llama_factory import llama_factory
from sync.tuning.local.trainer_files.unsloth import unsloth
from sync.tuning.tuner import TuningRequest

# files by name, to be written into one folder
TRAINER_FILES: Mapping[str, Callable[[DescribedRun], dict[str, str]]] = {
    "axolotl": axolotl,
    "llama-factory": llama_factory,
    "unsloth": unsloth,
}

__all__ = ["TRAINER_FILES", "DescribedRun", "trainer_files"]


def trainer_files(request: TuningRequest, trainer: str) -> dict[str, str]:
    """What a trainer needs for the run that is asked for, by file name.

    Args:
        trainer: a key of `TRAINER_FILES`.

    Raises:
        SyncError: the release has nothing that it reads for the method.
    """
    planned = planned_run(request, here=False)
    described = DescribedRun(planned.name, planned.base.name, planned.plan, request.release)
    return TRAINER_FILES[trainer](described)
