"""The mapping file of a proposal: read back as it was meant, whatever the headings hold."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.amounts import MoneyFormat
from specs.catalogues import load_specification
from specs.headings import heading_signature
from specs.mapping import Mapping, read_mapping
from specs.mapping_file import MappingExists, mapping_text, quoted, write_mapping
from specs.mapping_sources import AnyOf, FromHeading, Join
from specs.plain_yaml import read_plain_yaml
from specs.proposal.code_words import CodesTranslated
from specs.proposal.result import LeftOver, PlacedField, Proposal, UnplacedField

STANDING = load_specification("creditors-standing")
FIELDS = STANDING.by_column

AWKWARD = [
    'say "x"',
    "a: b",
    "a #b",
    "- a",
    "{a}",
    "[a, b]",
    "it's",
    "a\nb",
    "back\\slash",
    "NO",
    "010",
    "~",
    "£",
]
headings = st.one_of(
    st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
).filter(lambda text: text == text.strip() != "")
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def proposal(
    fields: tuple[PlacedField, ...],
    *,
    employer: str | None = None,
    unplaced: tuple[UnplacedField, ...] = (),
    left_over: tuple[LeftOver, ...] = (),
    signatures: tuple[str, ...] = ("0" * 64,),
    notes: tuple[str, ...] = (),
    file: str = "suppliers.csv",
    translated: tuple[CodesTranslated, ...] = (),
) -> Proposal:
    return Proposal(
        specification=STANDING,
        files=(file,),
        records=12,
        placed=fields,
        unplaced=unplaced,
        left_over=left_over,
        employer=employer,
        date_format=("mm/dd/yyyy", "dd mmm yyyy"),
        money_format=MoneyFormat.POUNDS,
        distinct=True,
        notes=notes,
        signatures=signatures,
        translated=translated,
    )


def placed(column: str, *names: str, joined: bool = False, separator: str = " ") -> PlacedField:
    return PlacedField(FIELDS[column], names, 0.9, ("heading is so",), joined=joined, separator=separator)


def read_back(text: str, folder: Path) -> Mapping:
    path = folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8", newline="\n")
    return read_mapping(path, STANDING)


@settings(deadline=None)
@given(
    names=st.lists(headings, min_size=4, max_size=4, unique=True),
    employer=st.none() | headings,
    separator=texts,
    said=texts,
    word=headings,
    code=headings | st.just(""),
)
def test_a_mapping_file_says_what_the_proposal_says_whatever_the_headings_hold(
    tmp_path_factory: pytest.TempPathFactory,
    names: list[str],
    employer: str | None,
    separator: str,
    said: str,
    word: str,
    code: str,
) -> None:
    made = proposal(
        (
            placed("creditor_reference", names[0]),
            placed("creditor_name", *names[1:3]),
            placed("address_line_1", *names[2:4], joined=True, separator=separator),
        ),
        employer=employer,
        unplaced=(UnplacedField(FIELDS["site_id"], said, (names[0],)), UnplacedField(FIELDS["email"], said)),
        left_over=(LeftOver(names[3], said),),
        signatures=(heading_signature(names), "a" * 64),
        notes=(said,),
        file=said or "suppliers.csv",
        translated=(
            CodesTranslated(FIELDS["creditor_name"], ("A", "B"), {word: code}),
            CodesTranslated(FIELDS["creditor_reference"], ("A",), {word: code}, (word,), complete=False),
        ),
    )
    mapping = read_back(mapping_text(made), tmp_path_factory.mktemp("mapping"))
    assert mapping.fields == {
        "Creditor reference": FromHeading(heading=names[0]),
        "Creditor name": AnyOf(any_of=tuple(names[1:3])),
        "Address line 1": Join.model_validate({"join": names[2:4], "with": separator}),
    }
    assert mapping.translate == {"Creditor name": {word: code}}
    assert mapping.employer == employer
    assert mapping.signatures == (heading_signature(names), "a" * 64)
    assert mapping.date_format == ("mm/dd/yyyy", "dd mmm yyyy")
    assert (mapping.money_format, mapping.distinct, mapping.not_held) == (MoneyFormat.POUNDS, True, ())
    values = [pa.array([7], pa.int64()), *(pa.array([str(place)]) for place in range(4))]
    applied = mapping.apply(pa.RecordBatch.from_arrays(values, ["source_row", *names]))
    assert applied["creditor_reference"].to_pylist() == ["0"]
    assert applied["creditor_name"].to_pylist() == [code if word == "1" else "1"]
    assert applied["address_line_1"].to_pylist() == [f"2{separator}3"]


@given(headings)
def test_quoted_text_reads_back_between_brackets_and_before_a_comment(text: str) -> None:
    content, _ = read_plain_yaml(f"a: {quoted(text)}  # comment\nb: [{quoted(text)}, x]\n".encode())
    assert content == {"a": text, "b": [text, "x"]}


def test_the_file_tells_a_person_how_sure_each_line_is_and_what_to_do_about_the_rest() -> None:
    made = proposal(
        (
            PlacedField(FIELDS["creditor_reference"], ("Supplier ID",), 0.914, ("heading is 'Supplier ID'",)),
            PlacedField(
                FIELDS["creditor_name"],
                ("Name: full",),
                0.62,
                ("heading like 'Name'",),
                ("'Payee' fits nearly as well",),
            ),
        ),
        employer="Body",
        unplaced=(
            UnplacedField(FIELDS["vat_number"], "nothing stands below this heading", ("VAT No", "Tax")),
            UnplacedField(FIELDS["email"], "nothing like it"),
        ),
        left_over=(LeftOver("Cost Centre", "ledger code"), LeftOver("Zeta", "")),
    )
    assert mapping_text(made).splitlines() == [
        "# Proposed by nfi map for creditors-standing 2026-27 (provisional), from a look at 12 records.",
        "# Beside each field: how sure the proposal is, and why. Look at every line, correct what is wrong,",
        "# and delete what is not so. docs/mapping.md says what else can be written here.",
        "dataset: creditors-standing",
        "title: Proposed from suppliers.csv",
        "fields:",
        "  Creditor reference: Supplier ID  # 91 %: heading is 'Supplier ID'",
        "  Creditor name: \"Name: full\"      # LOOK, 62 %: heading like 'Name'; 'Payee' fits nearly as well",
        "date_format: [mm/dd/yyyy, dd mmm yyyy]",
        "money_format: pounds",
        "distinct: true  # the mapped part of the records repeats: each different one counts once",
        "employer: Body  # to check that the file holds one employer only",
        "# By this, nfi check finds the mapping again for files with the same headings.",
        f"signature: {'0' * 64}",
        "#",
        "# Not placed. Where the source system has the field, move its line up under 'fields:' with its",
        "# heading; where it has not, say so in a line such as   not_held: [Due date, VAT amount]",
        "#   VAT registration number: VAT No  # nothing stands below this heading; or Tax",
        "#   Email address:  # nothing like it",
        "#",
        "# Headings that no field takes:",
        "#   Cost Centre  (looks like ledger code)",
        "#   Zeta",
    ]


def test_codes_are_translated_and_unknown_ones_left_to_fill_in(tmp_path: Path) -> None:
    names = ("creditor_name", "creditor_reference", "address_line_1")
    known = CodesTranslated(FIELDS["creditor_name"], ("F", "T"), {"Full Time": "F", "NO": ""})
    some = CodesTranslated(FIELDS["creditor_reference"], ("F", "P"), {"FT": "F"}, ("X 1",), complete=False)
    none = CodesTranslated(FIELDS["address_line_1"], ("W",), {}, (), complete=False)
    made = proposal(tuple(placed(name, name) for name in names), translated=(known, some, none))
    text = mapping_text(made)
    start = text.index("translate:")
    assert text[start : text.index("date_format:")].splitlines() == [
        "translate:  # what the source system writes, and what the specification wants instead",
        '  Creditor name: {Full Time: F, "NO": ""}',
        "# LOOK: the values of these fields are not all known. Write the code that each becomes",
        "# (\"\" for blank), and take the '#' away.",
        '#   Creditor reference: {FT: F, X 1: "?"}  # takes only F, P',
        '#   Address line 1: {value in the extract: "?"}  # takes only W',
    ]
    filled_in = read_back(text.replace("#   C", "  C").replace("#   A", "  A"), tmp_path)
    assert filled_in.translate["Creditor reference"] == {"FT": "F", "X 1": "?"}
    alone = mapping_text(proposal(made.placed, translated=(some,)))
    assert "\n# translate:\n#   Creditor reference: {" in alone
    assert read_back(alone, tmp_path).translate == {}
    uncommented = alone.replace("# translate:", "translate:").replace("#   C", "  C")
    assert read_back(uncommented, tmp_path).translate.keys() == {"Creditor reference"}


def test_a_mapping_that_is_there_is_not_written_over_unless_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "mappings" / "suppliers.yaml"
    write_mapping(path, proposal((placed("creditor_name", "Payee"),)))
    with pytest.raises(MappingExists, match=r"suppliers\.yaml: is there already.*--force"):
        write_mapping(path, proposal((placed("creditor_name", "Supplier"),)))
    assert "Payee" in path.read_text()
    write_mapping(path, proposal((placed("creditor_name", "Supplier"),)), force=True)
    assert "Payee" not in path.read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions in another way")
def test_only_the_owner_can_read_a_mapping_file(tmp_path: Path) -> None:
    path = tmp_path / "mappings" / "suppliers.yaml"
    write_mapping(path, proposal((placed("creditor_name", "Payee"),)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
