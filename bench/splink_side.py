"""Splink on labelled records, with settings in the manner of its own examples.

The examples are those of its documentation: febrl3 and febrl4 (its detailed model) for FEBRL,
deduplicate_50k_synthetic for people with post codes, accuracy_analysis_from_labels_column for those with town
and e-mail. Where trials found better settings, they stand beside those of the example. Identifiers made from
the truth, and FEBRL's social security number, are in neither side's records. Values are in capitals and null
where blank, since Splink compares text as it stands.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bench.labelled import LabelledSet
from bench.pairwise import Pairs

SEED = 2
LEAST_WEIGHT = -12.0
"""Pairs of fewer bits are left out of the predictions: no threshold by hindsight lies so low."""


@dataclass(frozen=True, slots=True)
class Model:
    """What a user of Splink writes down."""

    comparisons: Sequence[Any]
    blocking: Sequence[Any]
    certain: Sequence[Any]
    """Rules that admit hardly a false pair, for the prior."""
    recall: float
    """The share of the true pairs that those are thought to give."""
    training: Sequence[Any]
    """Blocks for one round of expectation maximisation each."""
    derived: dict[str, str] = field(default_factory=dict)
    """Column -> its SQL, added to the records."""
    sampled_pairs: float = 1e7
    most_pairs_to_train: float | None = None
    """In a round of expectation maximisation; its own advice where a block would give very many."""
    least_weight: float = LEAST_WEIGHT
    """Bits of the least likely pair to list."""


Models = Mapping[str, Model]
"""In words -> a model; a bench shows the best of them."""


def febrl() -> Models:
    """The detailed model of its febrl4 example, and the blocking rules of that and of febrl3."""
    plain = Model(
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
            ),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
        blocking=[
            block_on("given_name"),
            block_on("surname"),
            "l.given_name = r.surname and l.surname = r.given_name",
            block_on("date_of_birth"),
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            block_on("postcode"),
        ],
        certain=[
            block_on("given_name", "surname", "date_of_birth"),
            "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
            block_on("surname", "date_of_birth", "postcode"),
        ],
        recall=0.8,
        training=[block_on("date_of_birth"), block_on("postcode")],
    )
    address = cl.JaroWinklerAtThresholds("address_1", [0.9])
    return {
        "as in its febrl4 example": plain,
        "the same with the street": replace(plain, comparisons=[*plain.comparisons, address]),
    }


def people_with_post_codes() -> Models:
    """The model of its 50k example, with sex and address for birth place and job; and one as for FEBRL.

    The second compares each name apart, and of the address the post code only.
    """
    born = cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%d/%m/%Y")
    whole_names = Model(
        comparisons=[
            cl.ForenameSurnameComparison("forename", "surname", forename_surname_concat_col_name="full_name"),
            born,
            cl.PostcodeComparison("spaced_post_code"),
            cl.JaroWinklerAtThresholds("address_line_1", [0.9, 0.7]).configure(
                term_frequency_adjustments=True
            ),
            cl.ExactMatch("sex"),
        ],
        blocking=[
            block_on("substr(forename, 1, 3)", "substr(surname, 1, 4)"),
            block_on("surname", "date_of_birth"),
            block_on("forename", "date_of_birth"),
            block_on("post_code", "forename"),
            block_on("post_code", "surname"),
            block_on("date_of_birth", "address_line_1"),
            block_on("substr(post_code, 1, 3)", "date_of_birth"),
            block_on("substr(post_code, 1, 3)", "forename"),
            block_on("substr(post_code, 1, 3)", "surname"),
            block_on("substr(forename, 1, 2)", "substr(surname, 1, 2)", "substr(date_of_birth, 7, 4)"),
        ],
        certain=[
            block_on("forename", "surname", "date_of_birth"),
            block_on("substr(forename, 1, 2)", "surname", "substr(post_code, 1, 2)", "date_of_birth"),
            block_on("date_of_birth", "post_code", "forename"),
        ],
        recall=0.8,
        training=[block_on("forename", "surname"), block_on("date_of_birth")],
        derived={
            "full_name": "forename || ' ' || surname",
            "spaced_post_code": r"regexp_replace(post_code, '^(.+)(...)$', '\1 \2')",
        },
    )
    apart = [
        cl.NameComparison("forename"),
        cl.NameComparison("surname"),
        born,
        cl.DamerauLevenshteinAtThresholds("post_code", [1, 2]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("sex"),
    ]
    return {
        "as in its 50k example": whole_names,
        "as in its febrl4 example": replace(whole_names, comparisons=apart),
    }


def people_with_email() -> Models:
    """The model of its example with labels: town, e-mail address, date of birth; and more blocks."""
    near_date = "levenshtein(r.dob, l.dob) <= 1"
    whole_names = Model(
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="full_name"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking=[
            block_on("first_name"),
            block_on("surname"),
            block_on("dob"),
            block_on("email"),
            "l.first_name = r.surname",
            block_on("substr(first_name, 1, 3)", "substr(surname, 1, 4)"),
            block_on("city", "substr(dob, 1, 7)"),
            block_on("city", "substr(first_name, 1, 2)"),
        ],
        certain=[
            f"l.first_name = r.first_name and {near_date}",
            f"l.surname = r.surname and {near_date}",
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            block_on("email"),
        ],
        recall=0.7,
        training=[block_on("dob"), block_on("email"), block_on("first_name", "surname")],
        derived={"full_name": "first_name || ' ' || surname"},
    )
    apart = [cl.NameComparison("first_name"), cl.NameComparison("surname"), *whole_names.comparisons[1:]]
    return {
        "as in its example with labels": whole_names,
        "the same with each name apart": replace(whole_names, comparisons=apart),
    }


def people_at_work() -> Model:
    """For a million employees: names apart, post code, address line; blocks that stay small at that size."""
    return Model(
        comparisons=[
            cl.NameComparison("forename"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%d%m%Y"),
            cl.DamerauLevenshteinAtThresholds("post_code", [1, 2]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("sex"),
        ],
        blocking=[
            block_on("surname", "date_of_birth"),
            block_on("forename", "date_of_birth"),
            block_on("post_code", "forename"),
            block_on("post_code", "surname"),
            block_on("post_code", "date_of_birth"),
            block_on("substr(forename, 1, 3)", "substr(surname, 1, 4)", "substr(date_of_birth, 5, 4)"),
        ],
        certain=[
            block_on("forename", "surname", "date_of_birth"),
            block_on("surname", "date_of_birth", "post_code"),
        ],
        recall=0.6,
        training=[block_on("forename", "surname"), block_on("date_of_birth")],
        most_pairs_to_train=1e7,
        least_weight=0.0,
    )


def scored(records: LabelledSet, model: Model) -> Pairs:
    """Every pair that Splink's blocks bring together, with its weight in bits."""
    logging.disable(logging.ERROR)  # Splink sets the level of its own logger
    connection = duckdb.connect()
    database = DuckDBAPI(connection=connection)
    inputs = []
    for number, (start, table) in enumerate(zip(records.starts, records.files, strict=True)):
        view = prepared(table, start, model, connection)
        inputs.append(database.register(view, dataset_display_name=f"file_{number}"))
    two = len(inputs) > 1
    settings = SettingsCreator(
        unique_id_column_name="record",
        link_type="link_only" if two else "dedupe_only",
        blocking_rules_to_generate_predictions=list(model.blocking),
        comparisons=list(model.comparisons),
    )
    linker = Linker(inputs if two else inputs[0], settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(list(model.certain), recall=model.recall)
    training.estimate_u_using_random_sampling(max_pairs=model.sampled_pairs, seed=SEED)
    for block in model.training:
        training.estimate_parameters_using_expectation_maximisation(
            block, estimate_without_term_frequencies=True, max_pairs=model.most_pairs_to_train
        )
    predicted = linker.inference.predict(threshold_match_weight=model.least_weight)
    found = predicted.query_sql("select record_l, record_r, match_weight from {this}").as_duckdbpyrelation()
    columns = found.fetchnumpy()
    return Pairs(
        np.asarray(columns["record_l"], np.int64),
        np.asarray(columns["record_r"], np.int64),
        np.asarray(columns["match_weight"], np.float64),
    )


def prepared(table: pa.Table, start: int, model: Model, connection: duckdb.DuckDBPyConnection) -> Any:
    """A file's records in capitals, numbered, with the model's derived columns."""
    capitals = {
        name: pc.utf8_upper(table[name]) if pa.types.is_string(table[name].type) else table[name]
        for name in table.column_names
        if name != "reference"
    }
    numbered = pa.table({"record": np.arange(start, start + table.num_rows), **capitals})
    derived = "".join(f", {sql} as {name}" for name, sql in model.derived.items())
    return connection.from_arrow(numbered).project("*" + derived)
