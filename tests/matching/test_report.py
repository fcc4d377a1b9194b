"""Reports are read from YAML; what is wrong is said with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from matching.explain import known_explanations
from matching.known_reports import reports_called
from matching.report import (
    REPORTS,
    Report,
    ReportInvalid,
    ReportNotFound,
    all_reports,
    read_report,
)

GOOD = """\
id: same-amount
title: Same amount
about: An amount twice.
data: [creditors-history]
same: [total_invoice_amount]
near: {invoice_date: 60 days}
value: total_invoice_amount
explanations: [far_apart]
strength: {share: 0.5, evidence: inferred}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_report_is_read(tmp_path: Path) -> None:
    report = read_report(written(tmp_path, GOOD))
    assert (report.id, report.same) == ("same-amount", ("total_invoice_amount",))
    assert {column: str(near) for column, near in report.near.items()} == {"invoice_date": "60 days"}
    assert report.columns == ("total_invoice_amount", "invoice_date")


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        pytest.param("about:", "abuot:", "line 3: abuot", "did you mean 'about'", id="misspelt key"),
        pytest.param(
            "title: Same amount\n",
            "title: Same amount\ncolour: red\n",
            "line 3: colour",
            "no such key. Known: id",
            id="key",
        ),
        pytest.param(
            "same: [total_invoice_amount]", "same: []", "near", "without 'same'", id="nothing the same"
        ),
        pytest.param("same: [total_invoice_amount]", "same: amount", "same", "tuple", id="text for a list"),
        pytest.param(
            "same: [total_invoice_amount]", "same: ['a; drop table']", "same.0", "match", id="no column"
        ),
        pytest.param("[creditors-history]", "[a, b, c]", "data", "at most 2", id="three data sets"),
        pytest.param("60 days", "60", "near", "60 days", id="a number without a unit"),
        pytest.param("60 days", "two months", "near", "60 days", id="another unit"),
        pytest.param("0.5", "1.5", "strength.share", "less than or equal to 1", id="share above one"),
        pytest.param("inferred", "guessed", "strength.evidence", "match", id="unknown evidence"),
        pytest.param(
            "[far_apart]", "[far_away]", "", "no explanation called 'far_away'", id="unknown explanation"
        ),
        pytest.param("id: same-amount", "id: Same Amount", "id", "match", id="id with spaces"),
        pytest.param(
            "near: {invoice_date: 60 days}",
            "near: {invoice_date: 60 days, due_date: 3 days, payment_date: 3 days}",
            "near",
            "at most 2",
            id="three near columns",
        ),
        pytest.param(
            "value:",
            "blocks: [{words: creditor_name}]\nvalue:",
            "",
            "words must name the column",
            id="blocks alone",
        ),
        pytest.param(
            "value:",
            "similar: {creditor_name_key: 0.9}\nblocks: [{words: creditor_name}]\nvalue:",
            "",
            "words must name the column",
            id="blocks of another column",
        ),
        pytest.param(
            "value:", "similar: {creditor_name_key: 90}\nvalue:", "similar", "less than", id="per cent"
        ),
    ],
)
def test_a_bad_report_is_refused_with_file_and_key(
    old: str, new: str, key: str, said: str, tmp_path: Path
) -> None:
    assert old in GOOD
    with pytest.raises(ReportInvalid) as caught:
        read_report(written(tmp_path, GOOD.replace(old, new)))
    message = str(caught.value)
    assert message.startswith("mine.yaml: ")
    assert key in message
    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words", "a: [1\n", "a: b: c"])
def test_what_is_no_report_at_all_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    with pytest.raises(ReportInvalid, match=r"^mine\.yaml: [^\n]+$"):
        read_report(written(tmp_path, text))


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("id: other\n", "line 10: 'id' is there twice, first on line 1"),
        (
            "where: {vat_amount: {}}\n",
            "line 10: where.vat_amount: expected above, below, is",
        ),
        (
            "where: {vat_amount: {abve: 1}}\n",
            "line 10: where.vat_amount.abve: no such key; did you",
        ),
        (
            "where: {vat_amount: {above: ten}}\n",
            "line 10: where.vat_amount.above: Input should be",
        ),
        (
            "similar: {creditor_name_key: {least: 0.9, by: magic}}\n",
            "line 10: similar.creditor_name_key.by: no sco",
        ),
        (
            "similar: {creditor_name_key: 9}\n",
            "line 10: similar.creditor_name_key: Input should be less than",
        ),
        (
            "different: {creditor_reference: 1}\n",
            "line 10: different.creditor_reference: Input should be greater",
        ),
        (
            "compare:\n  name: {by: magic, of: [surname]}\n",
            "line 11: compare.name.by: no comparison called",
        ),
        (
            "compare: {name: {by: surname, of: [surname]}}\n",
            "line 5: same: cannot stand beside 'compare', which weighs what agrees",
        ),
    ],
)
def test_what_is_wrong_is_said_with_line_and_key(added: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ReportInvalid) as caught:
        read_report(written(tmp_path, GOOD + added))
    assert str(caught.value).startswith(f"mine.yaml: {said}")


SINGLE = GOOD.replace("same: [total_invoice_amount]\n", "").replace("near: {invoice_date: 60 days}\n", "")


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("", "where: needed, unless something is the same or similar"),
        (
            "near: {invoice_date: 1 day}\nwhere: {vat_amount: {above: 0}}\n",
            "near: says nothing without 'same'",
        ),
        (
            "different: [vat_amount]\nwhere: {vat_amount: {above: 0}}\n",
            "different: says nothing without 'same'",
        ),
        (
            "lines_of: invoice\nwhere: {vat_amount: {above: 0}}\n",
            "lines_of: needs one data set, and something that is the same or similar",
        ),
    ],
)
def test_single_records_need_a_condition_and_cannot_differ(added: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ReportInvalid, match=said):
        read_report(written(tmp_path, SINGLE + added))


def test_a_report_about_single_records_has_conditions_only(tmp_path: Path) -> None:
    report = read_report(written(tmp_path, SINGLE + "where: {vat_amount: {above: 0}}\n"))
    assert report.is_about_single_records
    assert not read_report(written(tmp_path, GOOD)).is_about_single_records


def test_values_are_read_as_text_so_that_no_stays_no(tmp_path: Path) -> None:
    where = "where: {status: {is: [NO, 010], is_not: [y], blank: false}}\n"
    found = read_report(written(tmp_path, GOOD + where)).where["status"]
    assert (found.is_, found.is_not, found.blank) == (("NO", "010"), ("y",), False)


@pytest.mark.parametrize(
    ("text", "unit", "most"),
    [("1 day", "days", 1), ("60 days", "days", 60), ("500 pence", "pence", 500), ("2.5 %", "percent", 2.5)],
)
def test_a_distance_is_of_days_of_pence_or_of_the_smaller_sum(
    text: str, unit: str, most: float, tmp_path: Path
) -> None:
    near = read_report(written(tmp_path, GOOD.replace("60 days", text))).near["invoice_date"]
    assert (near.unit, float(near.most)) == (unit, most)


def test_a_list_of_what_differs_means_two_values_and_a_number_so_many(tmp_path: Path) -> None:
    listed = read_report(written(tmp_path, GOOD + "different: [vat_amount]\n"))
    counted = read_report(written(tmp_path, GOOD + "different: {vat_amount: 3}\n"))
    assert (listed.different, counted.different) == ({"vat_amount": 2}, {"vat_amount": 3})


def test_an_unknown_explanation_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ReportInvalid, match=", ".join(known_explanations())):
        read_report(written(tmp_path, GOOD.replace("far_apart", "far_away")))


def test_reports_are_asked_for_by_id() -> None:
    ids = [report.id for report in all_reports()]
    assert [report.id for report in reports_called((ids[2], ids[0]))] == [ids[2], ids[0]]
    assert reports_called(()) == all_reports()


def test_an_unknown_report_is_refused_with_those_there_are() -> None:
    with pytest.raises(ReportNotFound, match="no report called 'zzz'") as caught:
        reports_called(("zzz",))
    assert all(report.id in str(caught.value) for report in all_reports())
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("report", all_reports(), ids=lambda report: report.id)
def test_a_report_that_comes_with_nfi_is_called_like_its_file_and_never_claims_its_number(
    report: Report,
) -> None:
    raw = yaml.safe_load((REPORTS / f"{report.id}.yaml").read_text(encoding="utf-8"))
    assert raw["id"] == report.id
    if report.nfi_report:
        assert report.nfi_report.evidence == "recalled"
        assert str(report.nfi_report).endswith("(recalled, unverified)")


@pytest.mark.parametrize("report", all_reports(), ids=lambda report: report.id)
def test_a_report_speaks_of_records_and_accuses_no_one(report: Report) -> None:
    texts = [known_explanations()[name].text for name in report.explanations]
    words = " ".join((report.title, report.about, *texts))
    assert not {"fraud", "suspect", "guilty", "offender", "culprit"} & set(words.lower().split())


def test_reports_come_with_the_strongest_first() -> None:
    shares = [report.strength.share for report in all_reports()]
    assert shares == sorted(shares, reverse=True)
