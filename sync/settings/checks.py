"""`[checks]` of `labeltune.toml`: which checks `labeltune check` runs, and how they are tuned.

    [checks]
    contradiction = false        # switched off
    [checks.too_fast]            # switched on, and tuned
    times = 3.0

Which checks there are is known above this room; here is how the options of any one are read.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Annotated, Any, ClassVar, Protocol, TypeVar, get_type_hints

from pydantic import BeforeValidator, ValidationError, create_model

from sync.common.errors import ConfigError
from sync.settings.section import Section, explain

# in a check's own table: whether it runs
ON = "on"


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


# a frozen dataclass, each field with a default
OptionsT = TypeVar("OptionsT", bound=_Dataclass)


def _is_switch_or_table(value: Any) -> Any:
    if not isinstance(value, (bool, dict)):
        raise ValueError(f"true, false, or a table of its options; found {value!r}")  # noqa: TRY004
    return value


CheckTables = dict[str, Annotated[Any, BeforeValidator(_is_switch_or_table)]]


@dataclass(frozen=True)
class CheckOptions:
    """The options of checks of the whole set, as they were read.

    Attributes:
        read: by the check's name.
    """

    read: Mapping[str, Any] = field(default_factory=dict)

    def of(self, name: str, kind: type[OptionsT]) -> OptionsT:
        """A check's options; the defaults where nothing was set."""
        found = self.read.get(name)
        return found if isinstance(found, kind) else kind()


def read_options(
    kind: type[OptionsT], table: Mapping[str, Any], file: str, within: tuple[str, ...]
) -> OptionsT:
    """A table as the dataclass of its options: unknown keys and wrong types are refused.

    Args:
        file: what to call it in an error.
        within: the names of the table, such as `checks` and `too_fast`.

    Raises:
        ConfigError: names file and key.
    """
    hints = get_type_hints(kind, include_extras=True)
    wanted: dict[str, Any] = {each.name: (hints[each.name], None) for each in fields(kind)}
    model = create_model("Options", __base__=Section, **wanted)
    try:
        read = model.model_validate({key: _frozen(value) for key, value in table.items()})
    except ValidationError as error:
        raise ConfigError(explain(file, error, model, within)) from error
    given = {name: getattr(read, name) for name in table}
    lacking = [f.name for f in fields(kind) if f.default is f.default_factory is MISSING]
    absent = [name for name in lacking if name not in given]
    if absent:
        key = ".".join((*within, absent[0]))
        raise ConfigError(f"{file}: {key}: the check can't do without it; set it")
    try:
        return kind(**given)
    except ValueError as error:
        raise ConfigError(f"{file}: {'.'.join(within)}: {error}") from error


def _frozen(value: Any) -> Any:
    """A value whose lists are tuples, as a frozen dataclass holds them."""
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return {key: _frozen(v) for key, v in value.items()} if isinstance(value, dict) else value
