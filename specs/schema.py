"""The pandera schemas of a specification, and the findings of a batch that does not conform to them.

There is no schema code per data set. Each field has a schema of its own, over its distinct values in a
batch: the text, the typed value, and the checks of both. Checks of several fields stand in one schema over
the records. What nearly every value passes is settled by one cheap look at all of them, and the schema's
checks are asked about the rest. They are asked one by one: pandera's own report of a whole frame costs more
than the checks, and writes failing values into its exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial, reduce
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from specs.check_descriptions import check_descriptions
from specs.check_record import NotChecked
from specs.checks import (
    FIELD_CHECKS,
    ODD_TEXT,
    RECORD_CHECKS,
    UNREADABLE,
    Detail,
    FieldCheck,
    RecordCheck,
    Screen,
    Terms,
)
from specs.errors import SpecificationInvalid
from specs.finding import FINDINGS
from specs.modulus_tables import ModulusTables
from specs.parse import ParsedBatch, ParsedColumn, record_schema
from specs.specification import (
    CheckUse,
    Evidence,
    Need,
    RecordRule,
    Severity,
    Specification,
    SpecifiedField,
)

if TYPE_CHECKING:  # they take longer to load than many an extract to check: see `pandera` below
    import pandas as pd
    import pandera.pandas as pandera

TEXT, VALUE = "text", "value"
"""The two columns of a field's schema."""

Places = npt.NDArray[np.intp]
"""Where something stands in a batch, counted from 0."""


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
class _Failures:
    """Where one check fails in a batch, and what it says there."""

    code: str
    severity: Severity
    field: SpecifiedField
    places: Places
    text: pa.Array
    detail: pa.Array

    def findings(self, rows: pa.Array) -> pa.RecordBatch:
        count = len(self.places)
        return pa.record_batch(
            [
                pa.repeat(self.code, count),
                pa.repeat(str(self.severity), count),
                rows.take(pa.array(self.places)),
                pa.repeat(self.field.name, count),
                self.text,
                self.detail,
            ],
            schema=FINDINGS,
        )


class ExtractSchema:
    """A specification as pandera schemas over the columns that an extract has."""

    def __init__(
        self,
        specification: Specification,
        columns: Collection[str],
        *,
        today: date,
        modulus: ModulusTables | None = None,
    ) -> None:
        """Build the schemas.

        Args:
            specification: what the records must look like.
            columns: the columns of the specification that the extract has; no others are checked.
            today: the day of the check, for dates that cannot lie in the future.
            modulus: Pay.UK's tables, where the user has them: without them no account is held against them.

        Raises:
            SpecificationInvalid: it names a check that does not exist or does not suit the format.
        """
        self._made_from = (specification, frozenset(columns), today, modulus)
        types = record_schema(specification)
        self.fields = {
            field.column: FieldSchema(
                field, types.field(field.column).type, specification.required_evidence, today
            )
            for field in specification.fields
            if field.column in columns
        }
        """By column name."""
        terms = Terms(today, modulus=modulus)
        lacking = {rule: _lacks(rule, specification, columns, terms) for rule in specification.record_checks}
        self.records = RecordSchema(specification, [rule for rule in lacking if not lacking[rule]], terms)
        self.not_checked = tuple(
            NotChecked(code=rule.check, reason=reason) for rule, reason in lacking.items() if reason
        )
        """The checks of several fields that cannot be made, and why."""

    def __reduce__(self) -> tuple[Callable[..., ExtractSchema], tuple[object, ...]]:
        """How it travels to another process: built there anew, since its checks cannot be sent."""
        return _schema_of, self._made_from

    def findings(self, batch: ParsedBatch) -> pa.RecordBatch:
        """What fails in a batch: columns FINDINGS, ordered by row, code and place of the field."""
        failures = [
            each for name, schema in self.fields.items() for each in schema.failures(batch.columns[name])
        ]
        failures += self.records.failures(batch.columns)
        if not failures:
            return pa.RecordBatch.from_pylist([], schema=FINDINGS)
        order = {column: place for place, column in enumerate(self.fields)}
        failures.sort(key=lambda each: (each.code, order[each.field.column]))
        together = pa.concat_batches([each.findings(batch.rows) for each in failures])
        return together.take(pa.array(np.argsort(together.column("row").to_numpy(), kind="stable")))


def _schema_of(
    specification: Specification, columns: Collection[str], today: date, modulus: ModulusTables | None
) -> ExtractSchema:
    return ExtractSchema(specification, columns, today=today, modulus=modulus)


class FieldSchema:
    """The checks of one field as a pandera schema, over columns `text` and `value` of its distinct values.

    The schema is asked about those values only that a cheap look does not rule out.
    """

    def __init__(
        self, field: SpecifiedField, type_: pa.DataType, required_evidence: Evidence, today: date
    ) -> None:
        """Build the schema of a field whose values have an Arrow type."""
        self.field = field
        self._type = type_
        self._said: dict[str, _Said] = {}
        self._asked: list[tuple[FieldCheck, Terms]] = []
        absence = severity_of_absence(field, required_evidence)
        uses = [(use, check) for use in field.checks for check in _checks_named(use, field)]
        uses += [(CheckUse(name=check.code), check) for check in ODD_TEXT.for_field(field).checks]
        if absence is not None:
            uses.insert(0, (CheckUse(name=_REQUIRED.code), _REQUIRED))
        for use, check in uses:
            terms = Terms(today, allowed=use.allowed, limit=use.limit)
            severity = absence if check is _REQUIRED and absence else _severity(check.code)
            evidence = field.evidence if check is _REQUIRED else field.evidence_of_checks
            self._said[check.code] = _Said(capped(severity, evidence), terms, check.detail)
            self._asked.append((check, terms))
        if field.format in UNREADABLE:
            code = str(field.format)
            severity = capped(_severity(code), field.evidence)
            self._said[code] = _Said(severity, Terms(today), UNREADABLE[field.format])
        self._looks = _looks(self._asked)

    @cached_property
    def pandera(self) -> pandera.DataFrameSchema:
        """The schema. It is made when the first value is suspect."""
        from specs.pandera_alone import pandera  # noqa: PLC0415

        on: dict[str, list[pandera.Check]] = {TEXT: [], VALUE: []}
        for check, terms in self._asked:
            on[check.looks_at].append(_field_check(check, terms))
        unreadable = [_check(str(self.field.format), _is_readable)] if self.field.format in UNREADABLE else []
        return pandera.DataFrameSchema(
            {TEXT: _column(pa.string(), on[TEXT]), VALUE: _column(self._type, on[VALUE])},
            checks=unreadable,
            strict=True,
        )

    def failures(self, column: ParsedColumn) -> list[_Failures]:
        """Where the values of a column fail."""
        suspects, codes = self._suspects(column)
        if not len(suspects):
            return []
        chosen = pa.array(suspects)
        values = {TEXT: column.text.take(chosen), VALUE: column.value.take(chosen)}
        answers = _answers(self.pandera, values, codes)
        return [self._failures(code, suspects[~passes], column) for code, passes in answers.items()]

    def _suspects(self, column: ParsedColumn) -> tuple[Places, Collection[str]]:
        """The values that may fail a check, and the checks that they may fail."""
        suspect = np.zeros(len(column.text), np.bool_)
        codes: set[str] = set()
        if self.field.format in UNREADABLE and column.value.null_count > column.text.null_count:
            suspect |= _mask(pc.and_(pc.is_null(column.value), pc.is_valid(column.text)))
            codes.add(str(self.field.format))
        for look in self._looks:
            mask = _mask(look.may_fail(column))
            if mask.any():
                suspect |= mask
                codes.update(look.codes)
        return np.flatnonzero(suspect), codes

    def _failures(self, code: str, failing: Places, column: ParsedColumn) -> _Failures:
        text = column.text.take(pa.array(failing))
        said = self._said[code]
        detail = said.detail(text, said.terms)
        places = failing
        if column.places is not None:  # from distinct values to the records that hold them
            number = np.full(len(column.text), -1, dtype=np.intp)
            number[failing] = np.arange(len(failing))
            of_each = number[column.places.to_numpy()]
            places = np.flatnonzero(of_each >= 0)
            which = pa.array(of_each[places])
            text, detail = text.take(which), detail.take(which)
        return _Failures(code, said.severity, self.field, places, text, detail)


class RecordSchema:
    """The checks of several fields of a record as a pandera schema, over columns of typed values."""

    def __init__(self, specification: Specification, rules: Iterable[RecordRule], terms: Terms) -> None:
        """Build the schema of rules whose columns are all there; `terms` is what all of them compare with."""
        self._rules: dict[str, tuple[RecordRule, RecordCheck, Severity, Terms]] = {}
        self._fields = specification.by_column
        self._types = record_schema(specification)
        for place, rule in enumerate(rules):
            fields = [specification.by_column[column] for column in rule.columns]
            check = _record_check_named(rule, fields)
            severity = reduce(
                capped, (each.evidence for each in fields), capped(rule.severity, rule.evidence)
            )
            own = replace(terms, limit=rule.limit, names=tuple(each.name for each in fields))
            self._rules[f"{check.code} {place}"] = (rule, check, severity, own)
        self._columns = sorted({column for rule, *_ in self._rules.values() for column in rule.columns})

    @cached_property
    def pandera(self) -> pandera.DataFrameSchema:
        """The schema. It is made when the first record is suspect."""
        from specs.pandera_alone import pandera  # noqa: PLC0415

        return pandera.DataFrameSchema(
            {column: _column(self._types.field(column).type, []) for column in self._columns},
            checks=[
                _check(name, _of_records(rule, check, terms))
                for name, (rule, check, _severity_of_it, terms) in self._rules.items()
            ],
            strict=True,
        )

    def failures(self, columns: Mapping[str, ParsedColumn]) -> list[_Failures]:
        """Where records fail."""
        if not self._rules:
            return []
        values = {name: columns[name].value_of_each_record for name in self._columns}
        suspect = np.zeros(len(values[self._columns[0]]), np.bool_)
        names = set()
        for name, (rule, check, _severity_of_it, terms) in self._rules.items():
            mask = _mask(pc.invert(check.passes([values[column] for column in rule.columns], terms)))
            if mask.any():
                suspect |= mask
                names.add(name)
        if not names:
            return []
        suspects = np.flatnonzero(suspect)
        failures = []
        suspected = {name: array.take(pa.array(suspects)) for name, array in values.items()}
        for name, passes in _answers(self.pandera, suspected, names).items():
            rule, check, severity, terms = self._rules[name]
            places = suspects[~passes]
            failing = pa.array(places)
            detail = check.detail([values[column].take(failing) for column in rule.columns], terms)
            first = columns[rule.columns[0]]
            text = first.text.take(failing if first.places is None else first.places.take(failing))
            failures.append(
                _Failures(check.code, severity, self._fields[rule.columns[0]], places, text, detail)
            )
        return failures


@dataclass(frozen=True, slots=True)
class _Said:
    """What a check on a field says where it fails."""

    severity: Severity
    terms: Terms
    detail: Detail


def _lacks(
    rule: RecordRule, specification: Specification, columns: Collection[str], terms: Terms
) -> str | None:
    """Why a check of several fields cannot be made; None where it can."""
    if absent := [specification.by_column[name].name for name in rule.columns if name not in columns]:
        return f"the extract has no column for {' and '.join(absent)}"
    return RECORD_CHECKS[rule.check].lacks(terms) if rule.check in RECORD_CHECKS else None


@dataclass(frozen=True, slots=True)
class _Look:
    """A first look at a whole column for one check, or for all that share a screen."""

    codes: tuple[str, ...]
    may_fail: Callable[[ParsedColumn], pa.Array]
    """Which values may fail: where a check has no cheaper screen, its test is what tells."""


def _looks(checks: Iterable[tuple[FieldCheck, Terms]]) -> list[_Look]:
    """The looks that tell which values some checks need to see."""
    looks = []
    sharing: dict[Screen, list[str]] = {}
    for check, terms in checks:
        if check.screen is None:
            looks.append(_Look((check.code,), partial(_fails, check, terms)))
        else:
            sharing.setdefault(check.screen, []).append(check.code)
    return looks + [_Look(tuple(codes), partial(_screened, screen)) for screen, codes in sharing.items()]


def _fails(check: FieldCheck, terms: Terms, column: ParsedColumn) -> pa.Array:
    return pc.invert(check.passes(column.text if check.looks_at == "text" else column.value, terms))


def _screened(screen: Screen, column: ParsedColumn) -> pa.Array:
    return screen(column.text)


_REQUIRED = FieldCheck("required", "text", lambda text, _terms: pc.is_valid(text))


def _is_readable(frame: pd.DataFrame) -> pd.Series:
    text, value = _arrow(frame[TEXT]), _arrow(frame[VALUE])
    return _answer(pc.or_(pc.is_null(text), pc.is_valid(value)), frame.index)


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


def _record_check_named(rule: RecordRule, fields: list[SpecifiedField]) -> RecordCheck:
    """The check of several fields that a specification's rule names."""
    where = f"record check '{rule.check}' on {', '.join(rule.columns)}"
    check = RECORD_CHECKS.get(rule.check)
    if check is None:
        raise SpecificationInvalid(f"{where}: no such check. Known: {', '.join(sorted(RECORD_CHECKS))}.")
    if len(fields) != len(check.formats):
        raise SpecificationInvalid(f"{where}: it takes {len(check.formats)} columns.")
    for field, formats in zip(fields, check.formats, strict=True):
        if field.format not in formats:
            raise SpecificationInvalid(
                f"{where}: '{field.name}' has format {field.format}, which does not suit it."
            )
    return check


def _severity(code: str) -> Severity:
    return Severity(check_descriptions()[code].severity)


def _column(type_: pa.DataType, checks: list[pandera.Check]) -> pandera.Column:
    import pandas as pd  # noqa: PLC0415

    from specs.pandera_alone import pandera  # noqa: PLC0415

    return pandera.Column(pd.ArrowDtype(type_), checks=checks, nullable=True)


def _field_check(check: FieldCheck, terms: Terms) -> pandera.Check:
    def passes(series: pd.Series) -> pd.Series:
        return _answer(check.passes(_arrow(series), terms), series.index)

    return _check(check.code, passes)


def _of_records(rule: RecordRule, check: RecordCheck, terms: Terms) -> Callable[[pd.DataFrame], pd.Series]:
    def passes(frame: pd.DataFrame) -> pd.Series:
        return _answer(check.passes([_arrow(frame[column]) for column in rule.columns], terms), frame.index)

    return passes


def _check(name: str, passes: Callable[..., pd.Series]) -> pandera.Check:
    """A pandera check that sees blanks too, and hands over one failing value at most."""
    from specs.pandera_alone import pandera  # noqa: PLC0415

    return pandera.Check(passes, name=name, ignore_na=False, n_failure_cases=1)


def _answers(
    schema: pandera.DataFrameSchema, arrays: Mapping[str, pa.Array], names: Collection[str]
) -> dict[str, npt.NDArray[np.bool_]]:
    """For each of the named checks that something fails, whether each value or record passes it."""
    import pandas as pd  # noqa: PLC0415

    frame = pa.table(dict(arrays)).to_pandas(types_mapper=pd.ArrowDtype)
    asked = [(check, frame[name]) for name, column in schema.columns.items() for check in column.checks]
    asked += [(check, frame) for check in schema.checks]
    answers = {}
    for check, values in asked:
        if check.name not in names:
            continue
        broken = None
        try:
            answer = check(values)
        except Exception as fault:
            broken = type(fault).__name__
        if broken:  # the fault's own text could show a value: it is let go before
            raise RuntimeError(f"check '{check.name}' could not run ({broken})")
        if not answer.check_passed:
            answers[str(check.name)] = answer.check_output.to_numpy()
    return answers


def ready_pandera() -> None:
    """Have pandera load now what it loads with its first check of all."""
    from specs.pandera_alone import pandera  # noqa: PLC0415

    check = _check("ready", lambda frame: _answer(pa.array([True]), frame.index))
    _answers(pandera.DataFrameSchema({}, checks=[check]), {TEXT: pa.array([""])}, {"ready"})


def _mask(may_fail: pa.Array) -> npt.NDArray[np.bool_]:
    """Which are true, as numpy sees it; null counts as false."""
    mask: npt.NDArray[np.bool_] = pc.fill_null(may_fail, False).to_numpy(zero_copy_only=False)
    return mask


def _arrow(series: pd.Series) -> pa.Array:
    return pa.array(series.array)


def _answer(passes: pa.Array, index: pd.Index) -> pd.Series:
    """What pandera wants of a check: true or false for each value. Where there is nothing to say, true."""
    import pandas as pd  # noqa: PLC0415

    return pd.Series(pc.fill_null(passes, True).to_numpy(zero_copy_only=False), index=index)
