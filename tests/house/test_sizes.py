"""A file fits into a reader's head: 400 lines; a function on a screen: 40 lines without its docstring."""

import ast

from tests.support.house import product

FILE_LINES = 400
FUNCTION_LINES = 40

type_of_function = (ast.FunctionDef, ast.AsyncFunctionDef)


def measure(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from ``def`` to the end, less the docstring: explaining must cost nothing."""
    size = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node, clean=False) is not None:
        size -= (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
    return size


def test_files_are_short() -> None:
    long = {
        source.name: lines for source in product() if (lines := len(source.text.splitlines())) > FILE_LINES
    }
    assert not long


def test_functions_are_short() -> None:
    long = {
        f"{source.name}:{node.lineno} {node.name}": size
        for source in product()
        for node in ast.walk(source.tree)
        if isinstance(node, type_of_function) and (size := measure(node)) > FUNCTION_LINES
    }
    assert not long


def test_a_docstring_costs_nothing() -> None:
    tree = ast.parse('def f():\n    """One.\n\n    Two.\n    """\n    return 1\n')
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert measure(function) == 2
