from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

from tests.matching.linkage.made_up import Link, crowd, found, somebody


def test_nobody_is_twice_in_a_file_of_different_people(link: Link) -> None:
    assert found(link(crowd(300))) == set()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"surname": "BRINDELY"}, id="letters exchanged"),
        pytest.param({"surname": "Annelie", "forenames": "Brindley"}, id="names exchanged"),
        pytest.param({"forenames": "A"}, id="initial"),
        pytest.param({"date_of_birth": date(1971, 12, 3)}, id="day and month exchanged"),
        pytest.param({"date_of_birth": None, "date_of_birth_given": "19710313"}, id="no date, one digit"),
        pytest.param({"date_of_birth": None}, id="blank date"),
        pytest.param({"address_line_1": "7 HIGH COURT", "post_code": "ZB9 9XX"}, id="moved"),
        pytest.param({"address_line_1": None, "address_line_2": "12 rowan rise"}, id="another line"),
    ],
)
def test_one_person_under_two_spellings_is_found(link: Link, change: dict[str, object]) -> None:
    person = somebody(0, surname="Brindley", forenames="Annelie", date_of_birth=date(1971, 3, 12))
    person |= {"address_line_1": "12 Rowan Rise", "post_code": "ZB1 2CD"}
    assert found(link([person, person | change, *crowd(200, start=1)])) == {(2, 3)}


def test_a_couple_at_one_address_is_two_people(link: Link) -> None:
    home = {"surname": "Brindley", "address_line_1": "12 Rowan Rise", "post_code": "ZB1 2CD"}
    hers = somebody(0, forenames="Annelie", sex="F", date_of_birth=date(1971, 3, 12)) | home
    his = somebody(0, forenames="Torsten", sex="M", date_of_birth=date(1969, 8, 30)) | home
    assert found(link([hers, his, *crowd(200, start=1)])) == set()


def test_each_of_a_couple_with_two_posts_is_one_person(link: Link) -> None:
    home = {"surname": "Brindley", "address_line_1": "12 Rowan Rise", "post_code": "ZB1 2CD"}
    hers = somebody(0, forenames="Annelie", sex="F", date_of_birth=date(1971, 3, 12)) | home
    his = somebody(0, forenames="Torsten", sex="M", date_of_birth=date(1969, 8, 30)) | home
    respelt = [hers | {"forenames": "Anelie"}, his | {"forenames": "Torstan"}]
    assert found(link([hers, his, *respelt, *crowd(200, start=1)])) == {(2, 4), (3, 5)}


def test_many_copies_are_one_group_whose_pairs_stay_few(link: Link) -> None:
    result = link([somebody(0)] * 500 + crowd(100, start=1))
    assert result.groups["group_no"].to_pylist() == [1] * 500
    assert found(result) == {(2, record) for record in range(3, 502)}


def test_names_alone_do_not_make_namesakes_one_person(link: Link) -> None:
    people = [{"surname": "SMITH", "forenames": "JOHN"} for _ in range(20)]
    assert found(link([*people, *({**its, "date_of_birth": None} for its in crowd(100))])) == set()


def test_the_rarer_surname_weighs_more(link: Link) -> None:
    common = [somebody(number, surname="HALCROFT") for number in range(40)]
    rare = somebody(41, surname="BRINDLEY")
    result = link(
        [
            common[0],
            common[0] | {"forenames": "X"},
            rare,
            rare | {"forenames": "X"},
            *common[1:],
            *crowd(200, start=50),
        ]
    )
    bits = {pair["first"]: pair["bits"]["surname"] for pair in result.pairs.to_pylist()}
    assert bits[4] > bits[2] + 2


def test_bits_add_up_to_the_weight_and_levels_are_named(link: Link) -> None:
    person = somebody(0, surname="Brindley")
    (pair,) = link(
        [person, person | {"surname": "Brindely", "sex": None}, *crowd(100, start=1)]
    ).pairs.to_pylist()
    assert sum(pair["bits"].values()) == pytest.approx(pair["weight"])
    assert pair["probability"] == pytest.approx(1 / (1 + 2 ** -pair["weight"]))
    assert pair["levels"]["surname"] == "typing slip"
    assert pair["levels"]["sex"] == "not compared"
    assert pair["bits"]["sex"] == 0


def test_groups_tell_the_mean_of_their_pairs(link: Link) -> None:
    person = somebody(0)
    result = link([person, person | {"sex": None}, person | {"post_code": None}, *crowd(100, start=1)])
    assert result.groups["record"].to_pylist() == [2, 3, 4]
    mean = float(np.mean(result.pairs["weight"].to_numpy()))
    assert result.groups["weight"].to_pylist() == pytest.approx([mean] * 3)


def test_two_bodies_give_only_pairs_across(link: Link) -> None:
    person = somebody(0)
    ours = [person, person | {"sex": None}, *crowd(60, start=1)]
    theirs = [
        its | {"body": 1} for its in (person | {"surname": person["surname"] + "S"}, *crowd(60, start=100))
    ]
    assert found(link([*ours, *theirs])) == {(2, 64), (3, 64)}


def test_the_order_of_rows_and_the_number_of_threads_do_not_matter(link: Link) -> None:
    people = crowd(150)
    people += [its | {"surname": its["surname"][:-1], "sex": None} for its in people[::5]]
    people = [its | {"record": row} for row, its in enumerate(people, 2)]
    result = link(people)
    assert result.pairs.num_rows == 30
    mixed = [people[place] for place in np.random.default_rng(1).permutation(len(people))]
    for other in (link(mixed), link(people, threads=1)):
        assert other.pairs.equals(result.pairs)
        assert other.groups.equals(result.groups)
        assert other.model == result.model


def test_a_report_may_want_something_to_differ(link: Link) -> None:
    one, other = somebody(0, employee_reference="1"), somebody(1, employee_reference="2")
    people = [
        one,
        one | {"sex": None},
        other,
        other | {"sex": None, "employee_reference": "3"},
        *crowd(50, start=2),
    ]
    assert found(link(people, different={"employee_reference": 2})) == {(4, 5)}


@pytest.mark.parametrize("size", [0, 1, 2])
def test_files_of_hardly_any_records(link: Link, size: int) -> None:
    result = link(crowd(size))
    assert result.groups.num_rows == 0
    assert result.pairs.column_names == [
        "group_no",
        "first",
        "second",
        "weight",
        "probability",
        "bits",
        "levels",
    ]


def test_columns_that_are_all_blank_say_nothing(link: Link) -> None:
    person = {"surname": "BRINDLEY", "forenames": "ANNELIE", "date_of_birth": date(1971, 3, 12)}
    others = [{name: its[name] for name in person} for its in crowd(100)]
    (pair,) = link([person, person | {"forenames": "ANELIE"}, *others]).pairs.to_pylist()
    assert set(pair["bits"]) == {"surname", "forename", "birth_date", "prior", "household", "left_over"}


def test_the_model_can_be_stored(link: Link) -> None:
    model = link(crowd(50)).model
    assert json.loads(json.dumps(model)) == model
    assert len(model["digest"]) == 64
