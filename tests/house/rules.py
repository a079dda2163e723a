"""The rules of the house as functions from code to faults, so that each can be shown to bite."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from jinja2 import Environment, nodes
from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    Interval,
    MetaData,
    Numeric,
    Table,
    Time,
    TypeDecorator,
)

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_MODULE = 400
OUTSIDE = frozenset(
    {".git", ".venv", "node_modules", "static", "instance", "__pycache__", "build", "dist"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"}
)
TEXTS = frozenset(
    {".py", ".md", ".html", ".css", ".js", ".mjs", ".toml", ".json", ".lock", ".csv", ".svg", ".po"}
)
MEASURES = re.compile(
    r"(^|_)(last_seen|seen|visited|visits?|views?|opened|clicks?|logins?|last_login|seconds|duration"
    r"|time_spent|points?|score|rank|streak|percent|rating|grade|speed|active_days)(_|$)"
)
BESIDE_PEOPLE = {  # times and numbers beside a person: what each is for, and how long it stays
    "address_state.failures": "letters in a row that did not arrive, to say so; until one arrives",
    "delivery.lease_until": "which worker is sending; until the letter has left",
    "delivery.run_at": "when a letter may leave; 90 days",
    "digest_mark.event_id": "which event the digest told last; with the account",
    "forum_draft.sequence": "which of two saves is newer; until published, at most a year",
    "forum_picture.height": "the size of the picture; as long as its post",
    "forum_picture.width": "the size of the picture; as long as its post",
    "moderation.at": "when moderators, never authors, did something; without their name after their account",
    "notice.event_id": "which event a line tells of; a year",
    "notice.question_id": "which question a line tells of; a year",
    "question_reader.last_read": "which post was read last, without any time; with the account",
    "ticket.until": "when a link that was sent ends; until then",
    "certificate.position": "its place in the list of withdrawn ones, drawn at random; as long as it holds",
    "reminder.weekday": "on which day its person wants to be reminded; until she ends it",
    "course_step.release": "which release a step made or chose; as long as the course",
    "course_step.taken_at": "when a course was handed in or published; without a name after the account",
    "review_comment.line": "which line a remark is about; as long as the remark",
    "review_comment.written_at": "orders remarks on a course; a year after they are settled",
    "supplement.renderer": "which renderer made the page of a supplement; as long as the supplement",
    "work_autosave.base_revision": "which state a text was typed over; until saved, 30 days",
    "work_autosave.saved_at": "which of two unsaved texts is newer; until saved, 30 days",
    "work_autosave.sequence": "which of two saves is newer; until saved, 30 days",
    "work_course.approved": "which state of a course was approved; as long as the copy",
    "work_course.base": "which release a copy began from; as long as the copy",
    "work_course.changed_at": "tells a copy's own release from others; without a name after the account",
    "work_course.checked": "which state of a course the worker has checked; as long as the copy",
    "work_course.planned": "which state of a course is to be published; as long as the copy",
    "work_course.publish_at": "when a course is to be published; until then",
    "work_picture.added_at": "orders pictures of a course; without a name after the account",
    "work_picture.height": "the size of the picture; as long as the picture",
    "work_picture.size": "the bytes of the picture; as long as the picture",
    "work_picture.width": "the size of the picture; as long as the picture",
    "work_revision.saved_at": "orders states of a shared text; a year, without a name after the account",
    "work_text.saved_at": "when a shared draft was saved; until published",
}
COUNTS = frozenset({"edition", "pass", "revision"})  # integers that say which, not how much
DESK_PEOPLE = "/verwaltung/personen/"
TIMES = (DateTime, Time, Interval, Float, Numeric)


def files(*suffixes: str, root: Path = ROOT) -> Iterator[Path]:
    """Files of the repository with these suffixes; all for none."""
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root).parts
        if path.is_file() and not OUTSIDE & set(inside) and (not suffixes or path.suffix in suffixes):
            yield path


def trees(root: Path = ROOT, *folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Parsed Python files below these folders by their path."""
    for path in files(".py", root=root):
        name = path.relative_to(root).as_posix()
        if not folders or name.startswith(folders):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


# Code


def without_docstring(modules: Iterable[tuple[str, ast.Module]]) -> list[str]:
    return [name for name, tree in modules if tree.body and not ast.get_docstring(tree)]


def too_long(paths: Iterable[Path]) -> list[str]:
    return [path.name for path in paths if len(path.read_bytes().splitlines()) > LONGEST_MODULE]


def imports_inside_functions(modules: Iterable[tuple[str, ast.Module]]) -> list[str]:
    return [
        f"{name}:{inner.lineno}"
        for name, tree in modules
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def attribute_uses(modules: Iterable[tuple[str, ast.Module]], *dotted: str) -> list[str]:
    """Where `os.environ` and the like are written; the last two names of a chain count."""
    found = []
    for name, tree in modules:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                owner = node.value
                before = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                if f"{before}.{node.attr}" in dotted or f".{node.attr}" in dotted:
                    found.append(f"{name}:{node.lineno}")
    return found


def imports_of(modules: Iterable[tuple[str, ast.Module]], *packages: str) -> list[str]:
    """Modules that import one of these packages."""
    found = []
    for name, tree in modules:
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            if any(given.split(".")[0] in packages for given in names):
                found.append(name)
    return found


def modules_imported(modules: Iterable[tuple[str, ast.Module]], *wanted: str) -> list[str]:
    """Places that import one of these modules, by whatever form of import."""
    return [
        f"{name}:{node.lineno}"
        for name, tree in modules
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and not imported_names(node).isdisjoint(wanted)
    ]


def importers_of(modules: Iterable[tuple[str, ast.Module]], package: str) -> list[str]:
    """Places that import a package or anything in it."""
    return [
        f"{name}:{node.lineno}"
        for name, tree in modules
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(f"{found}.".startswith(f"{package}.") for found in imported_names(node))
    ]


def imported_names(node: ast.Import | ast.ImportFrom) -> set[str]:
    """Full names of what one import statement may reach."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    return {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}


def words(paths: Iterable[Path], pattern: str) -> list[str]:
    """Files and lines that hold a forbidden word."""
    wanted = re.compile(pattern)
    return [
        f"{path.name}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if wanted.search(line)
    ]


# Tables


def undeclared(models: Iterable[type]) -> list[str]:
    """Tables that do not say purpose, legal basis, retention, export and erasure."""
    return [
        model.__name__
        for model in models
        if not all(
            getattr(getattr(model, "declared", None), part, "").strip()
            for part in ("purpose", "basis", "retention", "export", "erasure")
        )
    ]


def about_people(metadata: MetaData) -> list[Table]:
    """The table of people and all that refer to it, directly or not."""
    found = {"person"}
    while True:
        more = {
            table.name
            for table in metadata.tables.values()
            if any(key.column.table.name in found for key in table.foreign_keys)
        } | found
        if more == found:
            return [metadata.tables[name] for name in sorted(found & metadata.tables.keys())]
        found = more


def measuring_columns(metadata: MetaData) -> list[str]:
    """Columns that could tell how long, how often, how fast or how well: no times of day, no amounts."""
    return [
        f"{table.name}.{column.name}"
        for table in about_people(metadata)
        for column in table.columns
        if MEASURES.search(column.name)
        or (_is_amount(column) and f"{table.name}.{column.name}" not in BESIDE_PEOPLE)
    ]


def _is_amount(column: Column[Any]) -> bool:
    """A time of day or a number that names no row; days are what retention needs."""
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, TIMES):
        return not isinstance(kind, Date)
    named = column.primary_key or column.foreign_keys or column.name in COUNTS
    return isinstance(kind, Integer) and not named


# Routes


def ruleless(endpoints: Iterable[str], rules: Mapping[str, object]) -> list[str]:
    return [endpoint for endpoint in endpoints if endpoint not in rules]


def naming_people(addresses: Iterable[str]) -> list[str]:
    """Addresses that take a person, or show figures about people.

    Accounts have their pages at the desk alone, whose code cannot reach anybody's learning.
    """
    person = re.compile(r"<[^>]*(person|user|konto|member)[^>]*>")
    figures = re.compile(r"/(rangliste|punkte|aktivitaet|statistik)")
    return [
        address
        for address in addresses
        if figures.search(address) or (person.search(address) and not address.startswith(DESK_PEOPLE))
    ]


def plain_rule(rule: str) -> str:
    """`/kurse/<slug:kurs>` as people write it."""
    return re.sub(r"<[a-z]+(?:\([^)]*\))?:", "<", rule)


# README


def section(readme: str, title: str) -> str:
    """The text of one `### title` section."""
    found = re.search(rf"^### {title}\n(.*?)(?=^##|\Z)", readme, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def documented_settings(readme: str) -> set[str]:
    return set(re.findall(r"^\| `(LEARN_[A-Z_]+)`", section(readme, "Settings"), re.MULTILINE))


def read_settings(config_source: str) -> set[str]:
    return set(re.findall(r"\"(LEARN_[A-Z_]+)\"", config_source))


def documented_commands(readme: str) -> dict[tuple[str, ...], str]:
    """Commands of the table by their words, with the code span that names them."""
    found = {}
    for span in re.findall(r"`(learn [^`]+)`", section(readme, "Commands")):
        named = [word for word in re.split(r"\s+", span)[1:] if re.fullmatch(r"[a-z]+(-[a-z]+)*", word)]
        found[tuple(named)] = span
    return found


def leaves(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """All commands of the program by their words."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        assert child is not None, name
        yield from leaves(child, (*path, name))


def undocumented_commands(command: click.Command, readme: str) -> list[str]:
    """Commands and options that the table lacks, and those it names although there are none."""
    known = documented_commands(readme)
    actual = dict(leaves(command))
    faults = [" ".join(path) for path in actual.keys() ^ known.keys()]
    for path, leaf in actual.items():
        written = set(re.findall(r"--[a-z-]+", known.get(path, "")))
        named = [each for each in leaf.params if isinstance(each, click.Option)]
        options = {name for each in named for name in (*each.opts, *each.secondary_opts)}
        faults += [f"{' '.join(path)} {option}" for option in written ^ options]
    return sorted(faults)


def documented_addresses(readme: str) -> set[tuple[str, str]]:
    """Method and address of the table."""
    found = set()
    for row in re.findall(r"^\| (`.*?) \|", section(readme, "Addresses"), re.MULTILINE):
        for post, address, both in re.findall(r"`(POST )?(/[^`]*)`( \(GET, POST\))?", row):
            found.add(("POST" if post else "GET", address))
            if both:
                found.add(("POST", address))
    return found


# Templates


def unused_imports(environment: Environment, source: str) -> list[str]:
    """Macros that a template imports and never calls."""
    tree = environment.parse(source)
    imported = {
        name if isinstance(name, str) else name[1]
        for node in tree.find_all(nodes.FromImport)
        for name in node.names
    }
    used = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    return sorted(imported - used)
