"""The catalogue: nfi's own specifications, and the body's own on top of them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from specs.catalogues import CATALOGUE, Catalogue, Origin, datasets, exercises, load_specification
from specs.errors import SpecificationInvalid, SpecificationNotFound

PAYROLL = (CATALOGUE / "2026-27" / "payroll.yaml").read_text(encoding="utf-8")


def own(folder: Path, place: str, text: str = PAYROLL) -> Path:
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def test_without_a_folder_of_its_own_a_body_has_the_catalogue_of_nfi(tmp_path: Path) -> None:
    catalogue = Catalogue.of(tmp_path / "none")
    assert catalogue.exercises() == exercises()
    assert [catalogue.datasets(each) for each in exercises()] == [datasets(each) for each in exercises()]
    assert catalogue.load("payroll") == load_specification("payroll")
    assert catalogue.origin("payroll") is Origin.NFI


def test_the_bodys_own_specification_takes_the_place_of_ours(tmp_path: Path) -> None:
    text = PAYROLL.replace('title: "Payroll"', 'title: "Our payroll"')
    catalogue = Catalogue.of(own(tmp_path, "2026-27/payroll.yaml", text))
    assert catalogue.load("payroll").title == "Our payroll"
    assert catalogue.origin("payroll") is Origin.OWN
    assert catalogue.origin("payroll", "2012-13") is Origin.NFI
    assert load_specification("payroll").title == "Payroll"


def test_a_body_may_add_a_data_set_and_an_exercise(tmp_path: Path) -> None:
    text = PAYROLL.replace("dataset: payroll", "dataset: members").replace('"2026-27"', '"2028-29"')
    catalogue = Catalogue.of(own(tmp_path, "2028-29/members.yaml", text))
    assert catalogue.exercises()[-1] == "2028-29"
    assert catalogue.datasets("2028-29") == ["members"]
    assert catalogue.load("members", "2028-29").exercise == "2028-29"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(("status:", "colour: blue\nstatus:"), "line 4: colour: Extra inputs", id="unknown key"),
        pytest.param(("status: provisional", "status: final"), "line 4: status: ", id="unknown value"),
        pytest.param(
            ('title: "Payroll"', 'title: "Payroll"\ntitle: "Again"'),
            "line 4: 'title' is there twice, first on line 3",
            id="key twice",
        ),
        pytest.param(("format: date", "format: day"), ".format: ", id="in a field"),
        pytest.param(("dataset: payroll", "dataset: pensions"), "dataset: says pensions", id="other name"),
        pytest.param(('"2026-27"', '"2024-25"'), "exercise: says 2024-25", id="other exercise"),
        pytest.param(("fields:", "fields: ["), "not valid YAML", id="not YAML"),
        pytest.param(
            ("checks: [nino]", "checks: [ninno]"), "no check called 'ninno'; did you mean 'nino'?", id="check"
        ),
        pytest.param(("check: modulus", "check: moduls"), "did you mean 'modulus'?", id="check of records"),
    ],
)
def test_a_fault_in_the_own_catalogue_is_one_line_that_names_file_and_place(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    folder = own(tmp_path, "2026-27/payroll.yaml", PAYROLL.replace(*change, 1))
    with pytest.raises(SpecificationInvalid) as caught:
        Catalogue.of(folder).load("payroll")
    assert str(caught.value).startswith(f"{tmp_path / '2026-27' / 'payroll.yaml'}: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_fault_in_a_field_is_told_with_the_line_of_its_entry(tmp_path: Path) -> None:
    lines = PAYROLL.splitlines()
    at = next(number for number, line in enumerate(lines) if "format: date" in line)
    lines[at] = lines[at].replace("date", "day")
    with pytest.raises(SpecificationInvalid, match=f"line {at + 1}: fields"):
        Catalogue.of(own(tmp_path, "2026-27/payroll.yaml", "\n".join(lines))).load("payroll")


def test_the_file_of_a_specification_is_given_as_long_as_it_is_the_one_that_was_read(tmp_path: Path) -> None:
    catalogue = Catalogue.of(own(tmp_path, "2026-27/payroll.yaml"))
    specification = catalogue.load("payroll")
    assert sha256(catalogue.content(specification)).hexdigest() == specification.digest
    file = tmp_path / "2026-27" / "payroll.yaml"
    file.write_text(file.read_text() + "# changed\n")
    with pytest.raises(SpecificationInvalid, match=r"payroll\.yaml: has changed since it was read"):
        catalogue.content(specification)


@pytest.mark.parametrize("place", ["payroll.yaml", "2026-27/payroll.yml", "2026-27/old/payroll.yaml"])
def test_a_file_that_would_never_be_read_is_refused_and_not_passed_over(tmp_path: Path, place: str) -> None:
    with pytest.raises(SpecificationInvalid, match=r"would never be read.*Rename or move"):
        Catalogue.of(own(tmp_path, place))


def test_hidden_files_and_kept_copies_are_left_alone(tmp_path: Path) -> None:
    for place in (
        ".git/x.yaml",
        "2026-27/.payroll.yaml.123",
        "2026-27/payroll.yaml.before-0123",
        "notes.txt",
    ):
        own(tmp_path, place)
    assert Catalogue.of(tmp_path).entries == Catalogue.of().entries


def test_an_unknown_name_is_answered_with_what_both_catalogues_know(tmp_path: Path) -> None:
    text = PAYROLL.replace("dataset: payroll", "dataset: members")
    catalogue = Catalogue.of(own(tmp_path, "2026-27/members.yaml", text))
    with pytest.raises(SpecificationNotFound, match="did you mean 'members'"):
        catalogue.load("member")
    with pytest.raises(SpecificationNotFound, match="no exercise called '2030-31'"):
        catalogue.datasets("2030-31")


def test_a_body_without_a_folder_of_its_own_has_no_place_for_a_specification(tmp_path: Path) -> None:
    assert Catalogue.of(tmp_path).own_place("payroll", "2026-27") == tmp_path / "2026-27" / "payroll.yaml"
    with pytest.raises(ValueError, match="no folder"):
        Catalogue.of().own_place("payroll", "2026-27")
