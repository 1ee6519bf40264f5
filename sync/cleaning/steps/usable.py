"""Tasks that the project's interface can't show: refused, or dropped where the settings say so."""

from typing import Any, Literal

from label_configs import Interface, LabelConfigError
from sync.cleaning.batch import Data


def reason(
    interface: Interface[Any], data: Data, where: str, unusable: Literal["refuse", "drop"]
) -> str | None:
    """Why a task is dropped, without saying again where it is; None when it can be shown.

    Raises:
        LabelConfigError: it can't be shown, and such tasks are refused.
    """
    try:
        interface.check_task(data, where)
    except LabelConfigError as error:
        if unusable == "refuse":
            raise
        return str(error).removeprefix(f"{where}: ")
    return None
