"""The SQL of a table stands in one module, and is made of constants."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dropbox.triage.vault import migrations, schema

ROOT = Path(__file__).parents[1]
TRIAGE = ROOT / "dropbox/triage"
SCHEMA = (TRIAGE / "vault/schema.py", TRIAGE / "vault/migrations.py")
TABLES = frozenset(
    re.findall(r"create (?:virtual )?table (\w+)", schema._TABLES + "".join(migrations.CHANGES.values()))
)


def literals(tree: ast.AST) -> Iterator[str]:
    """The strings of a module, docstrings left out."""
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    docstrings = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def named_in(source: str) -> set[str]:
    """The tables that the SQL of a module names."""
    sql = "\n".join(literals(ast.parse(source)))
    return set(re.findall(r"(?i)\b(?:from|join|into|update|table|exists) +(\w+)", sql)) & TABLES


@functools.cache
def names_of_modules() -> list[set[str]]:
    """The tables that each module of the workstation names, besides the schema's."""
    return [named_in(path.read_text("utf-8")) for path in sorted(TRIAGE.rglob("*.py")) if path not in SCHEMA]


@pytest.mark.parametrize("table", sorted(TABLES))
def test_one_module_names_a_table(table: str) -> None:
    """No two modules of the workstation, besides the schema's, have SQL that names the table."""
    assert len([names for names in names_of_modules() if table in names]) == 1


@pytest.mark.parametrize("planted", ["db.execute('update cases set due = 0')", "F = f'select {x} from cases where 1'"])
def test_a_statement_elsewhere_would_be_found(planted: str) -> None:
    """A statement about cases is seen in plain and in formatted strings, and not in a docstring."""
    assert named_in(f'"""What is read from seen."""\n{planted}') == {"cases"}
