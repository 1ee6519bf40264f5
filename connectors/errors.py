"""Errors of the outside, each one sentence that a user can act on."""


class ConnectorError(Exception):
    """A service that we call could not be used."""


class LabelStudioError(ConnectorError):
    """Label Studio can't be reached, refuses the key, or refuses a call."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class LLMError(ConnectorError):
    """The model endpoint can't be reached or refuses the request."""


class EmbeddingError(ConnectorError):
    """The embedding model can't be loaded."""
