"""Finds every guard in the source, and takes out one of them."""

import ast
import importlib
import inspect
from dataclasses import dataclass
from pathlib import Path

from content import checks
from reviews.gate import gate

ROOT = Path(__file__).resolve().parents[3]
MODULES = (
    *(
        "content.integrity.article_integrity",
        "content.drafts.saving",
        "content.editions.submitting",
        "content.public.page_frame",
        "content.library.updates",
        "content.access_checks.recording",
    ),
    "content.drafts.restoring",
    *("content.checks.access_dates", "content.checks.figures", "content.checks.headings"),
    *(
        "content.checks.links",
        "content.checks.markers",
        "content.checks.markup",
        "content.checks.sources",
        "reviews.decisions.assigning",
        "reviews.decisions.signoff_kinds",
        "reviews.publishing",
        "reviews.decisions.minor_changes",
    ),
    *(
        "reviews.decisions.signing",
        "reviews.decisions.withdrawing",
        "reviews.gate.evidence",
        "reviews.gate.page_frame",
    ),
    *("reviews.gate.signatures", "reviews.gate.translations", "reviews.gate.page_facts"),
)


@dataclass(frozen=True)
class Guard:
    """The yield of a finding: the how manieth of its function, and the code it gives."""

    module: str
    function: str
    number: int
    code: str

    def __str__(self):
        return f"{self.module}.{self.function}, {self.number}: {self.code}"


def code_of(call):
    """The code that a call of Finding, finding_of, Unusable or no_right gives; as it is written, where it is computed."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return None
    if call.func.id == "no_right":
        return "no-right"
    if call.func.id not in {"Finding", "finding_of", "Unusable"}:
        return None
    code = call.args[0]
    return code.value if isinstance(code, ast.Constant) else ast.unparse(code)


def yields(function, given):
    """Each yield of a finding, with its code; `given` are functions of the module that return one."""
    nodes = [node for node in ast.walk(function) if isinstance(node, ast.Yield)]
    found = [(node, code_of(node.value) or given.get(name_of(node.value))) for node in nodes]
    return [(node, code) for node, code in found if code]


def name_of(call):
    return call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else None


def returned(module):
    """The codes that functions of the module return."""
    return {
        function.name: code_of(node.value)
        for function in functions(module)
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and code_of(node.value)
    }


def functions(module):
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


def codes_of(function):
    """Those that it gives itself."""
    module = function.__module__
    [tree] = [each for each in functions(module) if each.name == function.__name__]
    return {code for _, code in yields(tree, returned(module))}


def all_guards():
    return [guard for module in MODULES for guard in guards_of(module)]


def guards_of(module):
    given = returned(module)
    return [
        Guard(module, function.name, number, code)
        for function in functions(module)
        for number, (_, code) in enumerate(yields(function, given))
    ]


def take_out(guard, monkeypatch):
    """Puts a copy of the function without that one yield in its place."""
    module = importlib.import_module(guard.module)
    [function] = [each for each in functions(guard.module) if each.name == guard.function]
    gone, _ = yields(function, returned(guard.module))[guard.number]
    gone.value = None
    expression = next(
        node for node in ast.walk(function) if isinstance(node, ast.Expr) and node.value is gone
    )
    # Yields nothing, and keeps a function whose only yield this was a generator.
    expression.value = ast.parse("(yield from ())", mode="eval").body
    made = {}
    tree = ast.fix_missing_locations(ast.Module([function], []))
    exec(compile(tree, inspect.getfile(module), "exec"), module.__dict__, made)
    before, after = getattr(module, guard.function), made[guard.function]
    monkeypatch.setattr(module, guard.function, after)
    monkeypatch.setattr(gate, "QUESTIONS", swapped(gate.QUESTIONS, before, after))
    monkeypatch.setattr(checks, "ALL", swapped(checks.ALL, before, after))
    monkeypatch.setattr(checks, "OF_SOURCES", swapped(checks.OF_SOURCES, before, after))


def swapped(asked, before, after):
    return tuple(after if each is before else each for each in asked)


def codes_in(path):
    """Every code that a file gives its findings."""
    return [code for node in ast.walk(ast.parse(path.read_text())) if (code := code_of(node))]


def all_codes():
    """Where each code is given."""
    found = {}
    for room in ("content", "reviews"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for code in codes_in(path):
                found.setdefault(code, set()).add(str(path.relative_to(ROOT)))
    return found
