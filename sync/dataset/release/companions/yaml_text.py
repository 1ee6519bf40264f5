"""YAML as people write it: keys in our order, without anchors and aliases."""

from typing import Any

import yaml


class _Plain(yaml.SafeDumper):  # type: ignore[misc]
    """Writes equal values twice; some readers change what an alias stands for."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def to_yaml(value: Any) -> str:
    """A value as YAML with a line break at its end."""
    text: str = yaml.dump(value, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
    return text
