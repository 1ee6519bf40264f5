"""What the strategies of all interfaces are made of."""

from hypothesis import strategies as st

import label_configs
from label_configs.raw_reply import leftover


def is_plain(text: str) -> bool:
    """Whether a text is words alone: the marks of models' servers have tests of their own."""
    return leftover(text) is None and "\ufeff" not in text


# any Unicode that can be sent: hypothesis leaves out lone surrogates
texts = st.text(max_size=40).filter(is_plain)


def choices_of(interface: str, control: str) -> st.SearchStrategy[str | None]:
    """One of the choices in the shipped XML, or none."""
    loaded = label_configs.load(interface)
    found = loaded.check_config(loaded.xml).control(control)
    assert found is not None
    return st.none() | st.sampled_from(found.choices)
