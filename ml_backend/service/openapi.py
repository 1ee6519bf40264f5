"""/openapi.json: our routes as OpenAPI 3.1, the payloads' schemas made from `wire`."""

from typing import Any

from pydantic.json_schema import models_json_schema

from connectors.backend_secrets import SECRET_HEADER
from ml_backend.service.wire import LARGEST_ID, PredictRequest, SetupRequest, WebhookEvent

Json = dict[str, Any]

# of one call of /events
MOST_PROJECTS = 100

_ERRORS = {
    400: "The payload can't be used.",
    401: "User and password, or the webhook's secret, are missing or wrong.",
    413: "The payload is larger than LABELTUNE_MAX_PAYLOAD_MB.",
    415: "The payload is not application/json.",
}


def description(version: str) -> Json:
    """The whole description.

    Args:
        version: LabelTune's.
    """
    _, models = models_json_schema(
        [(model, "validation") for model in (SetupRequest, PredictRequest, WebhookEvent)],
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
        "paths": _protocol() | _operations(),
        "components": {
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "webhookSecret": {"type": "apiKey", "in": "header", "name": SECRET_HEADER},
            },
            "schemas": {
                **models["$defs"],
                "Error": _object(error={"type": "string"}),
                "Prediction": _object(
                    result={"type": "array", "items": {"type": "object"}},
                    score={"type": "number", "minimum": 0, "maximum": 1},
                    model_version={"type": "string"},
                ),
            },
        },
    }


def _protocol() -> Json:
    health = _object(
        status={"const": "UP"}, model_class={"type": "string"}, version={"type": "string"}
    )
    versions = _object(versions={"type": "array", "items": {"type": "string"}})
    slot = {"oneOf": [_ref("Prediction"), {"type": "array", "maxItems": 0}]}
    return {
        path: {"get": _read(f"Whether the service answers ({path}).", health)}
        for path in ("/", "/health")
    } | {
        "/versions": {"get": _read("The versions that are being drafted.", versions)},
        "/setup": {
            "post": _written(
                "Tell of a project; answers the version of its drafts.",
                "SetupRequest",
                {200: _object(model_version={"type": "string"})},
            )
        },
        "/predict": {
            "post": _written(
                "One slot a task, in order: a prediction, or [] while there is none.",
                "PredictRequest",
                {200: _object(results={"type": "array", "items": slot})},
            )
        },
        "/webhook": {
            "post": {
                **_written(
                    "An event of Label Studio; it is acknowledged at once.",
                    "WebhookEvent",
                    {202: _object(status={"const": "ok"})},
                ),
                "security": [{"webhookSecret": []}, {"basic": []}],
            }
        },
    }


def _operations() -> Json:
    status = _read("How the backend stands.", {"type": "object"})
    status["responses"]["200"]["content"]["text/html"] = {"schema": {"type": "string"}}
    status["parameters"] = [
        {"name": "format", "in": "query", "schema": {"type": "string", "enum": ["json", "html"]}}
    ]
    status["responses"] |= _errors(400)
    metrics = _read("The same for Prometheus.", {"type": "string"}, "text/plain")
    counts = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
    events = _read("How many webhook events of each project were heard.", _object(events=counts))
    events["parameters"] = [_project_ids()]
    events["responses"] |= _errors(400)
    return {
        "/status": {"get": status},
        "/events": {"get": events},
        "/metrics": {"get": metrics},
        "/openapi.json": {"get": _read("This description.", {"type": "object"})},
    }


def _project_ids() -> Json:
    one = {"type": "integer", "minimum": 0, "maximum": LARGEST_ID}
    return {
        "name": "project",
        "in": "query",
        "required": True,
        "schema": {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_PROJECTS},
    }


def _read(summary: str, schema: Json, media: str = "application/json") -> Json:
    return {
        "summary": summary,
        "responses": {"200": _answer("Done.", schema, media), **_errors(401)},
    }


def _written(summary: str, payload: str, answers: dict[int, Json]) -> Json:
    return {
        "summary": summary,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _ref(payload)}},
        },
        "responses": {
            **{str(status): _answer("Done.", schema) for status, schema in answers.items()},
            **_errors(*_ERRORS),
        },
    }


def _errors(*statuses: int) -> Json:
    return {str(status): _answer(_ERRORS[status], _ref("Error")) for status in statuses}


def _answer(told: str, schema: Json, media: str = "application/json") -> Json:
    return {"description": told, "content": {media: {"schema": schema}}}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}
