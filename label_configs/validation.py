"""Refuse what Label Studio would accept and its page would then drop or choke on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from label_configs.config_xml import ControlTag, LabelConfig, numbered
from label_configs.content import part_fault, says_nothing, text_of
from label_configs.errors import LabelConfigError

# ours: facts are shown as lists within lists, and what reads them calls itself at every level
DEEPEST = 100
ROLES = ("system", "developer", "user", "assistant", "tool")


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
    """Check a conversation: a non-empty list of messages as `label_configs.content` has them.

    Nothing may be said by a tool, and by an assistant that calls tools or tells its reasoning.

    Raises:
        LabelConfigError: naming the message, what was expected and what came.
    """
    if not isinstance(messages, list) or not messages:
        raise LabelConfigError(
            f"{where}: 'messages' must be a non-empty list of {{role, content}}, "
            f"found {kind(messages)}"
        )
    for i, message in enumerate(messages, start=1):
        if not isinstance(message, Mapping) or not {"role", "content"} <= message.keys():
            raise LabelConfigError(f"{where}: message {i} must hold 'role' and 'content'")
        if message["role"] not in ROLES:
            raise LabelConfigError(
                f"{where}: message {i} has role {message['role']!r}; use one of {', '.join(ROLES)}"
            )
        content = message["content"]
        if not isinstance(content, str) or not content.strip():
            _check_no_words(message, f"{where}: message {i}")


def _check_no_words(message: Mapping[str, Any], where: str) -> None:
    """Check a message whose content is no text, or blank."""
    content = message["content"]
    if isinstance(content, list):
        if fault := next(filter(None, map(part_fault, content)), None):
            raise LabelConfigError(f"{where} {fault}: correct it, or remove the conversation")
        content = text_of(content) or ("" if content else content)
    may_be_blank = message["role"] == "tool" or not says_nothing(message)
    if not isinstance(content, str) or not may_be_blank:
        raise LabelConfigError(
            f"{where} needs text as its content, found {_kind_of_empty(content)}"
        )


def check_awaits_answer(messages: Sequence[Mapping[str, Any]], where: str) -> None:
    """Check that the user spoke last, or a tool returned its result.

    Raises:
        LabelConfigError: somebody else did.
    """
    if messages[-1]["role"] not in ("user", "tool"):
        raise LabelConfigError(
            f"{where}: the last message must be the user's, which the draft answers, or a tool's "
            f"result; found role {messages[-1]['role']!r}: remove the turns after the last question"
        )


def check_ends_with_user(messages: Sequence[Mapping[str, Any]], where: str) -> None:
    """Check that the user spoke last.

    Raises:
        LabelConfigError: somebody else did.
    """
    if messages[-1]["role"] != "user":
        raise LabelConfigError(
            f"{where}: the last message must be the user's, which the draft answers; found role "
            f"{messages[-1]['role']!r}: remove the turns after the last question"
        )


def check_documents(documents: Any, where: str) -> None:
    """Check the documents that an answer rests on: a list of title and text, or nothing.

    Raises:
        LabelConfigError: naming the document, what was expected and what came.
    """
    if documents is None:
        return
    if not isinstance(documents, list):
        raise LabelConfigError(
            f"{where}: 'documents' must be a list of {{title, text}}, found {kind(documents)}"
        )
    for i, document in enumerate(documents, start=1):
        if not isinstance(document, Mapping) or not all(
            isinstance(document.get(key), str) and document[key].strip()
            for key in ("title", "text")
        ):
            raise LabelConfigError(
                f"{where}: document {i} needs 'title' and 'text', both text; add what is missing"
            )


def check_context(context: Any, where: str) -> None:
    """Check the facts of a task: a mapping, or nothing.

    Raises:
        LabelConfigError: it is something else, or nested deeper than anybody means it.
    """
    if context is None:
        return
    if not isinstance(context, Mapping):
        raise LabelConfigError(
            f"{where}: 'context' must be a mapping of names to facts, "
            f"found {type(context).__name__}"
        )
    if is_deeper(list(context.values())):
        raise LabelConfigError(
            f"{where}: in 'context' lists and objects stand more than {DEEPEST} deep in each "
            "other, which no page can show; put them as text, or leave them out"
        )


def is_deeper(value: dict[str, Any] | list[Any], most: int = DEEPEST) -> bool:
    """Whether lists and objects stand deeper in each other than this."""
    if not most:
        return True
    # a plain loop: this is asked of every task, and a generator takes twice as long
    for inner in value if isinstance(value, list) else value.values():
        if isinstance(inner, (dict, list)) and is_deeper(inner, most - 1):
            return True
    return False


def check_guidelines(guidelines: Any, where: str) -> None:
    """Check a task's own guidelines: text, or nothing.

    Raises:
        LabelConfigError: they are something else.
    """
    if guidelines is not None and not isinstance(guidelines, str):
        raise LabelConfigError(
            f"{where}: 'guidelines' must be Markdown text, found {type(guidelines).__name__}"
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
        where = f"{config.source}, line {control.line}: result for {name!r}"
        to_name = numbered(control, control.to_name, name)
        if item.get("to_name") != to_name:
            raise LabelConfigError(
                f"{where} points to {item.get('to_name')!r}, expected {to_name!r}; correct to_name"
            )
        if item.get("type") != control.result_type:
            raise LabelConfigError(
                f"{where} has type {item.get('type')!r}, expected {control.result_type!r}; "
                "correct type"
            )
        _check_value(control, where, item.get("value"))
        if item.get("id") in seen:
            raise LabelConfigError(
                f"{where} has id {item['id']!r}, which another item has too; give it its own"
            )
        if item.get("id") is not None:
            seen.add(item["id"])


def _check_value(control: ControlTag, where: str, value: Any) -> None:
    if not isinstance(value, Mapping) or control.value_key not in value:
        raise LabelConfigError(
            f"{where} holds no value.{control.value_key}, so the page would show nothing; add it"
        )
    if control.value_key not in ("choices", "labels"):
        return
    for choice in value[control.value_key]:
        if control.choices and choice not in control.choices:
            raise LabelConfigError(
                f"{where}: {choice!r} is none of its choices ({', '.join(control.choices)}); "
                "add it to the label config or choose one of them"
            )


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:8]) + (" …" if len(listed) > 8 else "") if listed else "none"


def _kind_of_empty(content: Any) -> str:
    """What came in place of a message's text, and what to do where the message is empty."""
    found = kind(content)
    if found != "nothing":
        return found
    return "nothing: the message is empty, so say what was said there, or remove it"


def kind(value: Any) -> str:
    """What came in place of what was expected, for an error: a type's name, or nothing."""
    if isinstance(value, str) and not value.strip():
        return "nothing"
    return "nothing" if value in (None, []) else type(value).__name__
