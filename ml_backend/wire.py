"""Label Studio's ML-backend protocol: its payloads, checked at the edge."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class SetupRequest(_Payload):
    """`POST /setup`; Label Studio sends it before every use. Holds a token: never log it."""

    project: str
    label_config: str = Field(alias="schema")
    extra_params: Any = None

    @property
    def project_id(self) -> int:
        """The number before the dot of `<id>.<created>`."""
        return project_id(self.project)


class Task(_Payload):
    """One task of a /predict call."""

    id: int
    data: dict[str, Any]


class PredictRequest(_Payload):
    """`POST /predict`."""

    tasks: list[Task]
    project: str
    label_config: str = ""

    @property
    def project_id(self) -> int:
        """The number before the dot of `<id>.<created>`."""
        return project_id(self.project)


class WebhookEvent(_Payload):
    """`POST /webhook`; the project is an object, a bare id, or absent."""

    action: str
    project: int | None = None

    @field_validator("project", mode="before")
    @classmethod
    def _only_its_id(cls, value: Any) -> Any:
        return value.get("id") if isinstance(value, dict) else value


def project_id(uid: str) -> int:
    """The project's id in Label Studio's `<id>.<created>`.

    Raises:
        ValueError: no number before the dot.
    """
    number = uid.partition(".")[0]
    if not number.isdecimal():
        raise ValueError(f"payload.project: expected '<id>.<created>', found {uid!r}")
    return int(number)
