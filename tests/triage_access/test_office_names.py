"""Names in reports: an officer is recognised however people write them, and not because of a common first name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox.errors import RefusedError
from dropbox.matching.names import NamedIn, check_name, is_unit_named, person


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Drs. H. Ahmad Fauzi, M.Si.", "Pelakunya Ahmad Fauzi."),
        ("Drs. H. Ahmad Fauzi, M.Si.", "AHMAD FAUZI"),
        ("Drs. H. Ahmad Fauzi, M.Si.", "Bapak Achmad Fauzy yang terhormat"),
        ("Drs. H. Ahmad Fauzi, M.Si.", "Fauzi, Ahmad"),
        ("Drs. H. Ahmad Fauzi, M.Si.", "A. Fauzi"),
        ("Drs. H. Ahmad Fauzi, M.Si.", "Fauzi (Drs. H. Ahmad)"),
        ("Drs. H. Ahmad Fauzi, M.Si.", "Ah\u200bmad\u202e Fauzi"),
        ("Ahmad Fauzi", "pak Fauzi auditor itjen"),
        ("Ahmad Fauzi", "Inspektur Fauzi"),
        ("Muhammad Rizki", "M. Rizki"),
        ("M. Rizki Ramadhan", "Muhammad Rizki"),
        ("Siti Nur Aisyah", "Nur Aisyah"),
        ("Siti Nur Aisyah, S.Ag", "Siti Aisyah"),
        ("Soekarno", "auditor Sukarno"),
        ("Djoko Tjahjono", "Joko Cahjono"),
        ("Ma'ruf Amirudin", "Maruf Amiruddin"),
        ("Ma’ruf Amirudin", "Ma'ruf Amirudin"),
        ("José Núñez", "Jose Nunez"),
    ],
)
def test_a_name_is_recognised(name: str, text: str) -> None:
    """Titles, order, initials, spelling, invisible characters make no difference; a post makes one part enough."""
    assert NamedIn(text).has(person(name))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ahmad Fauzi", "Kepala madrasah Ahmad meminta uang"),
        ("Ahmad Fauzi", "Fauzi meminta uang di sekolah"),
        ("Ahmad Fauzi", "H. Fauzi"),
        ("Ahmad Fauzi", "Ahmad Rifai dan, jauh sekali di belakang kalimat yang panjang ini, Fauzi"),
        ("Siti Nur Aisyah", "Siti Nur Halimah"),
        ("Muhammad Ahmad Fikri", "Muhammad Ahmad"),
        ("Sri Wahyuni", "Sri Mulyani di Itjen"),
        ("Budi", "Budi meminta uang"),
        ("", "siapa saja di itjen"),
        ("Dr. H.", "Dr. H. Itjen"),
    ],
)
def test_a_common_part_alone_is_nobody(name: str, text: str) -> None:
    """Nor do two parts that everybody's name has, nor a pilgrim's title."""
    assert not NamedIn(text).has(person(name))


def test_the_unit_beside_a_part_of_the_name_is_enough() -> None:
    """As it is written there, in digits or Roman numbers."""
    fauzi = person("Ahmad Fauzi", "Bagian Kepegawaian")
    assert NamedIn("Pak Fauzi dari bagian kepegawaian").has(fauzi)
    assert not NamedIn("Pak Fauzi dari bagian keuangan").has(fauzi)


@pytest.mark.parametrize(
    ("unit", "text", "expected"),
    [
        ("Inspektorat Wilayah II", "di Inspektorat 2 Itjen", True),
        ("Inspektorat II", "Inspektorat Wilayah II", True),
        ("Inspektorat II", "Inspektorat III", False),
        ("Itjen", "Inspektorat Jenderal Kementerian Agama", True),
        ("Kankemenag Kota Kediri", "Kantor Kementerian Agama Kota Kediri", True),
        ("Kankemenag Kota Kediri", "Kankemenag Kabupaten Kediri", False),
        ("MTsN 3 Kediri", "Madrasah Tsanawiyah Negeri 3 Kediri", True),
        ("MTsN 3 Kediri", "MTsN 13 Kediri", False),
        ("Kanwil", "Kanwil Jawa Timur", False),
        ("", "di mana saja", False),
    ],
)
def test_units_are_compared_as_a_whole(unit: str, text: str, expected: bool) -> None:  # noqa: FBT001
    """Abbreviations and numbers are one; a kind of unit without a name is none."""
    assert is_unit_named(unit, text) is expected


@given(st.text(), st.text(), st.text())
def test_no_text_is_an_error(name: str, unit: str, text: str) -> None:
    """Whatever characters a report or a name is made of."""
    assert NamedIn(text).has(person(name, unit)) in (True, False)
    assert is_unit_named(unit, text) in (True, False)


WORDS = st.sampled_from(["fauzi", "rahman", "hidayat", "wibowo", "santoso", "kusuma"])


@given(st.lists(WORDS, min_size=2, max_size=4, unique=True), st.randoms(use_true_random=False), st.text())
def test_a_full_name_in_any_order_is_always_recognised(parts: list[str], order: object, around: str) -> None:
    """Whatever stands around it."""
    shuffled = list(parts)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert NamedIn(f"{around} {' '.join(shuffled).upper()} {around}").has(person(" ".join(parts)))


@pytest.mark.parametrize(
    "name",
    [
        *("kepala", "Kepala", "KEPALA ", "Ketua", "auditor", "Inspektur", "Pengawas", "Inspektur Jenderal", "Irjen"),
        *("Auditor Madya", "Auditor Muda II", "Inspektorat Wilayah V", "Kepala Kantor Kementerian Agama Kota", "Kabag"),
        *(
            "Drs.",
            "H.",
            "Drs. H., M.Si.",
            "Bapak Kepala",
            "Dr. H. Auditor, M.A.",
            "Plt. Sekretaris",
            "admin",
            "Petugas 1",
        ),
        *("admin", "Petugas 1", "Tim Pengaduan", "Bagian Umum", "", "  ", "A.", "A. B.", "احمد", "12", ", Ahmad Fauzi"),
    ],
)
def test_a_post_or_a_title_is_no_name(name: str) -> None:
    """Nobody is let in under it, and if somebody were, no report would be taken to name them."""
    with pytest.raises(RefusedError, match="own name"):
        check_name(name)


@pytest.mark.parametrize("name", ["kepala", "Inspektur Jenderal", "Auditor Madya", "Drs. H.", ""])
def test_posts_in_a_report_name_nobody_who_is_called_like_one(name: str) -> None:
    """Words of posts stand in nearly every report."""
    for text in ("Auditor meminta uang lewat kepala kantor kami.", "Inspektur Jenderal dan pengawas madrasah, Drs. H."):
        assert not NamedIn(text).has(person(name))


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Soekarno",
            "Ahmad",
            "Imam Hakim",
            "Lukman Hakim",
            "Iskandar Muda",
            "Budi Utama",
            "Ir. H. Joko Widodo, M.Sc.",
        ),
        *("Kepala Bagian Siti Aminah", "Auditor Madya Tri Rahayu", "Li Wei", "M. Rizki", "Raja Agung Kota"),
    ],
)
def test_whoever_has_a_name_is_let_in_and_known_by_it(name: str) -> None:
    """Behind a post, and also where it holds a word that is a post's elsewhere."""
    assert check_name(f" {name} ") == name
    assert NamedIn(f"Yang meminta uang: {name}, auditor itjen").has(person(name))
