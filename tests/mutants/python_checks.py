"""Finds the checks of a Python module, and gives its source with one of them taken out.

Rule: a mutant differs from its module in one check alone, and nothing of it is written into the checkout.
"""

import ast
import copy
from collections.abc import Container, Iterator
from dataclasses import dataclass

# A statement that calls one of these does nothing but refuse.
_REFUSING = ("check_", "verify", "required", "expect", "end")


@dataclass(frozen=True)
class Mutant:
    """A module (path from the root), the place and text of the check, and what the module is without it."""

    path: str
    line: int
    check: str
    source: str

    @property
    def name(self) -> str:
        """Stays the same while lines move: module and text of the check."""
        return f"{self.path}: {self.check}"


def _name_of(call: ast.expr) -> str:
    if not isinstance(call, ast.Call):
        return ""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_refusal(statement: ast.stmt) -> bool:
    """Whether a statement raises, calls `fail`, or returns what says no."""
    if isinstance(statement, ast.Raise):
        return True
    if isinstance(statement, ast.Return):
        return isinstance(statement.value, ast.Constant) and statement.value.value in (None, False)
    return isinstance(statement, ast.Expr) and _name_of(statement.value) == "fail"


def _parts(test: ast.expr, *, negated: bool = False) -> Iterator[tuple[str, ast.expr]]:
    """Yield each part of a condition, as (its text, the condition without it)."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        for text, rest in _parts(test.operand, negated=not negated):
            yield (f"not {text}" if negated is False else text), ast.UnaryOp(ast.Not(), rest)
        return
    splits = ast.And if negated else ast.Or
    if isinstance(test, ast.BoolOp) and isinstance(test.op, splits):
        for at, value in enumerate(test.values):
            for text, rest in _parts(value, negated=negated):
                yield text, ast.BoolOp(test.op, [*test.values[:at], rest, *test.values[at + 1 :]])
        return
    if negated and isinstance(test, ast.Compare) and len(test.ops) > 1:
        terms = [test.left, *test.comparators]
        for at, op in enumerate(test.ops):
            kept = [ast.Compare(terms[i], [test.ops[i]], [terms[i + 1]]) for i in range(len(test.ops)) if i != at]
            text = ast.unparse(ast.Compare(terms[at], [op], [terms[at + 1]]))
            yield text, kept[0] if len(kept) == 1 else ast.BoolOp(ast.And(), kept)
        return
    yield ast.unparse(test), ast.Constant(negated)


def _without(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield (text of a check, what stands in the place of the node when it is taken out)."""
    if isinstance(node, ast.If) and not node.orelse and all(map(_is_refusal, node.body[-1:])):
        for text, rest in _parts(node.test):
            yield f"if {text}", ast.If(rest, node.body, [])
    elif isinstance(node, ast.Expr) and _name_of(node.value).startswith(_REFUSING):
        call = node.value
        rest: ast.AST = ast.Pass()
        if _name_of(call) == "expect":
            rest = ast.parse(f"{ast.unparse(call.func.value)}.take(len({ast.unparse(call.args[0])}))").body[0]  # type: ignore[attr-defined]
        yield ast.unparse(node), rest
    elif isinstance(node, ast.ExceptHandler) and all(map(_is_refusal, node.body)):
        yield (
            f"except {ast.unparse(node.type) if node.type else ''}",
            ast.ExceptHandler(node.type, node.name, [ast.Pass()]),
        )
    elif isinstance(node, ast.Return) and node.value and _name_of(node.value).startswith(("verify", "check_")):
        yield ast.unparse(node), ast.Return(ast.Constant(value=True))
    elif isinstance(node, ast.Call):
        yield from _weaker(node)


def _weaker(call: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    name, text = _name_of(call), ast.unparse(call)
    if name == "lp" and isinstance(call.func, ast.Attribute) and call.args:
        yield text, ast.Call(call.func, [], [])
    elif name == "text" and isinstance(call.func, ast.Name):
        yield text, ast.parse(f"({ast.unparse(call.args[0])}).decode('utf-8', 'replace')", mode="eval").body
    elif name in ("value_of_size", "uint_of") and isinstance(call.func, ast.Name):
        values, key = map(ast.unparse, call.args[:2])
        raw = f"{values}.get({key}, b'')"
        plain = raw if name == "value_of_size" else f"int.from_bytes({raw}, 'big')"
        yield text, ast.parse(plain, mode="eval").body
    elif name == "compare_digest":
        yield text, ast.Constant(value=True)


class _Replace(ast.NodeTransformer):
    """Puts another node in the place of the one with that number in the order of `ast.walk`."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else self.generic_visit(node)


def names_of(path: str, source: str) -> Iterator[str]:
    """Yield the name of each mutant, without making one."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for text, _ in _without(node):
            yield f"{path}: {_owner(tree, node)}: {text}"


def mutants_of(path: str, source: str, chosen: Container[str] | None = None) -> Iterator[Mutant]:
    """Yield a mutant for each check of a module, or for those of the chosen names."""
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        for text, _ in _without(node):
            check = f"{_owner(tree, node)}: {text}"
            if chosen is not None and f"{path}: {check}" not in chosen:
                continue
            fresh = copy.deepcopy(tree)
            old = next(one for at, one in enumerate(ast.walk(fresh)) if at == number)
            changed = ast.fix_missing_locations(_Replace(old, dict(_without(old))[text]).visit(fresh))
            yield Mutant(path, getattr(node, "lineno", 0), check, ast.unparse(changed))


def _owner(tree: ast.Module, node: ast.AST) -> str:
    """The functions and classes around a node."""
    line = getattr(node, "lineno", 0)
    around = [
        one
        for one in ast.walk(tree)
        if isinstance(one, ast.FunctionDef | ast.ClassDef) and one.lineno <= line <= (one.end_lineno or 0)
    ]
    return ".".join(one.name for one in sorted(around, key=lambda one: one.lineno))
