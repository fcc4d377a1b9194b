import pytest
from pydantic import ValidationError

from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import (
    FileLayout,
    FormContradictory,
    HeadingNotAscii,
    WrittenForm,
    require_ascii_headings,
    written_form,
)
from specs.specification import CharacterSet

FIXED = FileLayout.FIXED_WIDTH


def test_delimited_files_have_headings_and_are_ascii_unless_asked_otherwise() -> None:
    assert written_form() == WrittenForm(headings=True, characters=CharacterSet.ASCII, delimiter=None)
    assert written_form(headings=False, characters=CharacterSet.UTF_8, delimiter="|") == WrittenForm(
        headings=False, characters=CharacterSet.UTF_8, delimiter="|"
    )


def test_files_of_fixed_width_have_no_headings_unless_asked_for() -> None:
    assert written_form(FIXED) == WrittenForm(layout=FIXED, headings=False)
    assert written_form(FIXED, headings=True).headings


@pytest.mark.parametrize(
    ("named", "delimiter"), [("comma", ","), ("Pipe", "|"), ("tilde", "~"), ("~", "~"), (None, None)]
)
def test_a_delimiter_goes_by_its_name_too(named: str | None, delimiter: str | None) -> None:
    assert written_form(delimiter=named).delimiter == delimiter


@pytest.mark.parametrize(
    ("layout", "characters", "delimiter", "says"),
    [
        pytest.param(FIXED, None, "pipe", "fixed width: has no delimiter", id="delimiter, fixed width"),
        pytest.param(FIXED, CharacterSet.UTF_8, None, "is always ASCII", id="UTF-8, fixed width"),
        pytest.param(FileLayout.DELIMITED, None, ";", "comma, pipe, tilde", id="semicolon"),
        pytest.param(FileLayout.DELIMITED, None, '"', "comma, pipe, tilde", id="the qualifier"),
        pytest.param(FileLayout.DELIMITED, None, "", "comma, pipe, tilde", id="no delimiter at all"),
    ],
)
def test_choices_that_contradict_each_other_are_refused(
    layout: FileLayout, characters: CharacterSet | None, delimiter: str | None, says: str
) -> None:
    with pytest.raises(FormContradictory, match=says) as refused:
        written_form(layout, characters=characters, delimiter=delimiter)
    assert refused.value.exit_code == 2
    with pytest.raises(ValidationError):  # nor can a manifest hold them
        WrittenForm(layout=layout, characters=characters or CharacterSet.ASCII, delimiter=delimiter)


@pytest.mark.parametrize(
    "form", [written_form(FIXED, negative_sign=NegativeSign.TRAILING), written_form(delimiter=",")]
)
def test_a_form_survives_the_manifest(form: WrittenForm) -> None:
    assert WrittenForm.model_validate_json(form.model_dump_json()) == form


def test_a_published_name_outside_ascii_is_named() -> None:
    with pytest.raises(HeadingNotAscii, match=r"'Rent £'.*utf-8"):
        require_ascii_headings(["Plot", "Rent £"])
