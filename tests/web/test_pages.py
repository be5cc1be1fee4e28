"""All pages together: each exists in both languages, leads somewhere, comes from here alone, and is light."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from flask.testing import FlaskClient

from dropbox.settings.installation import LANGUAGES, load
from dropbox.web.base.articles import ARTICLES
from dropbox.web.base.view import PAGES
from dropbox.web.pages.content import GROUPS
from tests.support.desks import make_site
from tests.web.conftest import Place

WEIGHT_MAX = 20_000  # bytes of a page, compressed, with its style
ONION = "a" * 55 + "d.onion"
# What is reached by sending a form, or by finishing.
BY_FORM = {"add", "act", "done"}
QUICK_EXIT = "https://www.bmkg.go.id/"


class Read(HTMLParser):
    """Links, ids and headings of a page as it is without scripts, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.lang = ""
        self.first_stop = ""
        self.feed(re.sub(r"<template\b.*?</template>", "", text, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = values.get("lang", "")
        if tag in ("a", "button", "input", "textarea", "select", "summary") and not self.first_stop:
            self.first_stop = values.get("class", "")
        if tag == "a":
            self.links.append(values["href"])
        self.loads += [values[name] for name in ("src", "srcset", "data", "poster") if name in values]
        if tag == "link":
            self.loads.append(values["href"])
        if "id" in values:
            self.ids.append(values["id"])
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(tag)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    """A browser before a site that has an onion address."""
    site, inspectorate = make_site(tmp_path, settings=replace(load(), onion=ONION))
    yield Place(site, inspectorate).client()
    site.store.close()


def _served(client: FlaskClient) -> list[str]:
    ends = {str(rule.endpoint).rpartition(".")[2] for rule in client.application.url_map.iter_rules()}
    return [name for name in PAGES if name in ends and name not in BY_FORM]


def test_every_page_is_whole_in_both_languages(client: FlaskClient) -> None:
    """200, the right language, one h1 and no leap of headings, the quick exit first, and no other host is asked."""
    for lang in LANGUAGES:
        for name in _served(client):
            path = ("/en" if lang == "en" else "") + PAGES[name]
            answer = client.get(path)
            page = Read(answer.get_data(as_text=True))
            assert (path, answer.status_code) == (path, 200)
            assert (path, page.lang) == (path, lang)
            assert (path, page.headings[0], page.headings.count("h1")) == (path, "h1", 1)
            levels = [int(heading[1]) for heading in page.headings]
            assert all(below <= above + 1 for above, below in itertools.pairwise(levels)), path
            assert (path, page.first_stop) == (path, "exit")
            assert all(load.startswith("/static/") for load in page.loads), path
            assert len(page.ids) == len(set(page.ids)), path


def test_sentences_with_a_value_are_translated(client: FlaskClient) -> None:
    """A date, a number or a name within a sentence does not make it Indonesian."""
    for path, indonesian, english in (
        ("/wbs", "Diperbarui", "Updated"),
        ("/lapor", "Buka lagi paling lambat", "Come back by"),
    ):
        texts = [client.get(prefix + path).get_data(as_text=True) for prefix in ("", "/en")]
        assert [indonesian in text for text in texts] == [True, False]
        assert [english in text for text in texts] == [False, True]


def test_every_page_is_light(client: FlaskClient) -> None:
    """At most 20 kB on the wire with its style, without scripts."""
    packed = {"Accept-Encoding": "gzip"}
    style = len(client.get("/static/style.css", headers=packed).get_data())
    for name in {*_served(client)} - {"report", "report-server", "status", "status-server"}:  # theirs are measured
        for prefix in ("", "/en"):
            answer = client.get(prefix + PAGES[name], headers=packed)
            assert len(answer.get_data()) + style < WEIGHT_MAX, name


def test_the_whole_site_hangs_together(client: FlaskClient) -> None:
    """From the home page every page is reached, no link breaks, every anchor exists, and links keep the language."""
    for lang, home, other in (("id", "/", "/en"), ("en", "/en/", "/")):
        seen: dict[str, Read] = {}
        anchors: set[tuple[str, str]] = set()
        left = [home]
        while left:
            path = left.pop()
            if path in seen:
                continue
            answer = client.get(path)
            assert (path, answer.status_code) == (path, 200)
            is_page = answer.mimetype == "text/html" and not path.startswith("/pengunci")
            seen[path] = page = Read(answer.get_data(as_text=True) if is_page else "")
            answer.close()
            for link in page.links:
                if link == QUICK_EXIT or link.startswith("https://"):
                    continue
                target, anchor = urldefrag(link)
                target = target or path
                assert "?" not in target
                if anchor and anchor not in ("isi",):
                    anchors.add((target, anchor))
                is_ours = (target == "/en" or target.startswith("/en/")) is (lang == "en")
                if is_ours or target.startswith(("/data/", "/pengunci")):
                    left.append(target)
                else:
                    assert client.get(target).status_code == 200, (path, target)
        missing = {(path, anchor) for path, anchor in anchors if anchor not in seen[path].ids}
        assert missing - {(path, "pengunci") for path, _ in anchors} == set()
        reached = {path.removeprefix("/en") or "/" for path in seen}
        assert {PAGES[name] for name in _served(client)} - reached == set(), lang
        assert other


def test_the_language_link_keeps_the_page(client: FlaskClient) -> None:
    """The other language's link of every page leads to the same page."""
    for name in _served(client):
        for here, there in (("", "/en"), ("/en", "")):
            page = client.get(here + PAGES[name]).get_data(as_text=True)
            link = re.search(r'class="language" href="([^"]+)"', page)
            assert link
            assert link[1] == there + PAGES[name]


def test_links_to_other_sites_say_so_and_tell_nothing(client: FlaskClient) -> None:
    """A link that leaves the site bears noreferrer and a visible note; only explaining pages have one."""
    for name in _served(client):
        text = client.get(PAGES[name]).get_data(as_text=True).replace(QUICK_EXIT, "")
        for link in re.findall(r'<a href="https://[^>]*>[^<]*</a>.{0,80}', text, re.DOTALL):
            assert name in ARTICLES
            assert 'rel="noreferrer"' in link
            assert "situs lain" in link


def test_the_list_names_every_article_once() -> None:
    """No page that explains is missing from the list of them."""
    listed = [name for _, names in GROUPS for name in names]
    assert len(listed) == len(set(listed))
    assert set(listed) >= set(ARTICLES)


def test_tabs_tell_nothing(client: FlaskClient) -> None:
    """What stands in tab and history speaks of no report, crime or person."""
    telling = re.compile(r"korup|kekeras|seksu|whistle|wbs|lapor|adu|violence|sexual|corrupt|report|complain", re.I)
    for name in {*ARTICLES, "home", "info", "keys"}:
        for prefix in ("", "/en"):
            text = client.get(prefix + PAGES[name]).get_data(as_text=True)
            title = text.split("<title>")[1].split("</title>")[0]
            assert not telling.search(title), title


def test_the_onion_address_is_there_to_copy_and_to_scan(client: FlaskClient, tmp_path: Path) -> None:
    """With an onion address the advice shows it and its picture; without one nothing is promised."""
    text = client.get("/keamanan").get_data(as_text=True)
    assert f"http://{ONION}/" in text
    assert '<svg viewBox="0 0' in text
    (tmp_path / "other").mkdir()
    site, inspectorate = make_site(tmp_path / "other")
    assert ".onion" not in Place(site, inspectorate).client().get("/keamanan").get_data(as_text=True)
    site.store.close()


def test_service_times_are_those_of_the_settings(place: Place) -> None:
    """The procedure shows the days that the installation has set."""
    text = place.client().get("/prosedur").get_data(as_text=True)
    assert f"{place.site.settings.service_days['KLARIFIKASI']} hari kerja" in text


def test_pages_that_explain_stay_open_when_the_form_is_closed(tmp_path: Path) -> None:
    """A closed intake closes the form alone, and the start pages say so."""
    site, inspectorate = make_site(tmp_path, settings=replace(load(), intake_open=False))
    client = Place(site, inspectorate).client()
    for path in ("/", "/wbs", "/dumas"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Formulir laporan sedang ditutup" in answer.get_data(as_text=True)
    assert client.get("/lapor").status_code == 503
    assert client.get("/kontak").status_code == 200
    site.store.close()
