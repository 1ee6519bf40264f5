"""Tasks that can't be shown or exported: refused, or dropped where the settings say so."""

from typing import Any, Literal

from label_configs import Interface, LabelConfigError
from label_configs.message_forms import call_fault
from sync.cleaning.batch import Data


def reason(
    interface: Interface[Any], data: Data, where: str, unusable: Literal["refuse", "drop"]
) -> str | None:
    """Why a task is dropped, without saying again where it is; None when it can be used.

    Raises:
        LabelConfigError: it can't be shown, or what became of it could be exported nowhere, and
            such tasks are refused.
    """
    try:
        _check(interface, data, where)
    except LabelConfigError as error:
        if unusable == "refuse":
            raise
        return str(error).removeprefix(f"{where}: ")
    return None


def _check(interface: Interface[Any], data: Data, where: str) -> None:
    interface.check_task(data, where)
    if (fault := call_fault(data["messages"])) is not None:
        raise LabelConfigError(f"{where}: {fault}")
