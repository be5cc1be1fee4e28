"""Who may speak to the desk, what every answer bears, and which role sees which page."""

import re
from pathlib import Path
from typing import Any

import pytest
from cases_world import exclude
from desk_world import DeskClient, let_in, make_desk, new_desk
from triage_world import LOGIN, PASSPHRASE, SETTINGS, World, new_thread

from dropbox.triage.access import roles
from dropbox.triage.cases import casebook
from dropbox.triage.tasks import MENU, TASKS
from dropbox.triage.ui.guard import CSP, HEADERS

TEMPLATES = sorted((Path(__file__).parents[2] / "templates" / "desk").glob("*.html"))
FOREIGN = (
    {"Host": "evil.example"},
    {"Host": "evil.example:8400"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "localhost.evil.example:8400"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost:9999"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)
# What each page without a number in its address needs; every role is held against it.
PAGES = {
    "/cari": "case.read",
    "/persetujuan": "",
    "/pembuktian": "claim.check",
    "/catat": "case.enter",
    "/catat/tabel": "case.enter",
    "/templat": "phrase.edit",
    "/templat/baru": "phrase.edit",
    "/petugas": "officer.manage",
    "/perawatan": "vault.care",
    "/perawatan/sertifikat": "vault.care",
    "/perawatan/cadangan": "vault.care",
    "/akun": "",
    "/kebijakan": "",
    "/hari-pertama": "",
    "/belum-terbit": "case.read",
    "/tugas": "case.read",
    "/ikhtisar": "overview.read",
    "/rujukan": "refer.propose",
    "/kurir": "exchange.import",
    "/kegiatan": "log.read",
    "/pengawasan": "oversight.manage",
    "/buku-register": "case.read",
    "/statistik": "statistics.read",
    "/pencegahan": "prevention.manage",
    "/perlindungan": "protection.manage",
    "/statistik/umum": "statistics.publish",
    "/statistik/pembanding": "statistics.read",
    "/buka": "",
    "/keadaan": "",
}
NOT_IN_MENU = (
    "/perawatan/sertifikat",
    "/perawatan/cadangan",
    "/statistik/umum",
    "/statistik/pembanding",
    "/cari",
    "/catat/tabel",
    "/templat/baru",
)


def _case(world: World, what: str = "Pungutan di madrasah") -> None:
    """One case with a file."""
    thread = new_thread()
    with world.open() as vault:
        world.take(vault, [world.report(thread, what), world.file(thread, 1, b"isi berkas", "kenari.txt")])


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_other_names_and_other_pages_are_refused(world: World, headers: dict[str, str]) -> None:
    """A name that was bent to this machine, and a page from elsewhere, reach nothing and learn nothing."""
    client = make_desk(world)
    token = client.token()
    for answer in (
        client.browser.get("/", headers=headers),
        client.browser.post("/kunci", data={"csrf_token": token}, headers=headers),
    ):
        assert answer.status_code == 403
        assert "Kepala Uji" not in answer.text
        assert "csrf_token" not in answer.text
    assert client.desk.is_unlocked()


@pytest.mark.parametrize("host", ["127.0.0.1:8400", "localhost:8400", "[::1]:8400", "127.0.0.1"])
def test_this_machines_own_names_are_welcome(world: World, host: str) -> None:
    """The start link opens under each name of the loopback."""
    client = new_desk(world)
    assert client.get(client.desk.start_path, headers={"Host": host}).status_code == 302


def test_a_stranger_keeps_nothing_awake(world: World) -> None:
    """Requests of another browser, or under another name, do not count as work of the officer."""
    client = make_desk(world)
    stranger = client.app.test_client()
    for _ in range(4):
        client.clock.pass_minutes(SETTINGS.workstation.idle_minutes / 3)
        assert stranger.get("/").status_code == 403
        assert client.browser.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert not client.desk.is_unlocked()


def test_forms_without_their_token_change_nothing(world: World) -> None:
    """A missing token and a wrong one are refused with the sentence about an old form."""
    _case(world)
    client = make_desk(world)
    for data in ({"text": "x"}, {"text": "x", "csrf_token": "x"}, {"text": "x", "csrf_token": client.token() + "x"}):
        answer = client.browser.post("/kasus/1/catat", data=data)
        assert answer.status_code == 400
        assert 'data-error="form-old"' in answer.text
    client.desk.close("end")
    with world.open() as again:
        assert again.db.execute("select count(*) from notes").fetchone() == (0,)


def test_the_token_of_one_browser_serves_no_other(world: World) -> None:
    """A token is bound to the cookie of the browser that got it."""
    client = make_desk(world)
    token = client.token()
    assert client.app.test_client().post("/kunci", data={"csrf_token": token}).status_code == 403
    assert client.desk.is_unlocked()


def test_every_post_of_the_desk_wants_a_token(world: World) -> None:
    """Each address that takes a POST refuses one without a token with the sentence about an old form."""
    client = make_desk(world)
    for rule in client.app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            path = re.sub(r"<int:\w+>", "1", re.sub(r"<(?!int:)\w+>", "x", rule.rule))
            answer = client.browser.post(path)
            assert (answer.status_code, 'data-error="form-old"' in answer.text) == (400, True), path


def test_every_answer_bears_the_headers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages, redirects, errors, static files and refusals alike: nothing is cached, framed or fetched elsewhere."""
    client = make_desk(world)

    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("rahasia pelapor")

    monkeypatch.setattr("dropbox.triage.ui.pages.inbox.inbox.page", fail)
    answers = [
        client.get("/"),
        client.get("/tidak-ada"),
        client.get("/kasus/99"),
        client.get("/static/desk.css"),
        client.get("/buka"),
        client.get("/keadaan"),
        client.get("/kurir"),
        client.browser.post("/kunci"),
        client.get("/", headers={"Host": "evil.example"}),
        client.app.test_client().get("/"),
        client.post("/kunci"),
    ]
    assert {answer.status_code for answer in answers} >= {200, 302, 400, 403, 404, 500}
    for answer in answers:
        for name, value in HEADERS:
            assert answer.headers.get_all(name) == [value], answer.request.path
        answer.close()
    for word in ("unsafe", "http:", "https:", "*"):
        assert word not in CSP
    assert CSP.startswith("default-src 'none'")


def test_cookies_are_for_this_browser_and_these_pages_alone(world: World) -> None:
    """Every cookie is HttpOnly and SameSite=Strict, ends with the browser, and there is one."""
    client = new_desk(world)
    cookies = [
        cookie
        for answer in (
            client.start(),
            client.unlock(),
            client.get("/"),
            client.get("/bahasa/en"),
            client.post("/kunci"),
        )
        for cookie in answer.headers.get_all("Set-Cookie")
    ]
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("desk=")
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Expires" not in cookie
        assert "Max-Age" not in cookie


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_bring_no_script_or_style_of_their_own(template: Path) -> None:
    """No inline script, style or handler, no address of elsewhere, nothing marked as safe."""
    own = r"""<script type="module" src="\{\{ url_for\('static', filename='[a-z/-]+\.js'\) \}\}"></script>"""
    source = re.sub(own, "", template.read_text("utf-8"))
    assert not re.search(r"\|\s*safe\b|Markup|autoescape", source)
    written = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    for forbidden in (r"\bstyle\s*=", "<style", "<script", r"https?://", r"\son\w+\s*=", "javascript:"):
        assert not re.search(forbidden, written, re.IGNORECASE), forbidden
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source, re.DOTALL)
    assert all("csrf_token" in form or "token()" in form for form in forms)


def test_an_internal_error_shows_and_writes_no_text(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What broke is named by kind and line, never by content, on the page and in the terminal."""
    client = make_desk(world)

    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("rahasia pelapor")

    monkeypatch.setattr("dropbox.triage.ui.pages.inbox.search.search", fail)
    answer = client.get("/cari?q=setoran")
    assert answer.status_code == 500
    assert 'data-error="internal"' in answer.text
    shown = answer.text + "".join(capsys.readouterr())
    assert "rahasia" not in shown
    assert "ZeroDivisionError at test_desk_guard.py" in shown
    assert "Traceback" not in shown


def _multipart(parts: dict[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    """A form with files, made in memory (Flask's test client would make a temporary file of its own), and its type."""
    lines = []
    for name, (file, data) in parts.items():
        more = f'; filename="{file}"' if file else ""
        head = f'--grenze\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
        lines.append(head.encode() + data + b"\r\n")
    return b"".join(lines) + b"--grenze--\r\n", "multipart/form-data; boundary=grenze"


def test_uploads_never_become_temporary_files(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two megabytes in one upload and in one field stay in memory: nobody asks for a temporary file."""
    client = make_desk(world)
    asked: list[str] = []
    for place in ("tempfile", "werkzeug.formparser"):
        for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
            monkeypatch.setattr(f"{place}.{name}", lambda *_, n=name, **__: asked.append(n), raising=False)
    big = b"kenari" * 350_000
    token = client.token().encode()
    body, kind = _multipart({"csrf_token": ("", token), "text": ("", big), "scan": ("surat.pdf", big)})
    assert client.browser.post("/kasus/1/catat", data=body, content_type=kind).status_code == 404
    assert asked == []


def test_what_is_too_large_is_refused_with_a_sentence(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upload beyond the limit is refused as too large."""
    client = make_desk(world)
    client.app.config["MAX_CONTENT_LENGTH"] = 10_000
    answer = client.post("/kasus/1/catat", {"text": "x" * 20_000})
    assert answer.status_code in (400, 413)
    assert "data-error" in answer.text


def test_a_case_does_not_exist_for_who_is_kept_out_of_it(world: World) -> None:
    """The excluded officer finds it in no list, no search and no address, with its acts and its files."""
    let_in(world, "wawan", "inspektur", name="Wawan Setiawan")
    _case(world, "Setoran kepada kenariunik")
    with world.open() as opened:
        exclude(opened, casebook.case_of(opened, 1), "wawan")
    client = make_desk(world, "wawan")
    assert "ITJEN-0001" not in client.get("/").text
    assert "ITJEN-0001" not in client.get("/?is_open=1&text=kenariunik").text
    assert "ITJEN-0001" not in client.get("/cari?q=kenariunik").text
    paths = ["/kasus/1", "/kasus/1/berkas/1", "/kasus/1/berkas/2"]
    assert {client.get(path).status_code for path in paths} == {404}
    acts = (
        "jawab",
        "catat",
        "disposisi",
        "klasifikasi",
        "gabung",
        "pisah",
        "tolak",
        "pelayanan",
        "buka-blokir",
        "sortir",
    )
    assert {client.post(f"/kasus/1/{act}", {"text": "x"}).status_code for act in acts} == {404}
    missing = client.without_token(client.get("/kasus/9").text.replace("/kasus/9", "/kasus/1"))
    assert client.without_token(client.get("/kasus/1").text) == missing, "kept out and not there look alike"
    assert client.unlock(LOGIN).status_code == 302
    assert "ITJEN-0001" in client.get("/cari?q=kenariunik").text


@pytest.mark.parametrize("role", sorted(SETTINGS.workstation.roles))
def test_each_role_sees_its_pages_and_no_other(world: World, role: str) -> None:
    """Every page without a number in its address opens for the roles that have its act, and for nobody else."""
    _case(world)
    let_in(world, "petugas", role)
    client = make_desk(world, "petugas")
    seen = {}
    for rule in client.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.rule != "/":
            seen[rule.rule] = client.get(rule.rule).status_code
    assert set(seen) == set(PAGES), "a page is missing in this table"
    actions = SETTINGS.workstation.roles[role].actions
    assert seen == {path: 200 if not act or act in actions else 409 for path, act in PAGES.items()}
    home, case = client.get("/"), client.get("/kasus/1")
    reads = "case.read" in actions
    assert home.status_code == (200 if reads else 302)
    assert case.status_code == (200 if reads else 409)
    assert ("Pungutan" in case.text) == reads
    menu = set(re.findall(r'<nav class="side".*?</nav>', client.get("/persetujuan").text, re.DOTALL))
    for path, act in PAGES.items():
        if act and path not in NOT_IN_MENU:
            assert any(f'href="{path}"' in part for part in menu) == (act in actions), path


def test_every_page_of_the_table_is_there(world: World) -> None:
    """A task's page is an endpoint of the desk, and its act one of access.roles; a title comes in both languages."""
    endpoints = new_desk(world).app.view_functions
    assert [task.name for task in TASKS.values() if task.page and task.page not in endpoints] == []
    assert {task.act for task in TASKS.values() if task.act} <= set(roles.ACTIONS)
    assert all(set(words) == {"id", "en"} for task in TASKS.values() for words in (task.title, task.purpose) if words)


def test_every_key_of_the_menu_opens_one_page() -> None:
    """Two pages under one key would leave the second without any."""
    keys = [task.key for task in MENU]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert not {"g", "k", "/"} & set(keys)


@pytest.mark.parametrize(
    "act", ["jawab", "catat", "disposisi", "klasifikasi", "gabung", "tolak", "pelayanan", "sortir"]
)
def test_who_reads_nothing_changes_nothing(world: World, act: str) -> None:
    """The overseer, who may read no case, is refused by every act on one, and shown none of it."""
    _case(world)
    let_in(world, "awas", "pengawas")
    client = make_desk(world, "awas")
    answer = client.post(f"/kasus/1/{act}", {"text": "x", "status": "TELAAH", "unit": "x", "into": "2"})
    assert answer.status_code in (404, 409)
    assert "Pungutan" not in answer.text


def test_the_acts_of_the_table_exist() -> None:
    """The table names acts of access.roles."""
    assert {act for act in PAGES.values() if act} <= set(roles.ACTIONS)


def test_a_password_never_comes_back(world: World) -> None:
    """After a failed attempt the name stands in its field, the passphrase nowhere."""
    client: DeskClient = new_desk(world)
    client.start()
    page = client.unlock(LOGIN, f"salah {PASSPHRASE}").text
    assert f'value="{LOGIN}"' in page
    assert PASSPHRASE not in page
