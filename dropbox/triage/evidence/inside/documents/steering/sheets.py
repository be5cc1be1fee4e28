"""Makes all of a workbook visible: hidden sheets, rows and columns, comments; columns as wide as their numbers.

Rule: only visibility and widths change: no number and no word.
"""

from typing import Final

from dropbox.triage.evidence.inside.documents.steering.office import MARKED, SHAPES_MAX, Remote, put, structure

_SHEETS_MAX: Final = 300
_COLUMNS_MAX, _ROWS_MAX = 1000, 20_000  # to which a drawing makes the printed area grow
_UPRIGHT: Final = (21_000, 29_700)  # A4, in 1/100 mm as all lengths here
_LYING: Final = 2**0.5  # width of a page that lies, by its height (ISO 216)
_MARGIN: Final = 1000
_BORDERS: Final = 2 * _MARGIN + 1500  # and the numbers of the rows
_ROOM: Final = 4000  # a drawing that is tied to cells grows with them when it is drawn
_WIDEST: Final = 42_000  # A3: letters of 10 points can still be read in a picture of PREVIEW_SIDE pixels
_COLUMN_MAX: Final = 9000  # a column of long texts is wrapped at this width
_WORDS: Final = "Lembar tersembunyi (hidden sheet): "


def show(document: Remote) -> None:
    """Show all of every sheet, each on pages of its own size."""
    styles = document.StyleFamilies.getByName("PageStyles")
    for number in range(min(document.Sheets.Count, _SHEETS_MAX)):
        sheet = document.Sheets.getByIndex(number)
        if sheet.isProtected():
            sheet.unprotect("")
        was_hidden = not sheet.IsVisible
        put(sheet, IsVisible=True)
        used = sheet.createCursor()
        used.gotoStartOfUsedArea(False)  # noqa: FBT003
        used.gotoEndOfUsedArea(True)  # noqa: FBT003
        _show_cells(sheet, used)
        _print_all(sheet, used)
        style = styles.getByName(sheet.PageStyle)
        _shape_page(document, styles, sheet, style, used, number, was_hidden=was_hidden)


def _show_cells(sheet: Remote, used: Remote) -> None:
    area = used.RangeAddress
    visible = used.queryVisibleCells().RangeAddresses
    shown_columns = {n for part in visible for n in range(part.StartColumn, part.EndColumn + 1)}
    rows = sorted((part.StartRow, part.EndRow) for part in visible)
    for column in range(area.StartColumn, area.EndColumn + 1):
        if column not in shown_columns:
            _mark(sheet, column, area.StartRow, column, area.EndRow)
    following = area.StartRow
    for start, end in rows:
        if start > following:
            _mark(sheet, area.StartColumn, following, area.EndColumn, start - 1)
        following = max(following, end + 1)
    if following <= area.EndRow:
        _mark(sheet, area.StartColumn, following, area.EndColumn, area.EndRow)
    used.Columns.IsVisible = True
    used.Rows.IsVisible = True
    used.Columns.OptimalWidth = True
    for number in range(min(used.Columns.Count, _SHEETS_MAX)):
        column = used.Columns.getByIndex(number)
        if column.Width > _COLUMN_MAX:
            column.Width = _COLUMN_MAX
            used.getCellRangeByPosition(number, 0, number, used.Rows.Count - 1).IsTextWrapped = True
    used.Rows.OptimalHeight = True


def _print_all(sheet: Remote, used: Remote) -> None:
    """Set the print area: all used cells, and the cells below drawings, of which LibreOffice cuts the last."""
    area = used.RangeAddress
    right, bottom = (end and end + _ROOM for end in _ends(sheet.DrawPage))
    last = sheet.getCellByPosition
    while right > last(area.EndColumn + 1, 0).Position.X and area.EndColumn < _COLUMNS_MAX:
        area.EndColumn += 1
    while bottom > last(0, area.EndRow + 1).Position.Y and area.EndRow < _ROWS_MAX:
        area.EndRow += 1
    area.StartColumn = area.StartRow = 0
    sheet.setPrintAreas((area,))


def _mark(sheet: Remote, left: int, top: int, right: int, bottom: int) -> None:
    put(sheet.getCellRangeByPosition(left, top, right, bottom), CellBackColor=MARKED)


def _shape_page(
    document: Remote, styles: Remote, sheet: Remote, style: Remote, used: Remote, number: int, *, was_hidden: bool
) -> None:
    """Make the page of a sheet as wide as the table needs, in a page style of its own."""
    name = f"seen-{number}"
    own = document.createInstance("com.sun.star.style.PageStyle")
    styles.insertByName(name, own)
    width = max(used.Size.Width, _ends(sheet.DrawPage)[0]) + _BORDERS
    size = structure("com.sun.star.awt.Size")
    upright = width <= _UPRIGHT[0]
    size.Width = _UPRIGHT[0] if upright else max(_UPRIGHT[1], min(width, _WIDEST))
    size.Height = _UPRIGHT[1] if upright else int(size.Width / _LYING)
    put(own, IsLandscape=not upright, Size=size, Width=size.Width, Height=size.Height)
    put(own, LeftMargin=_MARGIN, RightMargin=_MARGIN, TopMargin=_MARGIN, BottomMargin=_MARGIN)
    put(own, PrintHeaders=True, PrintGrid=True, PrintAnnotations=True, PrintCharts=True, PrintObjects=True)
    put(own, PrintDrawing=True, PrintZeroValues=True, PageScale=100)
    if width <= _WIDEST:
        put(own, ScaleToPagesX=1, ScaleToPagesY=0)  # what is still wider continues on further pages
    put(own, HeaderIsOn=True, FooterIsOn=bool(style.FooterIsOn))
    head = (style if style.HeaderIsOn else own).RightPageHeaderContent
    if was_hidden or not head.LeftText.String:
        head.LeftText.String = _WORDS * was_hidden + sheet.Name
    own.RightPageHeaderContent = head
    if style.FooterIsOn:
        own.RightPageFooterContent = style.RightPageFooterContent
    sheet.PageStyle = name


def _ends(page: Remote) -> tuple[int, int]:
    """Return where the rightmost and the lowest drawing end."""
    right = bottom = 0
    for number in range(min(page.Count, SHAPES_MAX)):
        shape = page.getByIndex(number)
        right = max(right, shape.Position.X + shape.Size.Width)
        bottom = max(bottom, shape.Position.Y + shape.Size.Height)
    return right, bottom
