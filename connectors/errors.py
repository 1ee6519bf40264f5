"""Errors of the outside, each one sentence that a user can act on."""

from connectors.llm_replies import Reply


class ConnectorError(Exception):
    """A service that we call could not be used."""


class LabelStudioError(ConnectorError):
    """Label Studio can't be reached, refuses the key, or refuses a call.

    Attributes:
        brief: the sentence without what Label Studio answered, which may quote a task: for logs.
    """

    def __init__(
        self, message: str, status: int | None = None, *, brief: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.brief = brief or message


class LLMError(ConnectorError):
    """The model endpoint refused the request; asking again helps for `LLMUnavailable` alone.

    Attributes:
        paid: what was drawn and paid for before it failed; None when nothing was.
    """

    paid: Reply | None = None


class LLMUnavailable(LLMError):  # noqa: N818
    """The endpoint is unreachable, too slow, overloaded or answers garbage: asking again may help.

    Attributes:
        retry_after_s: how long the server asks to be left alone; None when it does not say.
    """

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ContextTooLong(LLMError):  # noqa: N818
    """The prompt, or the prompt and the reply asked for, are longer than the model takes.

    Attributes:
        context_tokens: that it takes; None when it does not say.
    """

    def __init__(self, message: str, context_tokens: int | None = None) -> None:
        super().__init__(message)
        self.context_tokens = context_tokens


class PicturesRefused(LLMError):  # noqa: N818
    """The model sees no pictures, or can't read one of the task's; tasks without any can go on."""


class EmbeddingError(ConnectorError):
    """The embedding model can't be loaded."""
