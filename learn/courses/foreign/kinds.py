"""What a foreign folder is: one course or several, which kind, and what its settings say of it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from learn.core.access import Refused
from learn.courses.foreign import decoding
from learn.courses.foreign.model import Kind
from learn.courses.foreign.reading import Below, Folder, Source, is_markdown

CARPENTRIES = ("episodes/", "_episodes/", "_episodes_rmd/")
CONTENT = ("content/", "exampleSite/content/", "docs/content/", "site/content/", "src/content/")
SITES = frozenset(
    {"hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml", "_config.yml"}
)
CONFIGS = (
    "config.yaml", "_config.yml", "hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yml",
    "config/_default/hugo.toml", "config/_default/config.toml", "config/_default/hugo.yaml",
    "config/_default/config.yaml", "exampleSite/config.toml", "exampleSite/hugo.toml",
)  # fmt: skip
SMALL = 256 * 1024
LIA = re.compile(r"\s*<!--(.*?)-->", re.DOTALL)
LIA_KEY = re.compile(
    r"^[ \t]*(?:author|email|version|language|narrator|comment|import|script|link|logo|icon|mode|dark"
    r"|translation|@[\w.]+)[ \t]*:",
    re.MULTILINE,
)
LIA_SURE = re.compile(
    r"^[ \t]*(?:narrator|import|script|link|logo|icon|translation|@[\w.]+)[ \t]*:", re.MULTILINE
)
HOST = re.compile(
    r"(?:https?://|git@)(github\.com|gitlab\.com|codeberg\.org)[/:]([\w.-]+)/([\w.-]+?)(?=\.git\b|[/#?)\s\"'>\]]|$)"
)
REPOSITORY_KEYS = ("source", "repository", "repo", "repo_url", "github_repo", "editURL")


@dataclass(frozen=True, slots=True)
class Course:
    """A foreign course. `base` is what paths of its lessons begin with, `repository` its address or empty."""

    source: Source
    kind: Kind
    base: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    repository: str = ""

    @property
    def markdown(self) -> list[str]:
        """All its Markdown files."""
        return [path for path in self.source.sizes if is_markdown(path)]


def courses(source: Source) -> list[Course]:
    """The courses of a folder: itself, or its folders where each of them is one by itself."""
    inner = [] if _marked(source.sizes, "") else _marked_folders(source.sizes)
    sources = [Below(source, name) for name in inner] if inner else [source]
    return [_course(found) for found in sources]


def _marked_folders(paths: Iterable[str]) -> list[str]:
    tops: dict[str, list[str]] = {}
    for path in paths:
        top, slash, _ = path.partition("/")
        if slash and not top.startswith("."):
            tops.setdefault(top, []).append(path)
    return [
        top
        for top, inner in sorted(tops.items())
        if _marked(inner, f"{top}/") and any(map(is_markdown, inner))
    ]


def _marked(paths: Iterable[str], below: str) -> bool:
    """Whether a folder is a course by itself: it has a licence or the settings of a site."""
    for path in paths:
        name = path.removeprefix(below)
        licence = "/" not in name and name.upper().startswith(("LICENSE", "LICENCE", "COPYING"))
        if licence or name in SITES or name.startswith(CARPENTRIES):
            return True
    return False


def _course(source: Source) -> Course:
    config = _config(source)
    kind, base = _kind(source)
    return Course(source, kind, base, config, repository(source, config))


def _kind(source: Source) -> tuple[Kind, str]:
    paths = [path for path in source.sizes if is_markdown(path)]
    if any(path.startswith(CARPENTRIES) for path in paths):
        return "carpentries", ""
    base = next((base for base in CONTENT if any(path.startswith(base) for path in paths)), "")
    if (base and _is_hugo(source)) or any(_stem(path) == "_index" for path in paths):
        return "hugo", base
    if any(
        is_liascript(text(source, path))
        for path in paths
        if _stem(path).upper() == "README" and "/" not in path
    ):
        return "liascript", ""
    readmes = sum(_stem(path).upper() == "README" and "/" in path for path in paths)
    return ("readme", "") if readmes > 1 else ("markdown", "")


def _is_hugo(source: Source) -> bool:
    if any(
        path.startswith(("archetypes/", "layouts/", "themes/", "config/_default/")) for path in source.sizes
    ):
        return True
    return any(path.rpartition("/")[2] in SITES - {"_config.yml"} for path in source.sizes)


def _stem(path: str) -> str:
    return PurePosixPath(path).name.partition(".")[0]


def text(source: Source, path: str) -> str:
    """The text of a small file; empty where it cannot be read."""
    if source.sizes.get(path, SMALL + 1) > SMALL:
        return ""
    try:
        found = decoding.decode(source.read(path))
    except (OSError, Refused):
        return ""
    return found.text if found else ""


def is_liascript(words: str) -> bool:
    """Whether a text begins with the settings of a LiaScript course."""
    head = LIA.match(words)
    return bool(head and LIA_SURE.search(head[1])) or bool(head and len(LIA_KEY.findall(head[1])) > 1)


def _config(source: Source) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in CONFIGS:
        words = text(source, path)
        read = decoding.toml(words) if path.endswith(".toml") else decoding.settings(words)
        found = {**read, **found}
    return found


def repository(source: Source, config: Mapping[str, Any]) -> str:
    """Where the files are at home, if settings, Git or the README that bears the same name say so."""
    if isinstance(source, Folder) and (known := _addresses(source.origin())):
        return known[0]
    for key in REPOSITORY_KEYS:
        if known := _addresses(str(config.get(key) or "")):
            return known[0]
    package = re.search(
        r'"repository"\s*:\s*(?:\{[^}]*?"url"\s*:\s*)?"([^"]*)"', text(source, "package.json")
    )
    if package and (known := _addresses(package[1])):
        return known[0]
    return _named_alike(source)


def _named_alike(source: Source) -> str:
    name = re.sub(r"-(?:main|master|gh-pages|[0-9a-f]{40})$", "", source.name).casefold()
    readmes = [
        path
        for path in source.sizes
        if "/" not in path and path.upper().startswith(("README", "CONTRIBUTING"))
    ]
    named = Counter(
        address
        for path in readmes
        for address in _addresses(text(source, path))
        if address.rpartition("/")[2].casefold() == name
    )
    return named.most_common(1)[0][0] if named else ""


def _addresses(words: str) -> list[str]:
    return [f"https://{host}/{owner}/{name}" for host, owner, name in _found(words)]


def _found(words: str) -> Iterator[tuple[str, str, str]]:
    for match in HOST.finditer(words):
        yield match[1], match[2], match[3].removesuffix(".git")
