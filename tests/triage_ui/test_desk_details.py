"""Optional answers on the case page, places by their names in the inbox, and cases that are set apart."""

from desk_world import let_in, make_desk
from triage_world import World, new_thread

from dropbox.form import regions


def test_the_case_page_shows_answers_and_prefills_the_place(world: World) -> None:
    """Under their questions in the language of the officer; codes as labels, odd signs harmless; the form's lists."""
    record = {
        "x-fund": b"bos",
        "x-p1-name": "Ratna\u202e <b>Dewi</b>".encode(),
        "x-unit-type": b"kua",
        "x-kabkota": b"Kota Bandung",
        "x-gone": b"Lama",
    }
    with world.open() as vault:
        world.take(vault, [world.report(new_thread(), record=record)])
    client = make_desk(world)
    try:
        page = client.get("/kasus/1").text
        for words in ("Uang dari mana?", "BOS atau BOP", "Nama atau ciri (orang lain 1)", "x-gone", "Lama"):
            assert words in page
        assert "\u202e" not in page
        assert "<b>Dewi</b>" not in page
        assert '<option value="kua" selected>' in page
        assert '<option value="32" selected>Jawa Barat</option>' in page
        assert 'value="Kota Bandung"' in page
        assert all(f">{name}</option>" in page for name in regions.provinces().values())
        listed = client.get("/").text
        assert "Jawa Barat</small>" in listed
        assert client.get("/?province=32").text.count("ITJEN-0001") >= 1
        kept = {"subject": "Setoran", "province": "35", "unit_type": "kanwil", "district": "Kota Malang"}
        client.post("/kasus/1/klasifikasi", kept)
        page = client.get("/kasus/1").text
        assert '<option value="35" selected>Jawa Timur</option>' in page
        assert '<option value="kanwil" selected>' in page
    finally:
        client.desk.close("end")


def test_a_case_about_violence_is_not_there_for_others(world: World) -> None:
    """An officer without the act finds neither its page nor its line; one who has it finds both, and the tag."""
    let_in(world, "budi", "penelaah")
    with world.open() as vault:
        world.take(vault, [world.report(new_thread(), record={"x-safeguarding": b"yes"})])
    for officer, status in (("budi", 404), ("kepala", 200)):
        client = make_desk(world, officer)
        try:
            assert client.get("/kasus/1").status_code == status
            listed = client.get("/").text
            assert ("ITJEN-0001" in listed) == (status == 200)
            assert ("pelindungan-korban" in listed) == (status == 200)
        finally:
            client.desk.close("end")
