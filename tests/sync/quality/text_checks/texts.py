"""Clean answers that no check may find anything in, in several languages and forms."""

from sync.quality.text_checks.checked_text import CheckedText, TextCheck, TextFault


def answered(
    answer: str, question: str = "What does a new card cost, and when does it come?", **more: object
) -> CheckedText:
    return CheckedText(question, question, answer, **more)  # type: ignore[arg-type]


def found(
    check: TextCheck,
    answer: str,
    question: str = "What does a new card cost, and when does it come?",
    **more: object,
) -> list[TextFault]:
    """What words alone tell."""
    return [f for f in check(answered(answer, question, **more)) if f.only_if is None]


CODE = """Use a generator, which reads one line at a time:

```python
def lines(path):
    with open(path) as file:
        for line in file:
            if line.startswith("**") or "TODO:" in line:
                yield {"line": line, "power": 2**10}
```

Call it as `lines("data.txt")`; each item is a dictionary."""
TABLE = """| card | price |
|---|---|
| Basic | GBP 5.00 |
| Plus | GBP 0.00 |

**Express** costs GBP 12.50 more, see [the fees](https://bank.example/fees)."""
CLINICAL = (
    "Breast cancer screening is offered to women of every sex assigned at birth who have breast "
    "tissue. Ask about suicide risk, drug use, sexual abuse and anal bleeding; a retarded growth "
    "curve or a low XX karyotype (45,X/46,XX) needs a second opinion. TBD (tick-borne disease) "
    "remains to be determined by serology [PDF - 300 KB]. Prompt treatment kills the parasite."
)
# question and answer
CLEAN = {
    "English": (
        "What does a new card cost?",
        "A new card costs GBP 5.00. It comes in 5 working days.",
    ),
    "German": (
        "Was kostet eine neue Karte, und wann kommt sie?",
        "Eine neue Karte kostet 5,00 EUR. Sie kommt z. B. am 3. Mai, spätestens in fünf Tagen.",
    ),
    "French": (
        "Combien coûte une nouvelle carte et quand arrive-t-elle ?",
        "Une nouvelle carte coûte 5,00 € ; elle arrive en cinq jours ouvrés. Rien d'autre à faire.",
    ),
    "Thai": (
        "บัตรใหม่ราคาเท่าไหร่ และจะได้รับเมื่อไหร่",
        "บัตรใหม่มีค่าธรรมเนียม 5 ยูโร และจะจัดส่งถึงคุณภายใน 5 วันทำการ หากต้องการด่วนมีค่าใช้จ่ายเพิ่ม",
    ),
    "Arabic": (
        "كم تكلف البطاقة الجديدة ومتى تصل؟",
        "تكلف البطاقة الجديدة خمسة يورو. تصل خلال خمسة أيام عمل، ويمكنك طلبها من التطبيق.",
    ),
    "Chinese": (
        "新卡多少钱?什么时候寄到?",
        "**新卡的费用是五欧元。**五个工作日内寄到。如需加急,请在应用中选择“快递”。",
    ),
    "Japanese": (
        "新しいカードはいくらですか。いつ届きますか。",
        "新しいカードの手数料は5ユーロです。5営業日以内に届きます。お急ぎの場合はアプリで速達を選んでください。",
    ),
    "code": ("How do I read a large file line by line in Python?", CODE),
    "table": ("Which cards are there, and what do they cost?", TABLE),
    "clinical": ("Who is offered screening, and what else is asked about?", CLINICAL),
    "a list": (
        "What do I need for a new card?",
        "You need:\n\n- a photo of your passport\n- a bill that is no older than 3 months\n- your PIN",
    ),
    "a letter": (
        "Please write to the customer that the card was sent.",
        "Dear Ms Okafor,\n\nyour new card was sent today. It comes within five days.\n\nBest regards,\nYour card team",
    ),
    "one word": ("Is the fee waived for Plus customers?", "Yes"),
    "a sum": ("What is 3 * 4 + 2?", "3 * 4 = 12\n12 + 2 = 14\n#### 14"),
}
