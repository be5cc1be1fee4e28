"""Private and undocumented names of libraries that the program uses: a library without one of them fails here first.

pyproject.toml bounds these libraries from above; a new bound goes together with a run of this test.
"""

import inspect
import re
import tomllib
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Names that a class or module must have; a method that is overridden must have these parameters.
NAMES = (
    ("gunicorn.http.message", "Request", "_expected_100_continue"),
    ("gunicorn.http.message", "Request", "set_body_reader"),
    ("gunicorn.http.wsgi", "Response", "_emit_body"),
    ("gunicorn.http.wsgi", "Response", "default_headers"),
    ("gunicorn.http.wsgi", "Response", "send_headers"),
    ("gunicorn.http.wsgi", "Response", "can_sendfile"),
    ("gunicorn.http.wsgi", "Response", "force_close"),
    ("gunicorn.http.wsgi", "Response", "should_close"),
    ("gunicorn.http.body", "ChunkedReader", "read_into"),
    ("gunicorn.http.unreader", "Unreader", "chunk"),
    ("gunicorn.http.unreader", "Unreader", "read"),
    ("gunicorn.http.unreader", "Unreader", "unread"),
    ("gunicorn.workers.base", "Worker", "notify"),
    ("gunicorn.workers.base", "Worker", "handle_exit"),
    ("gunicorn.workers.base", "Worker", "init_process"),
    ("gunicorn.workers.gthread", "PollableMethodQueue", "init"),
    ("gunicorn.workers.gthread", "PollableMethodQueue", "defer"),
    ("gunicorn.workers.gthread", "PollableMethodQueue", "fileno"),
    ("gunicorn.workers.gthread", "PollableMethodQueue", "run_callbacks"),
    ("gunicorn.glogging", "Logger", "exception"),
    ("werkzeug.sansio.multipart", "MultipartDecoder", "next_event"),
    ("werkzeug.sansio.multipart", "MultipartDecoder", "receive_data"),
)
# Attributes that a constructor sets: found in the source, because making the object needs a whole server.
ATTRIBUTES = (
    ("gunicorn.http.body", "Body", "reader"),
    ("gunicorn.http.body", "Body", "failed"),
    ("gunicorn.http.body", "ChunkedReader", "parser"),
    ("gunicorn.http.body", "LengthReader", "length"),
    ("gunicorn.http.wsgi", "Response", "headers_sent"),
    ("gunicorn.http.wsgi", "Response", "chunked"),
    ("gunicorn.glogging", "Logger", "error_log"),
)
BOUNDED = (
    *(("web", library) for library in ("gunicorn", "werkzeug", "jinja2", "babel", "markupsafe", "wtforms")),
    *(("triage", library) for library in ("gunicorn", "werkzeug", "babel")),
)


@pytest.mark.parametrize(("module", "owner", "name"), NAMES)
def test_the_library_has_the_name(module: str, owner: str, name: str) -> None:
    """The class has the name that the program calls or overrides."""
    assert hasattr(getattr(import_module(module), owner), name), f"{module}.{owner} has no {name} any more"


@pytest.mark.parametrize(("module", "owner", "name"), ATTRIBUTES)
def test_the_constructor_sets_the_attribute(module: str, owner: str, name: str) -> None:
    """The class's source assigns the attribute that the program reads."""
    source = inspect.getsource(getattr(import_module(module), owner))
    assert re.search(rf"\bself\.{name}\b[^=\n]* = ", source), f"{module}.{owner} sets no {name} any more"


def test_create_takes_what_the_worker_gives() -> None:
    """gunicorn.http.wsgi.create has the six parameters that the worker fills by position."""
    create = import_module("gunicorn.http.wsgi").create
    inspect.signature(create).bind(None, None, None, None, None, None)


@pytest.mark.parametrize(("extra", "library"), BOUNDED)
def test_the_library_is_bounded_from_above(extra: str, library: str) -> None:
    """pyproject.toml names the library, with an upper bound above the installed version."""
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"][extra]
    (line,) = [line for line in needed if re.match(rf"{library}\b", line)]
    bound = re.search(r",<([0-9.]+)$", line)
    assert bound, f"{line} has no upper bound"
    installed = [int(part) for part in version(library).split(".")]
    assert installed < [int(part) for part in bound[1].split(".")]
