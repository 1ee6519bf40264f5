"""The picture of a terminal shows what the terminal showed last."""

from pathlib import Path

from tests.e2e.terminal_picture import draw, screen


def test_lines_that_were_drawn_over_are_gone() -> None:
    output = "first\r\n⠋ waiting\r\x1b[2K⠙ waiting\r\x1b[2K\x1b[32m✓\x1b[0m done\r\nnext"
    assert screen(output) == ["first", "\x1b[32m✓\x1b[0m done", "next"]
    assert screen("one\r\ntwo\x1b[1A\r\x1b[2KONE\n\x1b[2KTWO") == ["ONE", "TWO"]
    assert screen("a\x1b[?25lb") == ["ab"]


def test_the_password_is_left_out_and_nothing_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "up.svg"
    draw("✓ Importing the sample\r\n  password   s3cret-Word\r\nready", file)
    svg = file.read_text(encoding="utf-8")
    assert "s3cret" not in svg
    assert "ready" in svg
    assert "font-face" not in svg
    assert "https://" not in svg.replace("https://www.textualize.io", "")
