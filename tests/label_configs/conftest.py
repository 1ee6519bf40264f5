"""Every test that asks for `interface` runs once for each registered one."""

from typing import Any

import hypothesis
import pytest

import label_configs

# two cores are shared with other work: a slow example is no failure
hypothesis.settings.register_profile("labeltune", deadline=None)
hypothesis.settings.load_profile("labeltune")


@pytest.fixture(params=label_configs.INTERFACES, scope="session")
def interface(request: pytest.FixtureRequest) -> label_configs.Interface[Any]:
    return label_configs.load(request.param)
