"""Role x act: every address of the desk that does something, or that shows one thing, and who may use it.

Rule: an address is in this table, or among the pages of test_desk_guard; acts below `<act>` are those of the pages.
"""

import re
from collections.abc import Iterator

import pytest
from cases_world import exclude
from desk_world import DeskClient, let_in, make_desk
from test_desk_guard import PAGES
from triage_world import SETTINGS, TODAY, World, dump, new_thread
from werkzeug.test import TestResponse

from dropbox.triage.access import identity
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.ui.pages import case, referral
from dropbox.triage.ui.pages.followup import acts as followup
from dropbox.triage.vault.work import Work

CANARY = "kenariunik"
FREE = "-"  # no act of access.roles: one's own account, the lock, the language, and decisions by what is proposed
TABLE = """
POST /akun/bahasa                                  -
POST /akun/sandi                                   -
GET  /bahasa/<lang>                                -
GET  /bantuan/<name>                               -
POST /belum-terbit/tarik                           case.read
POST /buka                                         -
POST /buku-register/berkas                         register.export
POST /catat                                        case.enter
POST /catat/tabel                                  case.enter
GET  /catat/tanda-terima/<int:number>              case.enter
GET  /kasus/<int:number>                           case.read
GET  /kasus/<int:number>/banding                   case.read
GET  /kasus/<int:number>/kecil                     file.preview
GET  /kasus/<int:number>/rujukan                   refer.propose
GET  /kasus/<int:number>/identitas/<int:one>       identity.open
POST /kasus/<int:number>/identitas/<int:one>       identity.open
POST /kasus/<int:number>/identitas/<int:one>/pemberitahuan identity.open
POST /kasus/<int:number>/belum-dibaca              case.read
POST /kasus/<int:number>/buka-blokir               conflict.lift
POST /kasus/<int:number>/catat                     case.note
POST /kasus/<int:number>/disposisi                 case.assign
POST /kasus/<int:number>/gabung                    case.merge
POST /kasus/<int:number>/jawab                     answer.review
POST /kasus/<int:number>/klasifikasi               case.classify
POST /kasus/<int:number>/pelayanan                 answer.message
POST /kasus/<int:number>/pisah                     case.merge
POST /kasus/<int:number>/sortir                    case.classify
POST /kasus/<int:number>/tarik                     case.read
POST /kasus/<int:number>/tarik-catatan             case.note
POST /kasus/<int:number>/tolak                     refuse.propose
POST /kasus/<int:number>/cetak                     case.read
POST /kasus/<int:number>/hasil-tindakan            measure.manage
POST /kasus/<int:number>/jawab-pelindungan         protection.manage
POST /kasus/<int:number>/keterangan                statement.write
POST /kasus/<int:number>/minta-pelindungan         protection.manage
POST /kasus/<int:number>/putuskan-risiko           risk.decide
POST /kasus/<int:number>/segel-identitas           identity.seal
POST /kasus/<int:number>/surat                     letter.clear
POST /kasus/<int:number>/tahan                     hold.place
POST /kasus/<int:number>/tanya-pelindungan         protection.manage
POST /kasus/<int:number>/tarik-keterangan          statement.write
POST /kasus/<int:number>/tindakan                  measure.manage
POST /kasus/<int:number>/usul-lepas-tahan          hold-lift.propose
POST /kasus/<int:number>/rujukan/nilai             refer.propose
POST /kasus/<int:number>/rujukan/persetujuan       refer.propose
POST /kasus/<int:number>/rujukan/segel             refer.propose
POST /kasus/<int:number>/rujukan/surat-ombudsman   answer.message
POST /kasus/<int:number>/rujukan/tanda             refer.propose
POST /kasus/<int:number>/rujukan/tanya             refer.propose
POST /kasus/<int:number>/rujukan/usul              refer.propose
POST /kasus/<int:number>/tindak-lanjut/cabut       followup.record
POST /kasus/<int:number>/tindak-lanjut/cetak       file.export
POST /kasus/<int:number>/tindak-lanjut/catat       followup.record
POST /kasus/<int:number>/tindak-lanjut/perbaiki    followup.record
POST /kasus/<int:number>/tindak-lanjut/selesai     disposition.finish
GET  /kasus/<int:number>/berkas/<int:message>      file.preview
POST /kasus/<int:number>/berkas/<int:message>/asli file.original
GET  /kasus/<int:number>/berkas/<int:message>/halaman/<int:one>.png file.preview
GET  /kasus/<int:number>/berkas/<int:message>/keadaan file.preview
GET  /kasus/<int:number>/berkas/<int:message>/kecil.png file.preview
POST /kasus/<int:number>/berkas/<int:message>/lagi file.preview
GET  /kasus/<int:number>/berkas/<int:message>/rekaman.webm file.preview
GET  /kasus/<int:number>/berkas/<int:message>/rekaman/diam.png file.preview
GET  /kasus/<int:number>/berkas/<int:message>/rekaman/gelombang.png file.preview
GET  /kasus/<int:number>/berkas/<int:message>/rekaman/pita.png file.preview
POST /kasus/<int:number>/berkas/<int:message>/salinan file.export
GET  /kasus/<int:number>/berkas/<int:message>/samaran/<int:redaction> file.preview
POST /kasus/<int:number>/berkas/<int:message>/samaran/<int:redaction>/ambil file.export
POST /kasus/<int:number>/berkas/<int:message>/samaran/<int:redaction>/hapus file.export
GET  /kasus/<int:number>/berkas/<int:message>/samarkan file.export
POST /kasus/<int:number>/berkas/<int:message>/samarkan file.export
POST /kasus/<int:number>/berkas/<int:message>/tulisan file.preview
POST /kunci                                        -
POST /kurir/ambil                                  exchange.import
POST /kurir/terbit                                 exchange.publish
GET  /mulai/<token>                                -
POST /pembuktian                                   claim.check
GET  /pembuktian/<int:number>                      claim.check
POST /pembuktian/<int:number>/periksa              claim.check
POST /pembuktian/<int:number>/tantangan            claim.check
POST /pencegahan                                   prevention.manage
POST /pencegahan/<int:number>/selesai              prevention.manage
POST /pengawasan/pemberitahuan                     oversight.manage
POST /pengawasan/pemrosesan                        oversight.manage
POST /pengawasan/periksa                           oversight.manage
POST /pengawasan/pernyataan                        oversight.manage
POST /perawatan/cadangan                           vault.care
POST /perawatan/ekspor                             vault.care
POST /perawatan/periksa                            vault.care
POST /perawatan/permintaan                         vault.care
POST /perawatan/salinan                            vault.care
POST /perawatan/sertifikat                         vault.care
POST /perawatan/uji                                vault.care
POST /perawatan/usul                               delete.propose
POST /persetujuan/<int:number>                     -
POST /persetujuan/bersama                          -
POST /petugas                                      officer.manage
GET  /petugas/<login>                              officer.manage
POST /petugas/<login>/keluarkan                    officer.manage
POST /petugas/<login>/ubah                         officer.manage
POST /pilihan                                      case.read
POST /rujukan/evaluasi                             statistics.read
POST /rujukan/jawaban                              refer.propose
POST /rujukan/penerima                             receiver.manage
POST /rujukan/penerima/<int:number>/pensiun        receiver.manage
POST /saringan                                     case.read
POST /saringan/<int:number>/hapus                  case.read
POST /statistik/berkas                             statistics.read
POST /statistik/umum                               statistics.publish
POST /templat/simpan                               phrase.edit
GET  /templat/teks/<code>                          phrase.edit
POST /templat/teks/<code>/semula                   phrase.edit
"""
NEEDS = {(method, rule): act for method, rule, act in (line.split() for line in TABLE.strip().splitlines())}
BELOW = {
    "/kasus/<int:number>/<act>": case.ACTS,
    "/kasus/<int:number>/rujukan/<act>": referral.ACTS,
    "/kasus/<int:number>/tindak-lanjut/<act>": followup.ACTS,
}
# What the forms need besides, so that nothing but the role refuses them.
FORM = {
    "status": "TELAAH",
    "text": "Kami telaah.",
    "subject": "Pungutan",
    "office": "inspektorat-1",
    "into": "ITJEN-0002",
    "reason": "evidence",
    "grounds": "x",
    "kind": "legal",
    "target": "kpk",
    "code": "ask",
    "name": "x",
    "sure": "1",
    "case": "1",
    "identity": "x",
    "disposition": "1",
}


READING = ("case.read", "file.preview")  # what the log says of a page that is shown again with a refusal
READ = ("reads", "log", "findings", "search")
LISTS = ("/pilihan", "/saringan")  # these go back to the list, and say there what was refused


def _address(rule: str) -> str:
    values = {"login": "wawan", "code": "ask", "lang": "id", "name": "case", "token": "x"}
    return re.sub(r"<(?:int:)?(\w+)>", lambda found: values.get(found[1], "1"), rule).replace("berkas/1", "berkas/2")


def _ask(client: DeskClient, token: str, method: str, rule: str) -> TestResponse:
    path = _address(rule)
    if method == "GET":
        return client.get(path)
    return client.browser.post(path, data=FORM | {"csrf_token": token})


def _state(client: DeskClient) -> object:
    """All that the vault holds, but what an officer has read, and what was found in files that were shown."""
    lines = [line for line in audit_log.lines(client.vault) if line.action not in READING]
    return lines, [(table, rows) for table, rows in dump(client.vault) if not table.startswith(READ)]


@pytest.fixture
def client(world: World) -> Iterator[DeskClient]:
    """Two cases, the first with a file and a sealed identity; an officer of each role, and one who is kept out."""
    thread = new_thread()
    with world.open() as vault:
        world.take(vault, [world.report(thread, CANARY), world.file(thread, 1, b"isi", f"{CANARY}.txt")])
        world.take(vault, [world.report(new_thread(), "Lain")])
        identity.enter(Work(vault, SETTINGS, TODAY), casebook.case_of(vault, 1), "Amir")
        exclude(vault, casebook.case_of(vault, 1), "wawan")
    for number, role in enumerate(SETTINGS.workstation.roles):
        let_in(world, f"uji{number}", role)
    let_in(world, "wawan", "irjen", name="Wawan Setiawan")
    client = make_desk(world)
    yield client
    client.desk.close("end")


def test_every_address_is_in_the_table(client: DeskClient) -> None:
    """What does something, or shows one thing, stands in the table or among the pages; nothing else does."""
    found = set()
    for rule in client.app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"GET", "POST"}:
            acts = BELOW.get(rule.rule, [""])
            found |= {(method, rule.rule.replace("<act>", act)) for act in acts}
    found -= {("GET", "/static/<path:filename>"), ("GET", "/")} | {("GET", page) for page in PAGES}
    assert found == set(NEEDS)


def test_who_lacks_an_act_is_refused_it(client: DeskClient) -> None:
    """For each role, each address whose act it lacks is refused, shows nothing of the report and changes nothing."""
    for number, role in enumerate(SETTINGS.workstation.roles.values()):
        assert client.unlock(f"uji{number}").status_code == 302
        token, before = client.token(), _state(client)
        for (method, rule), act in NEEDS.items():
            if act == FREE or act in role.actions:
                continue
            answer = _ask(client, token, method, rule)
            assert answer.status_code in ((302,) if rule in LISTS else (404, 409)), (method, rule, number)
            assert "case.read" in role.actions or CANARY not in answer.text, (method, rule)
        assert _state(client) == before


def test_who_is_kept_out_finds_no_address_of_the_case(client: DeskClient) -> None:
    """Each address below a case answers an officer of all acts as if the case did not exist."""
    assert client.unlock("wawan").status_code == 302
    token, before = client.token(), _state(client)
    for method, rule in NEEDS:
        if rule.startswith("/kasus/<int:number>"):
            answer = _ask(client, token, method, rule)
            assert (answer.status_code, CANARY in answer.text) == (404, False), (method, rule)
    assert _state(client) == before
