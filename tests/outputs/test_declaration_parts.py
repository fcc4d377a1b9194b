"""The parts of a declaration are those of its model, each said once."""

from __future__ import annotations

from pydantic import BaseModel

from outputs.declared.declaration import Declaration
from outputs.declared.parts import about, in_the_web_application, parts


def keys_of(model: BaseModel) -> list[str]:
    found = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        found += [f"{name}.{key}" for key in keys_of(value)] if isinstance(value, BaseModel) else [name]
    return found


def test_every_part_of_the_model_is_asked_for_once_and_in_its_order() -> None:
    assert [part.key for part in parts()] == [key for key in keys_of(Declaration()) if key != "about"]
    assert len({part.option for part in parts()}) == len(parts())


def test_a_part_that_stands_in_for_another_is_a_part() -> None:
    assert {part.instead for part in parts() if part.instead} <= {part.key for part in parts()}


def test_what_the_guidance_of_2026_asks_of_the_key_contact_carries_its_label() -> None:
    labels = {part.key: part.evidence for part in parts()}
    for key in ("data_sets", "privacy_notice.complies", "security_policy.complies"):
        assert labels[key] == "published 2026/27"
    assert {each.evidence for each in in_the_web_application("2026-27")} == {"published 2026/27"}


def test_the_days_of_one_exercise_are_not_told_of_another() -> None:
    assert any("28 August 2026" in each.text for each in in_the_web_application("2026-27"))
    assert not any("August" in each.text for each in in_the_web_application("2028-29"))


def test_the_record_says_that_it_is_not_the_declaration() -> None:
    assert "It is not the declaration" in about()
    assert Declaration().about == about()
