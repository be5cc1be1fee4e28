"""Status and additions: code and words open the answers, and whatever is added is sealed on its own."""

import os
import re
from dataclasses import replace

import pytest

from dropbox.crypto.answers import seal_timeline
from dropbox.crypto.secret import new_secret, parse_secret
from dropbox.wire.board import MESSAGE, RECEIVED, STATUS, Entry
from tests.support.desks import INSTANCE, TODAY
from tests.web.conftest import MULTIPART, Place, Reporter, hooks, multipart


def publish_timeline(
    place: Place, reporter: Reporter, entries: list[Entry], *, made: int = TODAY, number: int = 1
) -> None:
    """Put a board with the reporter's timeline where the courier would."""
    keys = parse_secret(reporter.secret["code"], reporter.secret["words"]).keys(INSTANCE, "itjen")
    cells = seal_timeline(keys.tag_key, keys.answer_key, INSTANCE, "itjen", number, entries)
    board = place.inspectorate.desks["itjen"].packed_board(number, cells, made)
    with place.site.store.transaction() as tx:
        place.site.store.published.put(tx, "board", "itjen", number, board)


TIMELINE = [
    Entry(TODAY - 3, RECEIVED, texts=1, files=2),
    Entry(TODAY - 2, STATUS, status="DITERIMA"),
    Entry(TODAY - 1, STATUS, status="BUTUH_INFO", text="Tahun berapa?", next=TODAY + 30),
    Entry(TODAY, MESSAGE, text="<i>pesan</i> " + "panjang " * 800),
]


def test_a_stored_report_is_found_at_once(place: Place) -> None:
    """Right after sending, code and words show that it is stored."""
    reporter = place.reporter()
    reporter.send()
    assert hooks(reporter.status()).hooks["data-status"] == ["TERKIRIM"]


def test_answers_are_found_with_code_and_words(place: Place) -> None:
    """The timeline of the board appears in order, with texts, over several cells."""
    reporter = place.reporter()
    reporter.send()
    publish_timeline(place, reporter, TIMELINE)
    answer = reporter.status()
    text = answer.get_data(as_text=True)
    assert hooks(answer).hooks["data-status"] == ["TERKIRIM", "DITERIMA", "BUTUH_INFO"]
    assert len(hooks(answer).hooks["data-answer"]) == 2
    assert "Tahun berapa?" in text
    assert "&lt;i&gt;pesan&lt;/i&gt;" in text
    assert "panjang " * 700 in text


def test_a_new_board_shows_at_once(place: Place) -> None:
    """A board imported by another process is used by the next request."""
    reporter = place.reporter()
    reporter.send()
    publish_timeline(place, reporter, TIMELINE[:2])
    assert hooks(reporter.status()).hooks["data-status"] == ["TERKIRIM", "DITERIMA"]
    publish_timeline(place, reporter, TIMELINE, number=2)
    assert len(hooks(reporter.status()).hooks["data-status"]) == 3


def test_an_old_board_is_called_old(place: Place) -> None:
    """A board of eleven days ago is shown with its date."""
    reporter = place.reporter()
    reporter.send()
    itjen = place.inspectorate.desks["itjen"]
    itjen.first, itjen.last = TODAY - 20, TODAY + 80
    publish_timeline(place, reporter, TIMELINE, made=TODAY - 11)
    assert "12 November 2026" in reporter.status().get_data(as_text=True)


@pytest.mark.parametrize("ahead", [2, 60, 400, 2**32 - 1 - TODAY])
def test_a_board_of_a_day_to_come_is_not_believed(place: Place, ahead: int) -> None:
    """It would never be called old: neither its answers nor its date are shown; tomorrow's are."""
    reporter = place.reporter()
    reporter.send()
    publish_timeline(place, reporter, TIMELINE, made=TODAY + 1)
    assert "Tahun berapa?" in reporter.status().get_data(as_text=True)
    publish_timeline(place, reporter, TIMELINE, made=TODAY + ahead, number=2)
    assert "Tahun berapa?" not in reporter.status().get_data(as_text=True)


def test_somebody_elses_answers_stay_closed(place: Place) -> None:
    """Another secret finds nothing, whatever is on the board."""
    one, two = place.reporter(), place.reporter()
    one.send()
    publish_timeline(place, one, TIMELINE)
    two.form()
    answer = two.status()
    assert answer.status_code == 404
    assert "Tahun berapa?" not in answer.get_data(as_text=True)
    assert hooks(answer).hooks["data-error"]


@pytest.mark.parametrize("style", ["lower", "spaces", "o-and-i", "four letters", "commas"])
def test_code_and_words_are_read_as_people_write_them(place: Place, style: str) -> None:
    """Any letter case, any separator, O for 0, I for 1, and the first four letters of a word open the thread."""
    reporter = place.reporter()
    reporter.send()
    code, words = reporter.secret["code"], reporter.secret["words"]
    written = {
        "lower": (code.lower(), words.upper()),
        "spaces": (code.replace("-", " "), words.replace(" ", "\n")),
        "o-and-i": (code.replace("0", "O").replace("1", "i"), words),
        "four letters": (code, " ".join(word[:4] for word in words.split())),
        "commas": (code.replace("-", ""), words.replace(" ", ", ")),
    }[style]
    answer = place.client().post("/status", data={"code": written[0], "words": written[1]})
    assert hooks(answer).hooks["data-status"] == ["TERKIRIM"]


def _wrong_symbol(code: str) -> str:
    return code[:-1] + ("2" if code[-1] != "2" else "3")


@pytest.mark.parametrize(
    "fault", ["no code", "no words", "short", "letter u", "wrong symbol", "seven", "unknown", "other words"]
)
def test_slips_are_noticed_on_the_spot(place: Place, fault: str) -> None:
    """Each slip is named at its field, never taken for "no answer yet", and what was typed stays."""
    secret, other = new_secret(), new_secret()
    code, words = secret.code, secret.words
    while fault == "other words" and not _mismatches(code, other.words):
        other = new_secret()
    code, words = {
        "no code": ("", words),
        "no words": (code, ""),
        "short": (code[:-2], words),
        "letter u": ("U" + code[1:], words),
        "wrong symbol": (_wrong_symbol(code), words),
        "seven": (code, words.rsplit(" ", 1)[0]),
        "unknown": (code, "qqqq " + words.split(" ", 1)[1]),
        "other words": (code, other.words),
    }[fault]
    answer = place.client().post("/status", data={"code": code, "words": words})
    assert answer.status_code == 422
    assert hooks(answer).hooks["data-error"]
    if code:
        assert code in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/status", "/bukti"])
def test_all_empty_fields_are_named_at_once(place: Place, path: str) -> None:
    """Who sends an empty form hears of code and words in one round."""
    assert hooks(place.client().post(path, data={"desk": ""})).hooks["data-error-field"][:2] == ["code", "words"]


def _mismatches(code: str, words: str) -> bool:
    try:
        parse_secret(code, words)
    except ValueError:
        raise
    except Exception:  # noqa: BLE001
        return True
    return False


def test_additions_are_blobs_of_their_own(place: Place) -> None:
    """Words and files are sealed one by one, byte for byte, into the thread, and listed by name."""
    reporter = place.reporter()
    reporter.send()
    files = [("foto.jpg", os.urandom(70_000)), ("satu.txt", b"1"), ("besar.bin", os.urandom(3_000_000))]
    answer = reporter.add(reporter.status(), "Satu lagi", files)
    assert answer.status_code == 200
    assert hooks(answer).hooks["data-added-file"]
    opened = place.opened()
    assert [(found.message.kind, found.message.name) for found, _ in opened] == [
        ("addition", ""),
        ("file", "foto.jpg"),
        ("file", "satu.txt"),
        ("file", "besar.bin"),
        ("report", ""),
    ]
    assert [body for _, body in opened[1:4]] == [body for _, body in files]
    assert len({found.message.thread for found, _ in opened}) == 1
    assert all(found.is_member for found, _ in opened)


def test_the_form_behind_the_acknowledgement_takes_files(place: Place) -> None:
    """The same form stands on the screen after sending."""
    reporter = place.reporter()
    answer = reporter.add(reporter.send(), "", [("a.pdf", b"%PDF")])
    assert answer.status_code == 200
    assert [found.message.kind for found, _ in place.opened()] == ["file", "report"]


def test_sending_additions_again_keeps_one_of_each(place: Place) -> None:
    """Reload and double-click of the same form store nothing twice; other content under it is stored beside."""
    reporter = place.reporter()
    reporter.send()
    page = reporter.status()
    for _ in range(2):
        assert reporter.add(page, "x", [("a", b"1" * 2_000_000)]).status_code == 200
    for _ in range(2):
        assert reporter.add(page, "y", [("a", b"2" * 2_000_000)]).status_code == 200
    assert sorted(
        found.message.fields.get("what", "") for found, _ in place.opened() if found.message.kind == "addition"
    ) == [
        "x",
        "y",
    ]
    assert sorted(body[:1] for found, body in place.opened() if found.message.kind == "file") == [b"1", b"2"]


def test_additions_to_irjen_stay_with_irjen(place: Place) -> None:
    """What is added to a report about the inspectorate is sealed to the same desk, also on the way over /status."""
    reporter = place.reporter()
    reporter.send(desk="irjen")
    reporter.add(reporter.status(), "lagi", [("a", b"b")])
    assert len(place.opened("irjen")) == 3
    assert place.opened("itjen") == []


def test_an_empty_addition_says_so(place: Place) -> None:
    """Nothing typed and nothing chosen is an error, not an acknowledgement."""
    reporter = place.reporter()
    reporter.send()
    answer = reporter.add(reporter.status())
    assert answer.status_code == 422
    assert hooks(answer).hooks["data-error"]


def test_a_file_over_the_limit_is_refused_and_the_rest_kept(small_place: Place) -> None:
    """The large file leaves nothing; text and the other file are stored and listed; the page says which limit."""
    reporter = small_place.reporter()
    reporter.send()
    answer = reporter.add(reporter.status(), "teks", [("besar", b"x" * 1_100_000), ("kecil", b"y")])
    assert answer.status_code == 413
    assert "1 MB" in answer.get_data(as_text=True)
    kinds = sorted((found.message.kind, found.message.name) for found, _ in small_place.opened())
    assert kinds == [("addition", ""), ("file", "kecil"), ("report", "")]
    assert small_place.site.store.blobs.remaining().get(-1, 0) == 0


def test_an_empty_file_is_refused_by_name(place: Place) -> None:
    """A file of 0 bytes is not acknowledged: the page names it and asks for it again; the other file is kept."""
    reporter = place.reporter()
    reporter.send()
    answer = reporter.add(reporter.status(), "", [("IMG_1.jpg", b""), ("kecil", b"y"), ("IMG_2.jpg", b"")])
    assert answer.status_code == 422
    said = answer.get_data(as_text=True)
    assert "Berkas kosong (0 byte): IMG_1.jpg, IMG_2.jpg." in said
    assert [found.message.name for found, _ in place.opened() if found.message.kind == "file"] == ["kecil"]


def test_too_many_files_are_named(small_place: Place) -> None:
    """Beyond the limit of a form the first ones are kept and the page says how many go at once."""
    reporter = small_place.reporter()
    reporter.send()
    answer = reporter.add(reporter.status(), "", [(f"f{n}", b"x") for n in range(5)])
    assert answer.status_code == 413
    assert sum(found.message.kind == "file" for found, _ in small_place.opened()) == 3


@pytest.mark.parametrize(
    ("name", "sealed"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:/Users/Siti/foto.jpg", "foto.jpg"),
        ("a" * 4096 + ".jpg", "a" * 251 + ".jpg"),
        ("\u202egnp.exe", "\u202egnp.exe"),
    ],
)
def test_hostile_file_names_lose_their_folders(place: Place, name: str, sealed: str) -> None:
    """Only the last part of a name is sealed, its end kept when it is too long."""
    reporter = place.reporter()
    reporter.send()
    assert reporter.add(reporter.status(), "", [(name, b"x")]).status_code == 200
    assert [found.message.name for found, _ in place.opened() if found.message.kind == "file"] == [sealed]


def test_secrets_in_additions_are_refused(place: Place) -> None:
    """Code or words in an added text or a file's name are pointed out, and the text is shown again."""
    reporter = place.reporter()
    reporter.send()
    answer = reporter.add(
        reporter.status(), "kode " + reporter.secret["code"], [(reporter.secret["code"] + ".jpg", b"x")]
    )
    assert answer.status_code == 422
    assert hooks(answer).areas["what"] == "kode " + reporter.secret["code"]
    assert len(place.blobs()) == 1


def test_an_addition_with_wrong_hidden_fields_is_refused(place: Place) -> None:
    """Broken hidden fields store nothing, and the typed text can be copied."""
    reporter = place.reporter()
    reporter.send()
    data = {"code": "x", "words": "y", "nonce": "z", "desk": "itjen", "what": "tulisan saya"}
    answer = place.client().post("/tambah", data=multipart(data, []), content_type=MULTIPART)
    assert answer.status_code == 400
    assert "tulisan saya" in answer.get_data(as_text=True)
    assert len(place.blobs()) == 1


def test_an_addition_to_nothing_says_so(place: Place) -> None:
    """A secret without a thread cannot be added to when the form does not say the desk."""
    secret = new_secret()
    data = {"code": secret.code, "words": secret.words, "what": "tulisan saya"}
    answer = place.client().post("/tambah", data=multipart(data, []), content_type=MULTIPART)
    assert answer.status_code == 404
    assert "tulisan saya" in answer.get_data(as_text=True)
    assert place.blobs() == []


def test_a_form_without_its_desk_field_finds_the_desk(place: Place) -> None:
    """The desk is looked up where the thread is when the form does not name one."""
    reporter = place.reporter()
    reporter.send(desk="irjen")
    data = {"code": reporter.secret["code"], "words": reporter.secret["words"], "what": "lagi"}
    assert place.client().post("/tambah", data=multipart(data, []), content_type=MULTIPART).status_code == 200
    assert len(place.opened("irjen")) == 2


def test_ten_thousand_parts_are_refused(place: Place) -> None:
    """A form of ten thousand parts gets a readable refusal and stores nothing of its tail."""
    reporter = place.reporter()
    reporter.send()
    body = (
        b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(10_000)) + b"--x--\r\n"
    )
    answer = place.client().post("/tambah", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert hooks(answer).hooks["data-error"] == ["too-many-parts"]
    assert len(place.blobs()) == 1


def test_additions_while_closed_keep_the_text(place: Place) -> None:
    """When intake is closed nothing is stored and the typed words are on the page."""
    reporter = place.reporter()
    reporter.send()
    page = reporter.status()
    closed = Place(replace(place.site, settings=replace(place.site.settings, intake_open=False)), place.inspectorate)
    answer = Reporter(closed.client(), secret=reporter.secret).add(page, "tulisan saya")
    assert answer.status_code == 503
    assert "tulisan saya" in answer.get_data(as_text=True)
    assert len(place.blobs()) == 1


def test_a_revoked_station_is_believed_no_more(place: Place) -> None:
    """Once its key is revoked, a desk's answers are not shown and its form is closed."""
    reporter = place.reporter()
    reporter.send()
    publish_timeline(place, reporter, TIMELINE)
    assert len(hooks(reporter.status()).hooks["data-status"]) == 3
    stations = sorted(desk.station.public for desk in place.inspectorate.desks.values())
    signed = place.inspectorate.revocations(2, *stations)
    with place.site.store.transaction() as tx:
        place.site.store.published.put(tx, "revocations", "", 2, signed)
    assert "Tahun berapa?" not in reporter.status().get_data(as_text=True)
    assert hooks(reporter.status()).hooks["data-status"] == ["TERKIRIM"]  # it is still held, and said to be
    assert hooks(place.client().get("/lapor")).hooks["data-error"] == ["keys-expired"]


def test_one_secret_at_two_desks_stays_two_threads(place: Place) -> None:
    """Going back and choosing the other desk gives each desk keys of its own; additions ask for whom they are."""
    reporter = place.reporter()
    reporter.send(desk="itjen")
    reporter.send(desk="irjen")
    ((one, _),), ((two, _),) = place.opened("itjen"), place.opened("irjen")
    assert not {one.message.thread, *one.message.keys.values()} & {two.message.thread, *two.message.keys.values()}
    page = reporter.status()
    add_form = page.text[page.text.index('id="what"') - 2000 : page.text.index('id="what"')]
    assert re.findall(r'type="(\w+)" name="desk"', add_form) == ["radio", "radio"]
    fields = {name: hooks(page).inputs[name] for name in ("code", "words", "nonce")} | {"what": "tulisan saya"}
    asked = place.client().post("/tambah", data=multipart(fields, []), content_type=MULTIPART)
    assert asked.status_code == 422
    assert hooks(asked).areas["what"] == "tulisan saya"
    sent = place.client().post("/tambah", data=multipart({**fields, "desk": "irjen"}, []), content_type=MULTIPART)
    assert sent.status_code == 200
    assert (len(place.opened("itjen")), len(place.opened("irjen"))) == (1, 2)


def test_a_file_without_a_name_is_not_dropped_in_silence(place: Place) -> None:
    """Bytes without a file name are refused at their field; the text beside them is kept."""
    reporter = place.reporter()
    reporter.send()
    answer = reporter.add(reporter.status(), "teks", [("", b"isi")])
    assert answer.status_code == 422
    assert "tanpa nama" in answer.get_data(as_text=True)
    assert [found.message.kind for found, _ in place.opened()] == ["addition", "report"]
