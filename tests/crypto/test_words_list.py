"""What the project's word list promises to a reporter who copies a passphrase by hand or hears one read aloud."""

import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path

WORDS_FILE = Path(__file__).parents[2] / "dropbox/crypto/words.txt"
WORDS = WORDS_FILE.read_text("ascii").split()
LISTED = frozenset(WORDS)

# Letters that are mistaken for each other when heard or in handwriting.
CONFUSABLE = ("bp", "cj", "dt", "ei", "fp", "fv", "gk", "hk", "iy", "jz", "lr", "mn", "ou", "pv", "sz", "vw")


def _set_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Nobody who finds the note may guess from a word what it is for.
REVEALING = _set_of("""
    adu aduan advokat amplop anggaran anonim arsip atasan audit auditor berkas bisik bocor bongkar bos bukti bupati
    calo camat catut copet curang curi dakwa dana dinas dokumen duga dugaan fakta fitnah gaji gelap geledah
    gratifikasi gubernur hadiah hakim hukum identitas informan inspektur intai intel intip jabatan jaksa jatah jejak
    jujur kantor kas kasus kode komplotan korban koruptor korupsi kriminal kurir kwitansi kuitansi lacak lapor
    laporan lembaga lurah mafia maling markup menteri nepotisme oknum palsu pegawai pejabat pelaku pelapor pelicin
    pengadu pengaduan penipu penyidik periksa pesan pidana polisi privat proyek pungli rahasia rampok razia rekening
    saksi sandi satpam segel selidik selundup sensor setoran sidang sidik siasat sita skandal sogok spion suap sumber
    sumpah surat tagih tender tersangka tipu transfer tuduh tuntut uang upeti utang wartawan
    """)

# No passphrase may frighten, insult or embarrass the one who has to keep it.
UGLY = _set_of("""
    aib ancam anjing arak arwah babi bacok bahaya bajingan bakar bandit bangkai bangsat banjir bau bego bejat bencana
    benci bengis birahi bius bodoh bom botak brengsek budak bugil bui bunuh buron busuk buta cabul cacat cebong celaka
    cerai cium copot culik curiga dada darah dendam derita dosa dungu durhaka duka edan gagal galak ganja ganas gempa
    genit gila gondok goblok gorila granat gundul haram hajar hamil hancur hantam hantu hilang hina iblis idiot intim
    jahat jahanam jasad jelek jenazah jerat jerit jijik jorok judi kafir kalah kampret kanker keji kejam
    kejar keparat keris kentut kera kikir kotor kremasi kubur kudis kuman kusta lacur laknat lumpuh luka lonte mabuk
    maki malang maling malu malapetaka marah mati maut mayat mesum miskin monyet muntah murka musuh najis nafsu nakal
    nanah narkoba neraka nisan nista noda panik parah pasung pedang peluru pembunuh penjara perang perkosa
    pincang pingsan pisau racun rampas ranjang ranjau rusak rusuh sakit salah sampah sandera sedih sekarat senapan
    senjata sengsara seram serang sesat setan siksa sinting siluman sipit takut tahanan tamak tangis tawan telanjang
    tembak tenggelam teror tewas tikus tilang tindas tolol tsunami tubruk tuli tusuk tuyul vampir vonis wabah wafat zina
    """)

NAMES = _set_of("""
    ade adi agung agus airlangga ali anies arif asih asri ayu bagus bagas bambang basuki bayu bima budi cahyo citra
    damar dedi dewi dian dimas dina dwi eka endang erik fajar feri fitri galih ganjar gibran gilang hadi hana hasan
    hawa hendra heru ilham indah indra intan irfan iwan jaya joko jokowi kartika kartini kirana lestari lina lukman
    luhut mahfud mawar mega melati mulia murni mutiara nia nina nur nuri panji permata prabowo prabu puan purba
    purnama puspa putra putri putu rama ratna reza rini rizki rudi santi santoso sari sinta siti slamet soekarno sri
    suharto surya susi sutra tirta tono tri tuti umar utami wahyu wati wawan wayan widodo wulan yanti yoga yogi yoyo
    yuli yuni yusuf zahra
    """)

PLACES = _set_of("""
    aceh ambon asia bali banda bandung bangka banjar banten bantul bekasi bengkulu biak bima bitung blitar blora bogor
    bone brebes cepu ciamis cianjur cilacap cilegon cina cirebon demak denpasar depok dompu dumai ende eropa flores
    garut gresik india jakarta jambi jawa jember jepang jepara kalimantan kamboja kebumen kediri kendal kendari
    klaten komodo kudus kupang kuta lampung lamongan langsa lombok lumajang madiun madura magelang makassar malang
    maluku manado maros mataram medan menteng monas nabire natuna ngawi nias nusantara padang palembang palu papua pare
    pati pekalongan ponorogo riau rote sabang salatiga sampang semarang senayan serang siak sleman solo sorong sragen
    subang sukabumi sulawesi sumatra sumba sumbawa sumedang surabaya surakarta tangerang tarakan tasik tebet tegal
    ternate tidore timor toba toraja tuban ubud wamena wonogiri
    """)

BRANDS_AND_PARTIES = _set_of("""
    adidas alfamart aqua astra avanza bajaj banteng beringin bimoli bukalapak danone demokrat djarum facebook garuda
    gelora gerindra gojek golkar google grab hanura honda indomie indomaret instagram karya kijang kompas lazada
    merpati nasdem nestle nissan nokia ovo panasonic partai pelita pelopor pemilu pepsi perindo pertamina rinso
    samsung shopee sony sosro suzuki telkom tempo tokopedia toyota twitter vespa whatsapp xiaomi yakult yamaha
    """)

PEOPLES_AND_FAITHS = _set_of("""
    agama allah arab asmat azan baduy batak betawi bugis buddha china dayak doa gereja hijab hijrah hindu imam iman
    injil islam jawa jemaat jihad jilbab katolik khitan kiai konghucu kristen kurban malaikat masjid melayu minang
    musala muslim nabi nasrani natal pendeta pribumi protestan pura quran salat salib santri sasak sunda surga syariat
    takbir tionghoa tuhan ulama umat ustaz vihara yahudi yesus zakat
    """)

# Either a spelling the dictionary rejects, or a word that people write in two ways.
SPELLED_IN_TWO_WAYS = _set_of("""
    aktip almari analisa antre antri apotek apotik atlet atlit azas cabai cabe cengkeh cengkih coklat cokelat duren
    esei fikir pikir faham paham frasa frase gorden gordin hafal hapal hakekat hektar hektare hembus himbau
    imbau ijasah ijazah ijin izin isap hisap jadual jaman zaman jamrud zamrud jendral jerigen jeriken kaos kaus
    karir karier kedele kerupuk krupuk komplek kongkret korsi kuitansi kwitansi lembab lembap lobang makaroni metoda
    metode mie nafas napas nahkoda nakhoda nasehat nasihat nopember obyek objek onta panili vanili papaya pebruari
    pondasi fondasi praktek praktik prangko perangko prosentase putera rapor raport resiko risiko rejeki rezeki respon
    respons rubah samudera samudra saos saus sekedar sekadar sendal seprai sprei silahkan sirop sirup sistim sop
    sopir supir sorban serban stoples toples sutera sutra syurga sorga tehnik teknik telor telpon terong terung
    tauge taoge trompet terompet
    """)


def test_exactly_2048_distinct_words() -> None:
    """The list has 2048 different words, 11 bits each."""
    assert len(WORDS) == 2048
    assert len(LISTED) == 2048


def test_one_word_a_line_in_ascii_order() -> None:
    """The file is its words in ASCII order, each ended by one line feed, and nothing else."""
    assert WORDS_FILE.read_bytes() == "".join(f"{word}\n" for word in sorted(WORDS)).encode("ascii")


def test_three_to_eight_small_letters() -> None:
    """A word is three to eight of the letters a to z."""
    assert [word for word in WORDS if not re.fullmatch("[a-z]{3,8}", word)] == []


def test_four_letters_are_enough() -> None:
    """No two words begin with the same four letters."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for word in WORDS:
        by_key[word[:4]].append(word)
    assert [words for words in by_key.values() if len(words) > 1] == []


def test_a_short_word_begins_no_other() -> None:
    """A word of three letters is complete: no other word begins with it."""
    short = [word for word in WORDS if len(word) == 3]
    assert [(word, other) for word in short for other in WORDS if other != word and other.startswith(word)] == []


def test_no_two_words_differ_by_one_confusable_letter() -> None:
    """No word becomes another by one mistake between two letters that sound or look alike."""
    by_gap: dict[tuple[int, str], list[str]] = defaultdict(list)
    for word in WORDS:
        for place in range(len(word)):
            by_gap[place, f"{word[:place]}_{word[place + 1 :]}"].append(word)
    alike = {frozenset(pair) for pair in CONFUSABLE}
    assert [
        (one, other)
        for (place, _), words in by_gap.items()
        for one, other in combinations(words, 2)
        if {one[place], other[place]} in alike
    ] == []


def test_no_two_words_differ_by_a_silent_h() -> None:
    """No word becomes another when one of its letters h is left out."""
    without_h = {word: {word[: h.start()] + word[h.end() :] for h in re.finditer("h", word)} for word in WORDS}
    assert {word: shorter & LISTED for word, shorter in without_h.items() if shorter & LISTED} == {}


def test_spelled_one_way_only() -> None:
    """No word is one that people write in two ways."""
    assert sorted(LISTED & SPELLED_IN_TWO_WAYS) == []


def test_no_names_places_brands_parties_or_peoples() -> None:
    """No word is foremost the name of a person, place, brand, party, people or faith."""
    assert sorted(LISTED & (NAMES | PLACES | BRANDS_AND_PARTIES | PEOPLES_AND_FAITHS)) == []


def test_no_ugly_words() -> None:
    """No word is ugly, sexual, insulting or frightening."""
    assert sorted(LISTED & UGLY) == []


def test_no_revealing_words() -> None:
    """No word, and no long part of one, tells that the note belongs to a report."""
    long_roots = {root for root in REVEALING if len(root) >= 5}
    assert sorted(LISTED & REVEALING) == []
    assert [(word, root) for word in WORDS for root in long_roots if root in word] == []
