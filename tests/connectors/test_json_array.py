"""A long JSON array, an item at a time."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import json_array
from connectors.json_array import array_items

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    items=st.lists(st.dictionaries(st.text(), values, max_size=3), max_size=6),
    indent=st.sampled_from([None, 2]),
    ascii_only=st.booleans(),
    chunk=st.integers(1, 40),
)
def test_it_means_what_the_whole_text_means(
    items: list[dict[str, Any]], indent: int | None, ascii_only: bool, chunk: int
) -> None:
    text = json.dumps(items, indent=indent, ensure_ascii=ascii_only)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_array, "_CHUNK", chunk)
        assert list(array_items(io.StringIO(text))) == json.loads(text)


@pytest.mark.parametrize("text", ["", "{}", "<html>", "[1]", '[{"a": 1}', '[{"a":', "[{}, 7]"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"array|Expecting|delimiter"):
        list(array_items(io.StringIO(text)))
