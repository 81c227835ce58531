"""Which modules a source imports: read by the tests of the second count and of what `make` installs."""

import ast


def imported(source: str) -> set[str]:
    """Names of the modules a source imports, wherever in it; those of its own folder begin with a dot."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names
