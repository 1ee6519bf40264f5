"""A sample of the model's as a record, and the reasoning that came with it."""

from collections.abc import Mapping
from typing import Any

from connectors.llm_replies import Sample
from label_configs import Interface, ReplyError
from label_configs.raw_reply import split_reply


def text_of(sample: Sample) -> str:
    """What a sample says, as it came.

    Raises:
        ReplyError: it says nothing, and the server tells why.
    """
    if not sample.text.strip() and sample.withheld:
        raise ReplyError(f"the model's reply {sample.withheld}")
    if not sample.text.strip() and sample.reasoning:
        raise ReplyError("the model's reply is all reasoning, without an answer")
    return sample.text


def record_of(interface: Interface[Any], sample: Sample, data: Mapping[str, Any]) -> Any:
    """A sample as the interface's record; the interface sets the reasoning in its text apart.

    Raises:
        ReplyError: it does not fit.
    """
    return interface.read_reply(text_of(sample), data)


def reasoning_of(sample: Sample) -> str:
    """What the model thought, beside its text or in it; "" where nothing is known of it."""
    return "\n\n".join(filter(None, (sample.reasoning, split_reply(sample.text).reasoning)))
