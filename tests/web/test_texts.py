"""The words of the reporter's site: complete in both languages, plain, and free of what the style guide avoids."""

import ast
import gettext
import importlib.util
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import flask
import flask_babel
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from jinja2 import Environment

from dropbox.web.base import labels, messages
from dropbox.wire import statuses

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").glob("*.html"))
TRANSLATIONS = ROOT / "dropbox" / "web" / "translations"
STYLE = ROOT / "dropbox" / "web" / "browser" / "style.css"

CONTRACT_KEYS = """
    channel-required desk-required category-required what-required who-required where-required
    too-long secret-in-text secret-in-file-name form-late form-forged
    code-required code-length code-symbol code-check words-required words-count words-unknown words-mismatch
    not-found-thread answer-damaged received-entry already-sent
    addition-empty too-many-files too-large too-large-text too-many-parts bad-form file-name-missing file-interrupted
    send-again busy closed keys-expired storage-full page-not-found method-not-allowed server-error cross-site
    bad-request unsupported title-error
"""
AVOIDED = (
    r"100 ?%", r"\bdijamin\b", r"\bmenjamin\b", r"dilacak", r"\binforman\b", r"surat kaleng", r"\bpengadu\b",
    r"\bkamu\b", r"ponsel cerdas", r"\bsurel\b", r"\bguarante", r"untraceable", r"be traced", r"\binformants?\b",
    r"poison.pen", r"\bsnitch", r"completely (safe|anonymous)",
)  # fmt: skip
WORDS_MAX = 15
OUR_SCRIPT = """<script type="module" src="{{ static }}{{ name }}.js"></script>"""
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
LANGUAGE_NAMES = {"English", "Indonesia"}  # each is written in itself, so that its speakers find it


def _extracted() -> set[str]:
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, "_l": None}
    found = set()
    for part in ("templates", "dropbox/web"):
        near = [(pattern.removeprefix(f"{part}/"), name) for pattern, name in methods if pattern.startswith(part)]
        near_options = {pattern.removeprefix(f"{part}/"): value for pattern, value in options.items()}
        # Folders of the reporter's site alone: templates/desk has a catalogue of its own (tests/triage_ui).
        keep = (lambda _: False) if part == "templates" else None
        walked = extract_from_dir(ROOT / part, near, near_options, keywords, directory_filter=keep)
        found |= {str(item[2]) for item in walked}
    return found


def _catalogue() -> Catalog:
    with (TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def _all_texts() -> Iterator[str]:
    for entry in _catalogue():
        if entry.id:
            yield str(entry.id)
            yield str(entry.string)


def _build_hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_hook", TRANSLATIONS / "build_hook.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def compiled(tmp_path: Path) -> Path:
    """A copy of the catalogues with what the build hook makes of them."""
    folder = tmp_path / "translations"
    shutil.copytree(TRANSLATIONS, folder, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    written = _build_hook().compile_catalogues(folder)
    assert [path.relative_to(folder).as_posix() for path in written] == ["en/LC_MESSAGES/messages.mo"]
    return folder


def test_every_text_has_an_english_translation() -> None:
    """Each text of templates and Python stands in the English catalogue, translated and not fuzzy."""
    translated = {str(entry.id) for entry in _catalogue() if entry.id and entry.string and not entry.fuzzy}
    assert _extracted() - translated == set()


def test_the_catalogue_has_no_leftovers() -> None:
    """No entry of the catalogue is unknown to templates and Python, or kept as obsolete."""
    catalogue = _catalogue()
    assert {str(entry.id) for entry in catalogue if entry.id} - _extracted() == set()
    assert not catalogue.obsolete


def test_placeholders_match() -> None:
    """A translation has the placeholders and tags of its original, and no stray percent sign."""
    tags = re.compile(r"</?\w+>")
    for entry in _catalogue():
        if entry.id:
            original, translation = str(entry.id), str(entry.string)
            assert sorted(PLACEHOLDER.findall(original)) == sorted(PLACEHOLDER.findall(translation)), original
            assert sorted(tags.findall(original)) == sorted(tags.findall(translation)), original
            assert "%" not in PLACEHOLDER.sub("", original + translation), original


@pytest.mark.parametrize("avoided", AVOIDED)
def test_avoided_words_do_not_occur(avoided: str) -> None:
    """No text promises what cannot be known, or calls a reporter names."""
    assert [text for text in _all_texts() if re.search(avoided, text, re.IGNORECASE)] == []


def test_sentences_are_short() -> None:
    """An Indonesian or English sentence has at most fifteen words."""
    sentences = [
        sentence
        for text in _all_texts()
        for sentence in re.split(r"(?<=[.!?:])\s+", re.sub(r"</?\w+>", "", text))
        if len(sentence.split()) > WORDS_MAX
    ]
    assert sentences == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_bring_nothing_from_elsewhere(template: Path) -> None:
    """A template has no script or style of its own, no event handler and no address of another site."""
    source = template.read_text("utf-8").replace(OUR_SCRIPT, "")
    for forbidden in (r"\bstyle\s*=", "<style", "<script", r"https?://", r"\son\w+\s*=", "javascript:", r"\|\s*safe"):
        assert not re.search(forbidden, source, re.IGNORECASE), forbidden


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_untranslated_text(template: Path) -> None:
    """Whatever a reporter reads in a template goes through the catalogue."""
    tokens = [
        (kind, value)
        for _, kind, value in Environment(autoescape=True).lex(template.read_text("utf-8"))
        if kind not in ("whitespace", "comment")
    ]
    bare, in_trans, previous = "", False, ""
    for kind, value in tokens:
        if previous == "block_begin" and kind == "name":
            in_trans = value == "trans" or (in_trans and value != "endtrans")
        if kind == "data" and not in_trans:
            bare += value
        elif kind == "variable_begin":
            bare += "0"  # keeps the quotes of attributes together
        previous = kind
    readable = re.sub(r'<[^>]*>|[\w-]+="[^"]*"', " ", bare)
    words = set(re.findall(r"[^\W\d_]{2,}", readable))
    assert words - LANGUAGE_NAMES == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_forms_never_put_secrets_into_addresses(template: Path) -> None:
    """Every form is a POST, and no link carries a query."""
    source = template.read_text("utf-8")
    assert all('method="post"' in form for form in re.findall(r"<form\b[^>]*>", source))
    assert not re.search(r'(href|action)="[^"#]*\?', source)


def test_hidden_fields_of_the_additions_come_before_its_files() -> None:
    """The server seals while it receives, so it must know code, words, nonce and desk before the first file."""
    source = (ROOT / "templates" / "_add_form.html").read_text("utf-8")
    places = [source.index(f'name="{name}"') for name in ("code", "words", "nonce", "desk", "mac")]
    assert max(places) < source.index("{{ chooser('files'")


def test_every_status_has_a_label() -> None:
    """The labels cover the status codes of the timeline, no more and no fewer."""
    assert set(labels.STATUS_LABELS) == set(statuses.STATUSES)


def test_choices_are_those_of_the_wire() -> None:
    """The values on the form are the values that may be sealed."""
    assert tuple(value for value, _, _ in labels.CHANNELS) == statuses.CHANNELS
    assert tuple(value for value, _, _ in labels.CATEGORIES) == statuses.CATEGORIES
    assert [value for value, _, _ in labels.DESK_CHOICES] == ["itjen", "irjen"]


@pytest.mark.parametrize("key", CONTRACT_KEYS.split())
def test_every_agreed_message_exists(key: str) -> None:
    """Each key that the views may use has a text."""
    assert key in messages.MESSAGES


def test_every_message_that_python_names_exists() -> None:
    """A key written in a call anywhere in the site is a key of MESSAGES."""
    named = set()
    for path in sorted((ROOT / "dropbox" / "web").rglob("*.py")):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                called, first = node.func.id, node.args[0]
                is_key = called in {"message", "error_text", "error_page", "closed_page", "ValidationError"}
                if is_key and isinstance(first, ast.Constant):
                    named.add(first.value)
    assert len(named) >= 15, "the search finds too few calls"
    assert named - set(messages.MESSAGES) == set()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_message_can_be_shown(compiled: Path, lang: str) -> None:
    """Each text formats in both languages, and takes values that it does not need."""
    app = flask.Flask(__name__)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(compiled)
    flask_babel.Babel(app, default_locale="id", locale_selector=lambda: lang)
    values = {
        "limit": 100_000,
        "position": 3,
        "count": 8,
        "texts": 1,
        "files": 2,
        "more": "x",
        "names": "a",
        "what": "b",
    }
    with app.test_request_context():
        shown = {key: messages.message(key, **values) for key in messages.MESSAGES}
    assert all("%(" not in text for text in shown.values())
    assert {"id": "100.000", "en": "100,000"}[lang] in shown["too-long"]
    assert ("kode" in shown["code-required"]) == (lang == "id")


def test_the_build_hook_compiles_the_catalogue(compiled: Path) -> None:
    """What it writes is a catalogue that gettext reads."""
    english = gettext.translation("messages", compiled, ["en"])
    assert english.gettext("Kirim laporan") == "Send the report"


def test_the_style_sheet_is_small_and_fetches_nothing() -> None:
    """It has no import and no address, and stays below 16 kB, a fifth of that on the wire."""
    style = STYLE.read_text("utf-8")
    assert "url(" not in style
    assert "@import" not in style
    assert len(style.encode()) < 16_000


def test_the_icon_fetches_nothing() -> None:
    """It is a drawing without text, script or link."""
    icon = (ROOT / "dropbox/web/static/icon.svg").read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"<text|<script|href|http|url\(|\son\w+=", icon)
