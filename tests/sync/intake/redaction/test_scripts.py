# ruff: noqa: RUF001
"""Personal data beside letters of any script: the value goes, and nothing but the value."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.redacting.scripts import measured
from benchmarks.redacting.sentences import sentences
from sync.intake.redaction.placeholders import redact
from sync.intake.redaction.recognisers.writing import around, plain, regions_of
from sync.intake.redaction.spans import analysis
from sync.settings.redaction import PatternSection, RedactionSection

FIND = analysis(RedactionSection(on=True)).spans
FAULTS = Path("../shared/data/faults/redaction.jsonl")

# what is found stands between «»
EXACT = [
    "请致电«+86 138 0013 8000»咨询",
    "我的邮箱是«li@example.com»请在周五前回复我",
    "電話は«+81 90-1234-5678»までお願いします",
    "tel:«+4917112345678»und dann warten",
    "页面«https://example.com/u/li»打不开",
    # phone numbers
    "我的手机号是«13800138000»，订单5403926876012",
    "«13800138000»是我的手机号",
    "電話は«０９０－１２３４－５６７８»まで、携帯は«03ー1234ー5678»です",
    "제 번호는 «010-2345-6789»입니다",
    "โทร«081-234-5678»ได้เลย เบอร์«0812345678»นะ",
    "اتصل على «٠٥٠١٢٣٤٥٦٧» الآن",
    "मेरा मोबाइल «98765 43210»है",
    "Tel«0171 1234567»und dann",
    "781 1704 office\n«930.167.3943» fax\n«(579)888-3058»\ncell".replace("781 1704", "«781 1704»"),
    # e-mail addresses
    "联系«123456@qq.com»或«li@例子.中国»请回复",
    "почта«ivan@mail.ru»по утрам, «иван@почта.рф» вечером",
    "«ada@example.com»und dann «ada@example.com».Please write to «joe@corp.local»",
    "메일은 «mina-park@example.co.kr»으로",
    "email=«ada@example.com»&x, mailto:«o'neil@example.com»",
    "宛先は«tanaka＠example．com»です",
    # web addresses
    "请访问«example.com»查看，或siehe«www.example.com/a»。",
    "«https://ru.wikipedia.org/wiki/Россия» и «https://example.com/u/li»и далее",
    "Link«https://example.com/a?b=c»、次へ",
    "«https://müller.example/straße» und «пример.рф»",
    "打开«example.com:8080»查看",
    # MAC addresses
    "地址«00:1A:2B:3C:4D:5E»在线，MAC«00-1A-2B-3C-4D-5E»und",
    "端末«001a.2b3c.4d5e»だけ",
    # the others
    "信用卡«4111 1111 1111 1111»丢了，卡号«４１１１１１１１１１１１１１１１»",
    "账号«DE89370400440532013000»来自«192.0.2.17»的",
    "钱包«1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa»在",
    # parted by what nobody sees
    "اتصل على «+44\u200e 20\u200e 7946 0958» الآن, \u202a«+972 50-123-4567»\u202c",
    "write to «ada\u200b@exam\u2060ple.com»\u200b, or «a\u00adda@example.com»",
    "卡«4111\u200b1111\u200b1111\u200b1111»和«https://exam\u200bple.com/u/li»",
    "نامه به «ada@example.com»\u200cها",
]
LEFT = [
    "订单5403926876到了",
    "2024年12月25日10点付了1250000元",
    "我在2024-12-25到店，版本10.2.3.4",
    "请关注@example.com",
    "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99",
    "00:00:00:00:00:00和FF:FF:FF:FF:FF:FF",
    "id e82c3301-1234567a, call a1234567890",
    "l'hôtel 1234567890",
    "ราคา 1250000 บาท รุ่น A-1234567",
    "完了.次へ",
    "می\u200cخواهم ۱۲۵۰۰۰۰ تومان، 👩\u200d💻 2024\u200b12\u200b25",
]


def marked(text: str) -> str:
    for span in reversed(FIND(text)):
        text = f"{text[: span.start]}«{text[span.start : span.end]}»{text[span.end :]}"
    return text


@pytest.mark.parametrize("expected", EXACT)
def test_the_value_and_no_more(expected: str) -> None:
    assert marked(expected.translate({ord("«"): None, ord("»"): None})) == expected


@pytest.mark.parametrize("text", LEFT)
def test_what_is_nothing_personal_stays(text: str) -> None:
    assert marked(text) == text


@pytest.mark.skipif(not FAULTS.is_file(), reason=f"{FAULTS} is not here")
def test_the_shared_faults() -> None:
    for line in FAULTS.read_text(encoding="utf-8").splitlines():
        fault = json.loads(line)
        redacted, secrets = redact({"text": fault["text"]}, FIND)
        assert all(part not in redacted["text"] for part in fault["gone"])
        assert all(part in redacted["text"] for part in fault["kept"])
        kept_away = " ".join(map(str, secrets.values()))
        assert all(part not in kept_away for part in fault["kept"])


def test_no_sentence_of_any_language_loses_words() -> None:
    figures = measured(sentences(2), FIND)
    assert figures["swallowed"] == 0
    assert figures["sentences"] >= 300
    assert figures["languages"] >= 10
    for script, kinds in figures["scripts"].items():
        for kind in ("EMAIL_ADDRESS", "URL", "MAC_ADDRESS", "PHONE_NUMBER"):
            assert (script, kind, kinds[kind]["recall"]) == (script, kind, 1.0)
            assert (script, kind, kinds[kind]["precision"]) == (script, kind, 1.0)


def test_a_value_found_once_is_replaced_beside_letters_of_any_script() -> None:
    data = {"context": {"phone": "467 3395"}, "text": "请打467 3395找我", "other": "a467 3395"}
    new, _ = redact(data, FIND)
    assert new["text"] == "请打<PHONE_1>找我"
    assert new["other"] == "a467 3395"


def test_an_own_pattern_and_an_allowed_text_touch_letters_too() -> None:
    settings = RedactionSection(
        patterns=(PatternSection(name="ORDER", regex=r"\bA-\d{6}\b"),), allow=("0800 123 4567",)
    )
    find = analysis(settings).spans
    assert [s.entity for s in find("订单A-123456已发，ЗаказA-123456принят")] == ["ORDER", "ORDER"]
    assert find("请拨打0800 123 4567咨询") == []


def test_presidio_s_own_recognisers_end_at_other_scripts() -> None:
    find = analysis(RedactionSection(entities=("UK_NINO",))).spans
    text = "号码AB123456C请查"
    assert [text[s.start : s.end] for s in find(text)] == ["AB123456C"]


def test_plain_form_has_the_same_length() -> None:
    text = "０９０ー１２３４‐５６７８　٠٥٠ ＋＠．カー"
    assert plain(text) == "090-1234-5678 050 +@.カー"
    assert len(plain(text)) == len(text)
    assert plain("ascii") == "ascii"


def test_a_script_tells_whose_numbers_may_stand_there() -> None:
    assert regions_of("call me") == ()
    assert "TH" in regions_of("โทร")
    assert "KR" in regions_of("제 번호는")
    assert {"CN", "JP"} <= set(regions_of("電話"))


@pytest.mark.parametrize(
    ("value", "text", "found"),
    [
        ("李雷", "我叫李雷吗", True),
        ("李", "李雷", False),
        ("Ana", "Anaïs", False),
        ("Ana", "请叫Ana来", True),
        ("Иван", "Иванов", False),
        ("Иван", "叫Иван来", True),
        ("+49 171", "Tel+49 1712", False),
    ],
)
def test_a_value_is_words_of_its_own(value: str, text: str, found: bool) -> None:
    before, after = around(value)
    assert (re.search(before + re.escape(value) + after, text) is not None) is found
