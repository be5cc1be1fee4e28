"""Knows the parts of number formats (ECMA-376 part 1, 18.8.30 and 18.8.31).

Rule: a format is only cut into its parts here; what they mean is for numbers and days.
"""

import re
from typing import Final

BUILT_IN: Final = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "m/d/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yyyy h:mm",
    37: "#,##0;(#,##0)",
    38: "#,##0;(#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)",
    41: "#,##0",
    42: "#,##0",
    43: "#,##0.00",
    44: "#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<ampm>AM/PM|A/P)|(?P<exponent>E[+-])|(?P<date>[ymdhs]+)|(?P<digits>[0#?.,]+)"
    r"|(?P<percent>%)|(?P<text>@)|(?P<slash>/)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
CURRENCY: Final = re.compile(r"\$([^-]*)(?:-([0-9a-fA-F]+))?")
_ELAPSED: Final = re.compile(r"h+|m+|s+", re.IGNORECASE)

Token = tuple[str, str]  # name of a group of _TOKEN, and its letters


def sections(code: str) -> list[str]:
    """Return the sections of a format: for positive numbers, negative ones, zero, and texts."""
    found: list[str] = []
    current: list[str] = []
    for match in _TOKEN.finditer(code):
        if match.lastgroup == "other" and match[0] == ";":
            found.append("".join(current))
            current = []
        else:
            current.append(match[0])
    return [*found, "".join(current)]


def tokens_of(section: str) -> list[Token]:
    """Return the parts of a section."""
    return [(str(match.lastgroup), match[str(match.lastgroup)]) for match in _TOKEN.finditer(section)]


def is_time(token: Token) -> bool:
    """Return whether a part shows a day or a time."""
    kind, text = token
    return kind == "date" or (kind == "bracket" and _ELAPSED.fullmatch(text) is not None)


def locale(tokens: list[Token]) -> int:
    """Return the language of a format's locale (low byte of its MS-LCID); 0 if it names none."""
    for kind, text in tokens:
        match = CURRENCY.fullmatch(text) if kind == "bracket" else None
        if match and match[2]:
            return int(match[2], 16) & 0xFF
    return 0
