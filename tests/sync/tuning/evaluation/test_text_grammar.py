"""The grammar of one text, by what `/tokenize` tells of it."""

from typing import Any

from sync.tuning.evaluation.text_grammar import text_grammar


def tokens(*pieces: str | list[int]) -> list[dict[str, Any]]:
    return [{"id": number, "piece": piece} for number, piece in enumerate(pieces)]


def test_each_token_is_named() -> None:
    assert text_grammar("It is.", tokens("It", " is", ".")) == "root ::= <[0]> <[1]> <[2]>"


def test_signs_that_tokens_share_stand_for_themselves() -> None:
    halves = [list("你".encode()[:2]), list("你".encode()[2:])]
    assert text_grammar("a你b", tokens("a", *halves, "b")) == 'root ::= <[0]> "你" <[3]>'
    assert text_grammar("你", tokens(*halves)) == 'root ::= "你"'


def test_tokens_that_say_something_else_are_not_taken() -> None:
    assert text_grammar("It", tokens(" It")) == 'root ::= "It"'
    assert text_grammar('a"b\\\n', []) == 'root ::= "a\\"b\\\\\\n"'
