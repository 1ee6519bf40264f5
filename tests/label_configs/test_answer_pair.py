"""Two answers to compare."""

from hypothesis import given
from hypothesis import strategies as st

from label_configs.answer_pair import alike

TEXTS = st.text(st.sampled_from("ab \n\t\u2028\xa0"), max_size=40)


@given(TEXTS, TEXTS)
def test_answers_are_alike_that_have_the_same_words(one: str, another: str) -> None:
    assert alike(one, another) == (one.split() == another.split())
    words = one.split()
    assert alike(one, "\n ".join(words))
    assert not alike(one, f"{one} more")
    assert alike(one * 9, (one + " ") * 9) == ((one * 9).split() == words * 9)
