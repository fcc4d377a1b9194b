"""Every value here is invented."""

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.written.characters import ascii_form, ascii_text
from outputs.written.spec_format import clean_text

ANY = st.characters(exclude_categories=["Cs"]) | st.characters(min_codepoint=0x80, max_codepoint=0x2FF)
VALUES = st.lists(st.none() | st.text(ANY | st.sampled_from("éßŁ£“½…\u00a0\u200b李\ue000🎈ab12")))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Zoë Müller", "Zoe Muller"),
        ("Zoe\u0308 Mu\u0308ller", "Zoe Muller"),  # accents as characters of their own
        ("Ó BRIAIN", "O BRIAIN"),
        ("Straße", "Strasse"),
        ("STRAẞE", "STRASSE"),
        ("Siân Ŵyn, Tŷ Gwyn", "Sian Wyn, Ty Gwyn"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Ørsted Ærø", "Orsted Aero"),
        ("Þóra", "Thora"),
        ("ÞÓRA", "THORA"),
        ("Şule Yıldız", "Sule Yildiz"),
        ("O’Neill", "O'Neill"),
        ("ʻAbd al-Raḥmān", "'Abd al-Rahman"),
        ("“The Forge” – Flat 2—rear…", '"The Forge" - Flat 2-rear...'),
        ("£5 or €6", "GBP5 or EUR6"),
        ("Mill\u00a0Lane", "Mill Lane"),
        ("12½ Mill Lane", "12 1/2 Mill Lane"),
        ("½ Mill Lane", "1/2 Mill Lane"),
        ("5×4 m²", "5x4 m2"),
        ("Soft\u00adhyphen\u200b\ufeff", "Softhyphen"),
        ("Щукин", "Shchukin"),
        ("ЩУКИН", "SHCHUKIN"),
        ("20°C", "20degC"),
        ("李", "Li"),
        ("A\ue000B", "A?B"),  # a character of private use: nobody knows what it says
        ("\ue000\ue001", "??"),
        ("\u200b", "?"),
        ("\u3000", " "),  # blank already
        ("plain, 'text' ~", "plain, 'text' ~"),
    ],
)
def test_a_value_keeps_its_letters(value: str, written: str) -> None:
    assert ascii_form(value) == written


@pytest.mark.parametrize("block", [range(0xC0, 0x250), range(0x1E00, 0x1F00)], ids=["Latin", "additional"])
def test_accented_latin_letters_are_their_plain_letters(block: range) -> None:
    """Against Unicode's own decomposition."""
    looked_at = 0
    for letter in map(chr, block):
        plain = "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))
        if plain != letter and plain.isascii():
            looked_at += 1
            assert ascii_form(letter) == plain
            assert ascii_form(unicodedata.normalize("NFD", letter)) == plain
    assert looked_at > 200


def test_the_values_that_changed_are_marked_and_the_others_are_not() -> None:
    column = pa.array(["Zoë", None, "Smith", "", "Zoë", "Ó"])
    written = ascii_text(column)
    assert written.text.to_pylist() == ["Zoe", None, "Smith", "", "Zoe", "O"]
    assert written.changed.to_pylist() == [True, False, False, False, True, True]


@given(VALUES, st.data())
def test_what_is_written_is_printable_ascii_and_nothing_becomes_blank(
    values: list[str | None], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(values)))
    clean = clean_text(pa.array(values, pa.string())).text.slice(first)
    written, changed = ascii_text(clean)
    before, after = clean.to_pylist(), written.to_pylist()
    for old, new, is_changed in zip(before, after, changed.to_pylist(), strict=True):
        assert is_changed == (old is not None and not old.isascii()) == (old != new)
        assert (old is None) == (new is None)
        if new is not None:
            assert new.isascii()
            assert new.isprintable()
            assert not old or not old.strip() or new.strip()
    assert ascii_text(written).text == written
