"""/openapi.json: our routes as OpenAPI 3.1, with the models of `wire` as their schemas."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from connectors.backend_secrets import SECRET_HEADER
from ml_backend.service import wire

# of one call of /events
MOST_PROJECTS = 100

_MODELS: tuple[type[BaseModel], ...] = (
    *(wire.SetupRequest, wire.PredictRequest, wire.WebhookEvent),
    *(wire.SetupAnswer, wire.PredictAnswer, wire.WebhookAnswer),
    *(wire.Health, wire.Versions, wire.Events, wire.Error),
)
_ERRORS = {
    400: "The payload can't be used.",
    401: "User and password, or the webhook's secret, are missing or wrong.",
    413: "The payload is larger than LABELTUNE_MAX_PAYLOAD_MB.",
    415: "The payload is not application/json.",
}
_TEXT = {"schema": {"type": "string"}}
_FORMAT = {"name": "format", "schema": {"type": "string", "enum": ["json", "html"]}}
_PROJECTS = {
    "name": "project",
    "required": True,
    "schema": {
        "type": "array",
        "items": {"type": "integer", "minimum": 0, "maximum": wire.LARGEST_ID},
        "minItems": 1,
        "maxItems": MOST_PROJECTS,
    },
}


def description(version: str) -> dict[str, Any]:
    """The whole description.

    Args:
        version: LabelTune's.
    """
    _, models = models_json_schema(
        [(model, "validation") for model in _MODELS],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "LabelTune backend",
            "version": version,
            "description": "Label Studio's ML-backend protocol, and routes for operation.",
        },
        "security": [{"basic": []}],
        "paths": {path: {"get": route} for path, route in _read().items()}
        | {path: {"post": route} for path, route in _written().items()},
        "components": {
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "webhookSecret": {"type": "apiKey", "in": "header", "name": SECRET_HEADER},
            },
            "schemas": models["$defs"],
        },
    }


def _read() -> dict[str, Any]:
    heard = "How many webhook events of each project were heard."
    return {
        "/": _route("Whether the service answers (/).", _json(wire.Health)),
        "/health": _route("Whether the service answers (/health).", _json(wire.Health)),
        "/versions": _route("The versions that are being drafted.", _json(wire.Versions)),
        "/status": _route("How the backend stands.", _json() | {"text/html": _TEXT}, _FORMAT),
        "/events": _route(heard, _json(wire.Events), _PROJECTS),
        "/metrics": _route("The same for Prometheus.", {"text/plain": _TEXT}),
        "/openapi.json": _route("This description.", _json()),
    }


def _written() -> dict[str, Any]:
    setup = "Tell of a project; answers the version of its drafts."
    predict = "One slot a task, in order: a prediction, or [] while there is none."
    webhook = "An event of Label Studio; it is acknowledged at once."
    return {
        "/setup": _route(setup, _json(wire.SetupAnswer), body=wire.SetupRequest),
        "/predict": _route(predict, _json(wire.PredictAnswer), body=wire.PredictRequest),
        "/webhook": {
            **_route(webhook, _json(wire.WebhookAnswer), body=wire.WebhookEvent, status=202),
            "security": [{"webhookSecret": []}, {"basic": []}],
        },
    }


def _route(
    summary: str,
    content: dict[str, Any],
    query: dict[str, Any] | None = None,
    *,
    body: type[BaseModel] | None = None,
    status: int = 200,
) -> dict[str, Any]:
    """One operation.

    Args:
        content: media type -> schema of what is answered with `status`.
        query: the parameter that it takes.
    """
    errors = _ERRORS if body else [400, 401] if query else [401]
    route: dict[str, Any] = {
        "summary": summary,
        "responses": {
            str(status): {"description": "Done.", "content": content},
            **{str(e): {"description": _ERRORS[e], "content": _json(wire.Error)} for e in errors},
        },
    }
    if query:
        route["parameters"] = [{**query, "in": "query"}]
    if body:
        route["requestBody"] = {"required": True, "content": _json(body)}
    return route


def _json(model: type[BaseModel] | None = None) -> dict[str, Any]:
    """JSON of a model; any object without one."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"} if model else {"type": "object"}
    return {"application/json": {"schema": schema}}
