"""The pandera schema of a specification, and the findings of a batch that does not conform to it.

There is no schema code per data set. Each field is one typed column of the schema with its checks; a
date, a sum of money or a number of hours also has a column with its text, and a check over both that
the text could be read. pandera writes failing values into its exceptions, so each check hands over one
failing value at most, exceptions go no further than this file, and findings are made from what the
checks answered for every row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from specs.check_descriptions import check_descriptions
from specs.checks import FIELD_CHECKS, UNREADABLE, Detail, FieldCheck, Terms, Test, no_detail
from specs.errors import SpecificationInvalid
from specs.finding import FINDINGS
from specs.parse import ParsedBatch, record_schema
from specs.specification import (
    CheckUse,
    Evidence,
    Need,
    NotGreater,
    Severity,
    Specification,
    SpecifiedField,
)


def capped(severity: Severity, evidence: Evidence) -> Severity:
    """The severity, but no more than a warning where the evidence is recalled or not confirmed."""
    if severity is Severity.ERROR and evidence in {"recalled", "not confirmed"}:
        return Severity.WARNING
    return severity


def severity_of_absence(field: SpecifiedField, required_evidence: Evidence) -> Severity | None:
    """How much it matters that a field has no value; None where it may be blank."""
    if field.required is Need.NO:
        return None
    return capped(capped(Severity(field.required), field.evidence), required_evidence)


@dataclass(frozen=True, slots=True)
class Rule:
    """One check on one field, as it is reported."""

    code: str
    severity: Severity
    field: SpecifiedField
    terms: Terms
    detail: Detail = no_detail

    @property
    def name(self) -> str:
        """What pandera calls it: 'ni_number: nino'."""
        return f"{self.field.column}: {self.code}"


class ExtractSchema:
    """A specification as a pandera schema over the columns that an extract has.

    `pandera` is the schema itself: over a frame with one Arrow-backed column per field, named as in the
    specification, and one per date, sum or number of hours with its text, such as 'invoice_date (text)'.
    """

    def __init__(self, specification: Specification, columns: Collection[str], *, today: date) -> None:
        """Build the schema.

        Args:
            specification: what the records must look like.
            columns: the columns of the specification that the extract has; no others are checked.
            today: the day of the check, for dates that cannot lie in the future.

        Raises:
            SpecificationInvalid: it names a check that does not exist or does not suit the format.
        """
        self._rules: dict[str, Rule] = {}
        self._columns = [field.column for field in specification.fields if field.column in columns]
        self._today = today
        types = record_schema(specification)
        schema: dict[str, pandera.Column] = {}
        frame_checks: list[pandera.Check] = []
        for field in specification.fields:
            if field.column not in columns:
                continue
            on_text, on_value = self._field_checks(field, specification.required_evidence)
            if field.format in UNREADABLE:
                schema[_text_of(field.column)] = _column(pa.string(), on_text)
                schema[field.column] = _column(types.field(field.column).type, on_value)
                frame_checks.append(self._readable(field))
            else:
                schema[field.column] = _column(pa.string(), on_text + on_value)
        for rule in specification.not_greater:
            if {rule.column, rule.than} <= set(columns):
                frame_checks.append(self._not_greater(rule, specification))
        self.pandera = pandera.DataFrameSchema(schema, checks=frame_checks, strict=True)
        places = {column: place for place, column in enumerate(self._columns)}
        self._order = sorted(
            self._rules, key=lambda name: (self._rules[name].code, places[self._rules[name].field.column])
        )

    def findings(self, batch: ParsedBatch) -> pa.RecordBatch:
        """What fails in a batch: columns FINDINGS, ordered by row, code and place of the field."""
        failing = {name: np.flatnonzero(~passes) for name, passes in self._answers(batch).items()}
        if not failing:
            return pa.RecordBatch.from_pylist([], schema=FINDINGS)
        found = [self._rule_findings(name, failing[name], batch) for name in self._order if name in failing]
        together = pa.concat_batches(found)
        return together.take(pa.array(np.argsort(together.column("row").to_numpy(), kind="stable")))

    def _field_checks(
        self, field: SpecifiedField, required_evidence: Evidence
    ) -> tuple[list[pandera.Check], list[pandera.Check]]:
        """The checks on one field: those that look at its text, then those that look at its value."""
        on_text: list[pandera.Check] = []
        on_value: list[pandera.Check] = []
        absence = severity_of_absence(field, required_evidence)
        if absence is not None:
            rule = self._rule("required", absence, field)
            on_text.append(_series_check(rule, lambda text, _terms: pc.is_valid(text)))
        for use in field.checks:
            for check in _checks_named(use, field):
                rule = self._rule(check.code, _severity(check), field, use, check.detail)
                (on_text if check.looks_at == "text" else on_value).append(_series_check(rule, check.passes))
        return on_text, on_value

    def _readable(self, field: SpecifiedField) -> pandera.Check:
        """The check that whatever stands in a field could be read in its format."""
        code = str(field.format)
        severity = check_descriptions()[code].severity
        rule = self._rule(code, Severity(severity), field, detail=UNREADABLE[field.format])

        def passes(frame: pd.DataFrame) -> pd.Series:
            text, value = _arrow(frame[_text_of(field.column)]), _arrow(frame[field.column])
            return _answer(pc.or_(pc.is_null(text), pc.is_valid(value)), frame.index)

        return _check(rule, passes)

    def _not_greater(self, limit: NotGreater, specification: Specification) -> pandera.Check:
        """The check that one sum is not larger than another one, both without sign."""
        field, than = specification.by_column[limit.column], specification.by_column[limit.than]
        words = f"larger than {than.name}"
        rule = self._rule(
            "not_greater",
            capped(capped(limit.severity, limit.evidence), than.evidence),
            field,
            detail=lambda text, _terms: pa.repeat(words, len(text)),
        )

        def passes(frame: pd.DataFrame) -> pd.Series:
            part, whole = pc.abs(_arrow(frame[limit.column])), pc.abs(_arrow(frame[limit.than]))
            return _answer(pc.less_equal(part, whole), frame.index)

        return _check(rule, passes)

    def _rule(
        self,
        code: str,
        severity: Severity,
        field: SpecifiedField,
        use: CheckUse | None = None,
        detail: Detail = no_detail,
    ) -> Rule:
        terms = Terms(allowed=use.allowed if use else (), today=self._today)
        rule = Rule(code, capped(severity, field.evidence), field, terms, detail)
        self._rules[rule.name] = rule
        return rule

    def _answers(self, batch: ParsedBatch) -> dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        """For each rule that something fails, whether each record passes it."""
        errors: list[SchemaError] = []
        frame = self._frame(batch)
        try:
            # whatever PANDERA_VALIDATION_ENABLED says in the user's environment
            with config_context(True, ValidationDepth.SCHEMA_AND_DATA):
                self.pandera.validate(frame, lazy=True, inplace=True)
        except SchemaErrors as failures:
            errors = failures.schema_errors
        for error in errors:
            if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK:
                # pandera's own text could show a value: the name of the check says enough
                raise RuntimeError(f"check '{getattr(error.check, 'name', error.check)}' could not run")
        return {error.check.name: error.check_output.to_numpy() for error in errors}

    def _frame(self, batch: ParsedBatch) -> pd.DataFrame:
        arrays: dict[str, pa.Array] = {}
        for column in self._columns:
            if _text_of(column) in self.pandera.columns:
                arrays[_text_of(column)] = batch.text[column]
            arrays[column] = batch.values[column]
        frame: pd.DataFrame = pa.table(arrays).to_pandas(types_mapper=pd.ArrowDtype)
        frame.index = pd.Index(batch.rows.to_numpy(), name="source_row")
        return frame

    def _rule_findings(
        self, name: str, failing: np.ndarray[tuple[int], np.dtype[np.intp]], batch: ParsedBatch
    ) -> pa.RecordBatch:
        rule = self._rules[name]
        places = pa.array(failing)
        text = batch.text[rule.field.column].take(places)
        return pa.record_batch(
            [
                pa.repeat(rule.code, len(text)),
                pa.repeat(str(rule.severity), len(text)),
                batch.rows.take(places),
                pa.repeat(rule.field.name, len(text)),
                text,
                rule.detail(text, rule.terms),
            ],
            schema=FINDINGS,
        )


def _checks_named(use: CheckUse, field: SpecifiedField) -> tuple[FieldCheck, ...]:
    """The checks that a specification's name stands for."""
    checks = FIELD_CHECKS.get(use.name, ())
    if not checks:
        raise SpecificationInvalid(
            f"field '{field.name}': no check called '{use.name}'. Known: {', '.join(sorted(FIELD_CHECKS))}."
        )
    for check in checks:
        if field.format not in check.formats:
            raise SpecificationInvalid(
                f"field '{field.name}': check '{use.name}' does not suit the format {field.format}."
            )
    return checks


def _severity(check: FieldCheck) -> Severity:
    return Severity(check_descriptions()[check.code].severity)


def _text_of(column: str) -> str:
    return f"{column} (text)"


def _column(type_: pa.DataType, checks: list[pandera.Check]) -> pandera.Column:
    return pandera.Column(pd.ArrowDtype(type_), checks=checks, nullable=True)


def _series_check(rule: Rule, test: Test) -> pandera.Check:
    def passes(series: pd.Series) -> pd.Series:
        return _answer(test(_arrow(series), rule.terms), series.index)

    return _check(rule, passes)


def _check(rule: Rule, passes: Callable[..., pd.Series]) -> pandera.Check:
    """A pandera check that sees blanks too, and hands over one failing value at most."""
    return pandera.Check(passes, name=rule.name, ignore_na=False, n_failure_cases=1)


def _arrow(series: pd.Series) -> pa.Array:
    return pa.array(series.array)


def _answer(passes: pa.Array, index: pd.Index) -> pd.Series:
    """What pandera wants of a check: true or false for each row. Where there is nothing to say, true."""
    return pd.Series(pc.fill_null(passes, True).to_numpy(zero_copy_only=False), index=index)
