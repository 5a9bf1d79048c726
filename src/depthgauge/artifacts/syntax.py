"""What of a module's source can change a number: all but words, types and what only tells."""

import ast
from collections.abc import Iterator

# They only tell: a statement that calls one decides nothing, nor do the arguments of an error.
# What such a call is given must have no effect of its own.
TELLING = ("print", "say")
ERROR = "InputError"
# Explains a setting to a person.
EXPLAINING = "description"
# What sentences call an entry, a loss say: attributes of its class, arguments where it is made.
WORDS = (
    "before",
    "before_several",
    "label",
    "noun",
    "one",
    "plural",
    "preposition",
    "several",
    "words",
)
ENTRY = "ENTRY"


def deciding_text(tree: ast.Module, ignored: tuple[str, ...], words: bool) -> str:
    """The module without comments, docstrings, annotations, messages and unused imports.

    tree: is changed. ignored: dotted names of modules whose imports do not count. words: whether
    what sentences call an entry counts.
    """
    tree = _Deciding(ignored, () if words else WORDS).visit(tree)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return ast.unparse(_UsedImports(used).visit(tree))


def imported_names(tree: ast.Module) -> set[str]:
    """Dotted names of what is imported at the top or within functions, and of what is named.

    `from a import b` gives a and a.b, since b may be a module. Every text is among them: it may
    name the package in which entries are looked up.
    """
    names: set[str] = set()
    for node in _walk_running(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)
    return names


def _walk_running(node: ast.AST) -> Iterator[ast.AST]:
    """As `ast.walk`, without what is for the checker of types alone."""
    for child in ast.iter_child_nodes(node):
        if not _is_for_types(child):
            yield child
            yield from _walk_running(child)


class _Whole(ast.NodeTransformer):
    """Keeps a body that has lost all its statements a body."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if getattr(node, "body", None) == [] and not isinstance(node, ast.Module):
            node.body = [ast.Pass()]  # type: ignore[attr-defined]
        return node


class _Deciding(_Whole):
    def __init__(self, ignored: tuple[str, ...], words: tuple[str, ...]) -> None:
        self._ignored, self._words = ignored, words

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = [each for each in node.body if _assigned(each) not in self._words]
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        if _assigned(node) == ENTRY and isinstance(node.value, ast.Call):
            made = node.value
            made.keywords = [each for each in made.keywords if each.arg not in self._words]
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        # The name stays: it may be a field, whose place counts.
        bare = ast.Assign([node.target], node.value) if node.value else ast.Expr(node.target)
        return ast.copy_location(bare, node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        value = node.value
        if isinstance(value, ast.Constant):
            return None
        if isinstance(value, ast.Call) and _called(value) in TELLING:
            return None
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        return None if _is_for_types(node) else self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            node.exc.args, node.exc.keywords = [], []
        return self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        node.msg = None
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if _called(node) == ERROR:
            node.args, node.keywords = [], []
        node.keywords = [each for each in node.keywords if each.arg != EXPLAINING]
        return self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        known = f"{node.module}."
        return None if any(known.startswith(f"{name}.") for name in self._ignored) else node


class _UsedImports(_Whole):
    """Drops imports that only annotations and messages needed."""

    def __init__(self, used: set[str]) -> None:
        self._used = used

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> ast.AST | None:
        names = [a for a in node.names if (a.asname or a.name.partition(".")[0]) in self._used]
        node.names = sorted(names, key=lambda alias: alias.name)
        return node if names else None

    visit_ImportFrom = visit_Import  # noqa: N815


def _is_for_types(node: ast.AST) -> bool:
    test = node.test if isinstance(node, ast.If) else None
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _assigned(statement: ast.stmt) -> str:
    """The name that a statement gives a value; "" where it gives none, or several."""
    target = getattr(statement, "target", None) or getattr(statement, "targets", [None])[0]
    return target.id if isinstance(target, ast.Name) else ""


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
