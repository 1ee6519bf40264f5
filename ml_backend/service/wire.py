"""What the service takes and answers: Label Studio's ML-backend protocol, and our own routes.

Each payload is checked by its model at the edge. /openapi.json is made from all of these models.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, NonNegativeInt

# what the model page's "Start Training" sends, as an event
TRAINING = "START_TRAINING"
LARGEST_ID = 2**63 - 1

Uid = Annotated[str, Field(json_schema_extra={"pattern": r"^[0-9]{1,18}(\.|$)"})]


class PayloadError(ValueError):
    """A payload of the right shape whose content can't be used."""


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class SetupRequest(_Payload):
    """`POST /setup`; Label Studio sends it before every use. Holds a token: never log it."""

    project: Uid
    label_config: str = Field(alias="schema")
    extra_params: Any = None

    @property
    def project_id(self) -> int:
        """The number before the dot of `<id>.<created>`."""
        return project_id(self.project)


class Task(_Payload):
    """One task of a /predict call."""

    id: int = Field(ge=0, le=LARGEST_ID, strict=True)
    data: dict[str, Any]


class PredictRequest(_Payload):
    """`POST /predict`."""

    tasks: list[Task]
    project: Uid
    label_config: str = ""
    params: Any = None

    @property
    def context(self) -> dict[str, Any] | None:
        """What the annotation holds so far, in an interactive call; None in a batch."""
        context = self.params.get("context") if isinstance(self.params, dict) else None
        return context if isinstance(context, dict) else None

    @property
    def project_id(self) -> int:
        """The number before the dot of `<id>.<created>`."""
        return project_id(self.project)


class _Numbered(_Payload):
    """The project or the task of an event, of which we read the id alone."""

    id: int | None = Field(None, ge=1, le=LARGEST_ID, strict=True)


def _its_id(value: Any) -> Any:
    return value.get("id") if isinstance(value, dict) else value


# an object with an id, a bare id, or nothing
_Id = Annotated[
    int | None,
    Field(ge=1, le=LARGEST_ID, strict=True),
    BeforeValidator(_its_id, json_schema_input_type=int | _Numbered | None),
]


class WebhookEvent(_Payload):
    """`POST /webhook`; the project is an object, a bare id, or absent; likewise the task."""

    action: str
    project: _Id = None
    task: _Id = None


class SetupAnswer(BaseModel):
    """Answers `POST /setup`: the version of the project's drafts."""

    model_version: str


class Prediction(BaseModel):
    """A finished draft, as Label Studio stores it."""

    result: list[dict[str, Any]]
    score: float = Field(ge=0, le=1)
    model_version: str


class PredictAnswer(BaseModel):
    """Answers `POST /predict`: one slot a task, in order; `[]` while it has no draft."""

    results: list[Prediction | Annotated[list[Any], Field(max_length=0)]]


class WebhookAnswer(BaseModel):
    """Answers `POST /webhook`: the event was heard."""

    status: Literal["ok"]


class Health(BaseModel):
    """Answers `GET /` and `GET /health`."""

    status: Literal["UP"]
    model_class: str
    version: str


class Versions(BaseModel):
    """Answers `GET /versions`: the versions of all projects' drafts."""

    versions: list[str]


class Events(BaseModel):
    """Answers `GET /events`: project -> webhook events that were ever heard of it."""

    events: dict[str, NonNegativeInt]


class Error(BaseModel):
    """Answers whatever is refused: one sentence."""

    error: str


def project_id(uid: str) -> int:
    """The project's id in Label Studio's `<id>.<created>`.

    Raises:
        PayloadError: no number before the dot.
    """
    number = uid.partition(".")[0]
    if not (number.isascii() and number.isdecimal() and len(number) <= 18):
        raise PayloadError(f"payload.project: expected '<id>.<created>', found {uid[:40]!r}")
    return int(number)
