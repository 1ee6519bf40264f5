"""Tasks that can't be shown or exported: refused, or dropped where the settings say so."""

from collections.abc import Mapping
from typing import Any

from label_configs import Interface, LabelConfigError
from label_configs.message_forms import call_fault
from label_configs.task_tools import tools_are_read, tools_of
from sync.intake.cleaning.task_batches import TaskData


def check(interface: Interface[Any], data: TaskData, where: str) -> None:
    """See that a task can be used.

    Raises:
        LabelConfigError: it can't be shown, or what became of it could be exported nowhere.
    """
    interface.check_task(data, where)
    messages = data["messages"]
    fault = call_fault(messages)
    # tools of which nothing calls may be anything, such as a carpenter's
    is_read = tools_are_read(data) or not any("tool_calls" in message for message in messages)
    if fault is None and not (is_read and all(map(_has_name, tools_of(data)))):
        fault = (
            "'tools' must be a list of functions, each with a name and the schema of its "
            "parameters: correct it, or remove the field"
        )
    if fault is not None:
        raise LabelConfigError(f"{where}: {fault}")


def _has_name(tool: Mapping[str, Any]) -> bool:
    function = tool.get("function")
    return isinstance(function, Mapping) and isinstance(function.get("name"), str)
