"""Refuse what Label Studio would accept and its page would then drop or choke on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from label_configs.config_xml import LabelConfig, numbered
from label_configs.errors import LabelConfigError

ROLES = ("system", "user", "assistant", "tool")


def require_controls(config: LabelConfig, required: Mapping[str, str]) -> None:
    """Check that a label config has the controls that an interface reads.

    Args:
        required: control name -> tag.

    Raises:
        LabelConfigError: the first one that is missing or has another tag.
    """
    for name, tag in required.items():
        control = config.control(name)
        if control is None:
            found = ", ".join(repr(c.name) for c in config.controls) or "none"
            raise LabelConfigError(
                f"{config.source}: no {tag} named {name!r} (found {found}); add it or rename one"
            )
        if control.tag != tag:
            raise LabelConfigError(
                f"{config.source}, line {control.line}: {name!r} is a {control.tag}, "
                f"expected a {tag}; change the tag"
            )


def check_messages(messages: Any, where: str) -> None:
    """Check a conversation: a non-empty list of role and content that ends with the user's turn.

    Raises:
        LabelConfigError: naming the message, what was expected and what came.
    """
    if not isinstance(messages, list) or not messages:
        raise LabelConfigError(
            f"{where}: 'messages' must be a non-empty list of {{role, content}}, "
            f"found {_kind(messages)}"
        )
    for i, message in enumerate(messages, start=1):
        if not isinstance(message, Mapping) or not {"role", "content"} <= message.keys():
            raise LabelConfigError(f"{where}: message {i} must hold 'role' and 'content'")
        if message["role"] not in ROLES:
            raise LabelConfigError(
                f"{where}: message {i} has role {message['role']!r}; use one of {', '.join(ROLES)}"
            )
        if not isinstance(message["content"], str) or not message["content"].strip():
            raise LabelConfigError(
                f"{where}: message {i} needs text as its content, found {_kind(message['content'])}"
            )
    if messages[-1]["role"] != "user":
        raise LabelConfigError(
            f"{where}: the last message must be the user's, which the draft answers; found role "
            f"{messages[-1]['role']!r}: remove the turns after the last question"
        )


def check_results(
    config: LabelConfig, data: Mapping[str, Any], results: Sequence[Mapping[str, Any]]
) -> None:
    """Check that the page will show every result item of a prediction for this task.

    Raises:
        LabelConfigError: an item for an unknown control, a wrong object, type or choice.
    """
    controls = config.expanded_controls(data)
    seen: set[str] = set()
    for item in results:
        name = item.get("from_name", "")
        control = controls.get(name)
        if control is None:
            raise LabelConfigError(
                f"{config.source}: result for {name!r}, but this task has the controls "
                f"{_some(controls)}; the page would drop it"
            )
        to_name = numbered(control, control.to_name, name)
        if item.get("to_name") != to_name:
            raise LabelConfigError(
                f"{config.source}: result for {name!r} points to {item.get('to_name')!r}, "
                f"expected {to_name!r}"
            )
        if item.get("type") != control.result_type:
            raise LabelConfigError(
                f"{config.source}: result for {name!r} has type {item.get('type')!r}, "
                f"expected {control.result_type!r}"
            )
        _check_choices(config, control.choices, name, item.get("value", {}))
        if item.get("id") in seen:
            raise LabelConfigError(f"{config.source}: two result items have id {item['id']!r}")
        if item.get("id") is not None:
            seen.add(item["id"])


def _check_choices(
    config: LabelConfig, allowed: Sequence[str], name: str, value: Mapping[str, Any]
) -> None:
    for choice in value.get("choices", ()):
        if allowed and choice not in allowed:
            raise LabelConfigError(
                f"{config.source}: {choice!r} is no choice of {name!r} ({', '.join(allowed)})"
            )


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:8]) + (" …" if len(listed) > 8 else "") if listed else "none"


def _kind(value: Any) -> str:
    if isinstance(value, str) and not value.strip():
        return "nothing"
    return "nothing" if value in (None, []) else type(value).__name__
