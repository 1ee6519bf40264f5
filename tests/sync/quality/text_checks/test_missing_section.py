import pytest

from sync.quality.text_checks.missing_section import MissingSection
from tests.sync.quality.text_checks.texts import found

SOAP = (
    "Subjective: pain since Monday.",
    "Objective: no fever.",
    "Assessment: strain.",
    "Plan: rest.",
)
MARKED = (
    "## Subjective\nPain.",
    "## Objective\nNo fever.",
    "## Assessment\nStrain.",
    "## Plan\nRest.",
)
LETTERS = ("S: pain.", "O: no fever.", "A: strain.", "P: rest.")
BOLD = (
    "**Subjective** – pain.",
    "**Objective:** none.",
    "**Assessment (likely):** strain.",
    "**Plan**\nRest.",
)


@pytest.mark.parametrize("parts", [SOAP, MARKED, LETTERS, BOLD])
def test_all_sections(parts: tuple[str, ...]) -> None:
    assert found(MissingSection(form="soap"), "\n\n".join(parts)) == []


@pytest.mark.parametrize("parts", [SOAP, MARKED, LETTERS, BOLD])
@pytest.mark.parametrize("without", range(4))
def test_a_section_that_is_missing(parts: tuple[str, ...], without: int) -> None:
    left = [part for at, part in enumerate(parts) if at != without]
    (fault,) = found(MissingSection(form="soap"), "\n\n".join(left))
    name = ("Subjective", "Objective", "Assessment", "Plan")[without]
    assert f"lacks a section ({name})" in fault.message


def test_a_section_that_holds_nothing() -> None:
    (fault,) = found(MissingSection(form="soap"), "\n\n".join((*SOAP[:2], "Assessment:", SOAP[3])))
    assert "lacks a section (Assessment)" in fault.message


def test_sections_in_another_order() -> None:
    other = "\n\n".join((SOAP[3], *SOAP[:3]))
    (fault,) = found(MissingSection(form="soap"), other)
    assert "come as Plan, Subjective, Objective, Assessment; put them in order" in fault.message
    assert found(MissingSection(form="soap", in_order=False), other) == []


def test_none_of_its_sections() -> None:
    prose = "The patient should rest, since the assessment of the plan is subjective. " * 8
    (fault,) = found(MissingSection(form="soap"), prose)
    assert "has none of its sections" in fault.message
    assert found(MissingSection(form="soap"), "Rest for two days.") == []
    assert found(MissingSection(form="soap", shortest=0), prose) == []


def test_other_forms_and_own_ones() -> None:
    irac = "**Issue**\nIs it due?\n\n**Rule**\nIt is.\n\n**Analysis**\nSo it is.\n\n**Conclusion**\nIt is due."
    assert found(MissingSection(form="irac"), irac) == []
    advice = "1. Client profile\nA saver.\n2. Recommendation\nSave.\n3. Risks\nFew."
    (fault,) = found(MissingSection(form="advice"), advice)
    assert "(Market situation, Disclosures)" in fault.message
    own = MissingSection(sections=("Cause|Root cause", "Repair"))
    (fault,) = found(own, "Root cause: wear.")
    assert "(Repair)" in fault.message
    assert found(MissingSection(), "Anything.") == []


def test_options_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="form must be one of soap, irac, advice, found 'soup'"):
        MissingSection(form="soup")
    with pytest.raises(ValueError, match="a section must have a name"):
        MissingSection(sections=("Cause|",))
