"""Tasks that can't be shown or exported: refused, or dropped where the settings say so."""

from typing import Any

from label_configs import Interface, LabelConfigError
from label_configs.message_forms import call_fault
from sync.cleaning.batch import Data


def check(interface: Interface[Any], data: Data, where: str) -> None:
    """See that a task can be used.

    Raises:
        LabelConfigError: it can't be shown, or what became of it could be exported nowhere.
    """
    interface.check_task(data, where)
    if (fault := call_fault(data["messages"])) is not None:
        raise LabelConfigError(f"{where}: {fault}")
