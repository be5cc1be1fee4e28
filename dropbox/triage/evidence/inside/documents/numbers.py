"""Writes numbers as their number format shows them (ECMA-376 part 1, 18.8.30 and 18.8.31).

    76397250, "#,##0"      76,397,250            0.125, "0.0%"     12.5%
    -1250, "#,##0;(#,##0)" (1,250)               45720, "d/m/yy"   4/3/25

Rule: a format that is not understood gives None, never a guess; the caller always has the exact value too.
"""

import math
import operator
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from dropbox.triage.evidence.inside.documents import days
from dropbox.triage.evidence.inside.documents.formats import CURRENCY, Token, is_time, sections, tokens_of

_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_COMPARE: Final = {
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
}
_SIGNIFICANT: Final = 15  # digits of a number in a spreadsheet program


def exact(value: float) -> str:
    """Return a number without exponent and rounding, as far as a spreadsheet program keeps it (15 digits)."""
    if not math.isfinite(value):
        return str(value)
    return _trim(format(Decimal(format(value, f".{_SIGNIFICANT}g")), "f"))


def shown(value: float, code: str, *, is_1904: bool = False) -> str | None:
    """Return what a spreadsheet program shows for a number in a format; None where that is not known.

    Args:
        value: the cell's.
        code: of the format, up to four sections.
        is_1904: whether days are counted from 1904.
    """
    if not math.isfinite(value):
        return None
    section, is_signed = _chosen(value, sections(code))
    tokens = tokens_of(section)
    if any(map(is_time, tokens)):
        return days.shown(value, tokens, is_1904=is_1904)
    try:
        return _number(Decimal(format(value, f".{_SIGNIFICANT}g")), tokens, is_signed=is_signed)
    except (InvalidOperation, ValueError):
        return None


def _trim(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _chosen(value: float, sections: list[str]) -> tuple[str, bool]:
    """Return (section for the number, whether a minus sign is to be written)."""
    numeric = [one for one in sections[:3] if "@" not in one] or ["General"]
    conditions = [_condition(one) for one in numeric]
    if any(conditions):
        for section, condition in zip(numeric, conditions, strict=True):
            if condition is None or condition(value):
                return section, True
        return numeric[-1], True
    if value < 0 and len(numeric) > 1:
        return numeric[1], False
    if value == 0 and len(numeric) > 2:
        return numeric[2], False
    return numeric[0], True


def _condition(section: str) -> Callable[[float], bool] | None:
    for kind, text in tokens_of(section):
        match = _CONDITION.fullmatch(text) if kind == "bracket" else None
        if match:
            compare, bound = _COMPARE[match[1]], float(match[2])
            return lambda value: bool(compare(value, bound))
    return None


def _number(value: Decimal, tokens: list[Token], *, is_signed: bool) -> str | None:
    kinds = [kind for kind, _ in tokens]
    end = kinds.index("exponent") if "exponent" in kinds else len(tokens)
    pattern = "".join(text for kind, text in tokens[:end] if kind == "digits")
    if "slash" in kinds and pattern:
        return None  # fractions: the exact value is clearer
    value = value.scaleb(2 * kinds.count("percent"))
    sign, value = ("-" if value < 0 and is_signed else ""), abs(value)
    whole, fraction = _split(pattern)
    value = value.scaleb(-3 * (len(whole) - len(whole.rstrip(","))))  # a comma at the end divides by a thousand
    exponent = ""
    if "exponent" in kinds:
        value, exponent = _scientific(value, whole, fraction, tokens[end:])
    digits = _digits(value, whole, fraction, grouped="," in whole.rstrip(","))
    if sign and not digits.strip("0.,") and not exponent:
        sign = ""  # a rounded zero has no sign
    return sign + _put(tokens, digits, exponent, value)


def _split(pattern: str) -> tuple[str, str]:
    whole, _, fraction = pattern.partition(".")
    return whole + "," * (len(fraction) - len(fraction.rstrip(","))), fraction.replace(",", "")


def _scientific(value: Decimal, whole: str, fraction: str, after: list[Token]) -> tuple[Decimal, str]:
    """Return (mantissa, exponent as written); `after`: the tokens from the exponent on."""
    step = max(1, len(whole))
    power = 0 if not value else value.adjusted() // step * step
    mantissa = value.scaleb(-power)
    if round(mantissa, len(fraction)) >= Decimal(10) ** step:  # rounding carries into one digit more
        power, mantissa = power + step, mantissa.scaleb(-step)
    sign = "-" if power < 0 else "+" if after[0][1][1] == "+" else ""
    least = next((len(text) for kind, text in after if kind == "digits"), 1)
    return mantissa, f"E{sign}{str(abs(power)).rjust(least, '0')}"


def _digits(value: Decimal, whole: str, fraction: str, *, grouped: bool) -> str:
    unit = Decimal(1).scaleb(-len(fraction))
    before, _, after = format(value.quantize(unit, rounding=ROUND_HALF_UP), "f").partition(".")
    least = whole.count("0")
    before = before.lstrip("0").rjust(least, "0")
    if grouped and before:
        before = f"{int(before):,}".rjust(least, "0")
    kept = max((place + 1 for place, sign in enumerate(fraction) if sign == "0"), default=0)
    while len(after) > kept and after.endswith("0"):
        after = after[:-1]
    return f"{before}.{after}" if after else before


def _put(tokens: list[Token], digits: str, exponent: str, value: Decimal) -> str:
    """Return the section's literals with the digits at the place of the first digit sign."""
    out, is_put = [], False
    for kind, text in tokens:
        if kind == "digits" and not is_put:
            out.append(digits)
            is_put = True
        elif kind == "exponent":
            out.append(exponent)
        elif kind == "digits":
            continue
        elif kind == "general":
            out.append(_trim(format(value, "f")))
        elif kind == "percent":
            out.append("%")
        elif kind == "bracket" and (match := CURRENCY.fullmatch(text)):
            out.append(match[1])
        elif kind in ("quoted", "escaped", "other", "slash"):
            out.append(text)
        elif kind == "space":
            out.append(" ")
    return "".join(out).strip()
