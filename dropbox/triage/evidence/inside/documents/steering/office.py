"""Opens documents in a running LibreOffice, without a window and with nothing that a document could start.

Rule: no macro runs and no link is followed.
Source: LibreOffice API (api.libreoffice.org), the services that the functions name.
"""

import contextlib
import sys
import time
from typing import Any, Final, TypeAlias

import uno  # type: ignore[import-not-found]  # Debian's, for Debian's Python

Remote: TypeAlias = Any  # an object of LibreOffice, behind the pipe

CALC: Final = "com.sun.star.sheet.SpreadsheetDocument"
IMPRESS: Final = "com.sun.star.presentation.PresentationDocument"
WRITER: Final = "com.sun.star.text.TextDocument"
DRAW: Final = "com.sun.star.drawing.DrawingDocument"
SHAPES_MAX: Final = 2000
MARKED: Final = 0xFFF3C4  # behind what was hidden
_SERVICES: Final = (CALC, IMPRESS, WRITER, DRAW)
_TRIES: Final = 1200
_WAIT_SECONDS: Final = 0.05
_NEVER_RUN, _NO_LINKS = 0, 0  # com.sun.star.document.MacroExecMode.NEVER_EXECUTE, UpdateDocMode.NO_UPDATE


class Office:
    """A running LibreOffice."""

    def __init__(self, pipe: str) -> None:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        for _ in range(_TRIES):
            try:
                self._context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except Exception:  # noqa: BLE001  com.sun.star.connection.NoConnectException: it is still starting
                time.sleep(_WAIT_SECONDS)
        else:
            sys.exit(4)

    def _service(self, name: str) -> Remote:
        return self._context.ServiceManager.createInstanceWithContext(f"com.sun.star.{name}", self._context)

    def open(self, path: str) -> Remote:
        """Return the document without a window; None if LibreOffice cannot open it.

        A window of Writer draws comments with a part that Debian's packages without a screen do not have: it crashes.
        """
        detection, filters = self._service("document.TypeDetection"), self._service("document.FilterFactory")
        asked = values(URL=f"file://{path}", MacroExecutionMode=_NEVER_RUN, UpdateDocMode=_NO_LINKS)
        kind, options = detection.queryTypeByDescriptor(asked, True)  # noqa: FBT003  UNO has no names for arguments
        found = {one.Name: one.Value for one in options}.get("FilterName") or _named(detection, kind, "PreferredFilter")
        if not found:
            return None
        service = _named(filters, found, "DocumentService")
        if service not in _SERVICES:
            return None
        document = self._service(service.removeprefix("com.sun.star."))
        document.load((*(one for one in options if one.Name != "FilterName"), *values(FilterName=found)))
        return document

    def open_window(self, path: str) -> Remote:
        """Return the document in a hidden window: Writer makes a PDF only there."""
        options = values(Hidden=True, MacroExecutionMode=_NEVER_RUN, UpdateDocMode=_NO_LINKS)
        return self._service("frame.Desktop").loadComponentFromURL(f"file://{path}", "_blank", 0, options)


def _named(container: Remote, name: str, wanted: str) -> str:
    if not (name and container.hasByName(name)):
        return ""
    return next((str(one.Value) for one in container.getByName(name) if one.Name == wanted), "")


def structure(name: str) -> Remote:
    """Return an empty structure of the API."""
    return uno.createUnoStruct(name)


def sequence(**named: object) -> Remote:
    """Return property values as one value, for a property that holds them."""
    return uno.Any("[]com.sun.star.beans.PropertyValue", values(**named))


def values(**named: object) -> tuple[Remote, ...]:
    """Return com.sun.star.beans.PropertyValue structures by name."""
    made = []
    for name, value in named.items():
        one = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def put(target: Remote, **named: object) -> None:
    """Set properties one by one: a document whose part refuses one still gets the others."""
    for name, value in named.items():
        with contextlib.suppress(Exception):  # a protected or unknown property
            setattr(target, name, value)
