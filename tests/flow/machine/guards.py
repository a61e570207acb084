"""Finds every guard in the source of every room, and takes out one of them.

A guard is a statement that gives a finding: it yields or raises one, or puts it in a list of reasons.
"""

import ast
import importlib
import inspect
import operator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROOMS = sorted(path.parent.name for path in ROOT.glob("*/apps.py"))
# What a function of one of these names returns is no guard of its own: whoever calls it gives the finding.
GIVING = ("Finding", "Unusable", "finding_of", "no_right")
NOTHING = ast.parse("(yield from ())", mode="eval").body


@dataclass(frozen=True)
class Guard:
    """A statement that gives a finding: the how manieth of its function, and the code it gives."""

    module: str
    function: str
    number: int
    code: str

    def __str__(self):
        return f"{self.module}.{self.function}, {self.number}: {self.code}"


@cache
def modules():
    """The file of every module of every room, by the module's name."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return {dotted(path): path for path in paths if path.parent.name != "migrations"}


def dotted(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def parsed(module):
    return ast.parse(modules()[module].read_text())


def name_of(call):
    """Of the function that is called, without its module."""
    if not isinstance(call, ast.Call):
        return None
    return getattr(call.func, "id", getattr(call.func, "attr", None))


def code_of(call):
    """The code that a call of one of GIVING gives; as it is written, where it is computed."""
    name = name_of(call)
    if name not in GIVING:
        return None
    if name == "no_right":
        return "no-right"
    if not call.args:  # what a child process found, told again: a guard of the module that the child runs
        return None
    code = call.args[0]
    return code.value if isinstance(code, ast.Constant) else ast.unparse(code)


def code_within(node, given):
    """The first code that an expression gives; `given` are functions of the module that return a finding."""
    codes = (code_of(each) or given.get(name_of(each)) for each in ast.walk(node))
    return next(filter(None, codes), None)


def returned(tree):
    """The codes that functions of the module return."""
    return {
        function.name: code_of(node.value)
        for _, function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and code_of(node.value)
    }


def functions(tree, inside=""):
    """Those of the module and of its classes, by their qualified names."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield f"{inside}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{inside}{node.name}.")


def giving(function, given):
    """Each node that can be taken out, with the code of the finding that it gives."""
    found = [(node, given_by(node, given)) for node in ast.walk(function)]
    # A list in a raise goes with it.
    inside = {each for node, code in found if code and isinstance(node, ast.Raise) for each in ast.walk(node)}
    return [
        (node, code) for node, code in found if code and (isinstance(node, ast.Raise) or node not in inside)
    ]


def given_by(node, given):
    if isinstance(node, ast.Yield) and node.value:
        return code_within(node.value, given)
    if isinstance(node, ast.Raise) and node.exc:
        return code_within(node.exc, given)
    if isinstance(node, ast.List):
        return next(filter(None, (code_within(each, given) for each in node.elts)), None)
    return None


def guards_of(module):
    if not any(name in modules()[module].read_text() for name in GIVING):
        return []
    tree = parsed(module)
    given = returned(tree)
    return [
        Guard(module, name, number, code)
        for name, function in functions(tree)
        for number, (_, code) in enumerate(giving(function, given))
    ]


def all_guards():
    return [guard for module in modules() for guard in guards_of(module)]


def given_by_no_guard():
    """The place of each finding that no statement gives of those that can be taken out."""
    found = []
    for module in modules():
        tree = parsed(module)
        given = returned(tree)
        taken = [node for _, function in functions(tree) for node, _ in giving(function, given)]
        seen = {each for node in taken for each in ast.walk(node)}
        used = {name_of(each) for each in seen}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name in used.union(GIVING):
                seen.update(ast.walk(node))
        found += [f"{module}:{node.lineno}" for node in ast.walk(tree) if code_of(node) and node not in seen]
    return found


def codes_of(function):
    """Those that it gives itself."""
    tree = parsed(function.__module__)
    own = dict(functions(tree))[function.__name__]
    return {code for _, code in giving(own, returned(tree))}


def take_out(guard, monkeypatch):
    """Gives the function itself the code it would have without that one statement, wherever it is known."""
    tree = parsed(guard.module)
    function = dict(functions(tree))[guard.function]
    gone, _ = giving(function, returned(tree))[guard.number]
    without = ast.fix_missing_locations(Without(gone).visit(tree))
    compiled = code_named(guard.function, compile(without, modules()[guard.module], "exec"))
    there = operator.attrgetter(guard.function)(importlib.import_module(guard.module))
    monkeypatch.setattr(inspect.unwrap(there), "__code__", compiled)


class Without(ast.NodeTransformer):
    def __init__(self, gone):
        self.gone = gone

    def visit(self, node):
        if node is not self.gone:
            return self.generic_visit(node)
        if isinstance(node, ast.Yield):
            return NOTHING  # keeps a function whose only yield this was a generator
        return ast.Pass() if isinstance(node, ast.Raise) else ast.List([], ast.Load())


def code_named(name, code):
    if code.co_qualname == name:
        return code
    inner = (code_named(name, each) for each in code.co_consts if inspect.iscode(each))
    return next(filter(None, inner), None)


def codes_in(path):
    """Every code that a file gives its findings."""
    return [code for node in ast.walk(ast.parse(path.read_text())) if (code := code_of(node))]


def all_codes():
    """Where each code is given."""
    found = {}
    for path in modules().values():
        for code in codes_in(path):
            found.setdefault(code, set()).add(str(path.relative_to(ROOT)))
    return found
