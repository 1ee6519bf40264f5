"""Every test that asks for `interface` runs once for each registered one."""

from typing import Any

import pytest

import label_configs


@pytest.fixture(params=label_configs.INTERFACES, scope="session")
def interface(request: pytest.FixtureRequest) -> label_configs.Interface[Any]:
    return label_configs.load(request.param)
