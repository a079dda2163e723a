"""Builds `learn/static/`: styles, fonts, icons, scripts and drawings under hashed names, with a manifest.

Runs as `python -m learn.assets.build` and, loaded by path, from the hook of hatchling; it therefore
imports nothing of the application but its sibling. What it makes depends only on `inputs()` and `words()`;
their stamp is kept beside the result, so that a fresh build is skipped.
"""

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from babel.messages import mofile, pofile
from whitenoise.compress import Compressor

from .npm import NODE_PACKAGE, BuildError, install, needs_node, run, tools

ASSETS = Path(__file__).resolve().parent
LEARN = ASSETS.parent
STATIC = LEARN / "static"

FONTS = {
    "fira-sans-400.woff2": "@fontsource/fira-sans/files/fira-sans-latin-400-normal.woff2",
    "fira-sans-600.woff2": "@fontsource/fira-sans/files/fira-sans-latin-600-normal.woff2",
    "fira-sans-400-italic.woff2": "@fontsource/fira-sans/files/fira-sans-latin-400-italic.woff2",
    "fira-mono-400.woff2": "@fontsource/fira-mono/files/fira-mono-latin-400-normal.woff2",
}
LICENCES = {
    "kern.txt": "@kern-ux/native/LICENSE.md",
    "fira-sans.txt": "@fontsource/fira-sans/LICENSE",
    "fira-mono.txt": "@fontsource/fira-mono/LICENSE",
    "material-symbols.txt": "@material-symbols/svg-400/LICENSE",
    "htmx.txt": "htmx.org/LICENSE",
}
# Pages of the Werkstatt load one sheet, too: without what they never show, with their own on top.
ELSEWHERE = ("30-", "53-", "62-", "65-", "66-", "70-", "86-", "87-")
# Elements whose rules KERN may keep; classes are taken from the templates.
ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        """html root body main header footer nav section article aside div span h1 h2 h3 h4 p a b strong
        em small ul ol li dl dt dd hr blockquote code pre figure figcaption svg img progress details summary
        form fieldset legend label input select option textarea button table thead tbody tr th td""",
    )
)


def build(static: Path = STATIC, modules: Path | None = None) -> bool:
    """Build into `static` unless it is fresh, and say whether anything was done.

    `modules` is a folder with a finished `node_modules`, reused instead of calling npm. Raises BuildError.
    """
    static.mkdir(exist_ok=True)
    with _locked(static):
        compile_catalogues(LEARN / "translations")
        if is_fresh(static):
            return False
        with tempfile.TemporaryDirectory(prefix="learn-assets-") as folder:
            work = modules or install(ASSETS, Path(folder))
            files = collect(work / "node_modules", work)
        write(files, static)
        return True


def requirements(static: Path = STATIC) -> list[str]:
    """Python packages the build asks for: none while it is fresh or npm is at hand."""
    return [NODE_PACKAGE] if not is_fresh(static) and needs_node() else []


def is_fresh(static: Path = STATIC) -> bool:
    """Whether `static` holds what the present sources give."""
    try:
        manifest: Mapping[str, str] = json.loads((static / "manifest.json").read_text(encoding="utf-8"))
        known = (static / "stamp").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return known == stamp() and all((static / name).exists() for name in manifest.values())


def stamp() -> str:
    """SHA-256 over everything that decides what is built."""
    digest = hashlib.sha256()
    for path in inputs():
        digest.update(path.relative_to(LEARN).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update("\0".join(words()).encode())
    return digest.hexdigest()


def inputs() -> list[Path]:
    """Sources copied or compiled, in a fixed order. Other templates count by their KERN classes only."""
    named = ["package.json", "package-lock.json", ".npmrc", "icons.json", "build.py", "npm.py", "styles.mjs"]
    found = [ASSETS / name for name in named]
    for folder, pattern in (("styles", "**/*.css"), ("scripts", "*.js"), ("illustrations", "*.svg")):
        found += sorted((ASSETS / folder).glob(pattern))
    return found + static_pages()


def static_pages() -> list[Path]:
    """Pages served without the application; they link stylesheets by plain names."""
    return [LEARN / "templates" / "errors" / name for name in ("500.html", "503.html")]


def words() -> list[str]:
    """KERN classes that the templates name, and the elements of our pages: what survives the purge."""
    found = set(ELEMENTS)
    for path in LEARN.rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        found.update(re.findall(r"kern-[a-z0-9_-]*[a-z0-9]", text))
    for kind in ("success", "info", "warning", "danger"):  # put together in components/alert.html
        found.update((f"kern-alert--{kind}", f"kern-icon--{kind}"))
    for kind in ("primary", "secondary", "tertiary"):  # … and components/button.html
        found.add(f"kern-btn--{kind}")
    for kind in ("radio", "checkbox"):  # … and components/question.html
        found.add(f"kern-form-check__{kind}")
    return sorted(found)


def collect(modules: Path, work: Path) -> dict[str, bytes]:
    """Everything to be served, by plain name. References between files are still plain."""
    files = {name: (modules / source).read_bytes() for name, source in FONTS.items()}
    files |= {path.name: path.read_bytes() for path in sorted((ASSETS / "illustrations").glob("*.svg"))}
    files |= {path.name: path.read_bytes() for path in sorted((ASSETS / "scripts").glob("*.js"))}
    files["htmx.js"] = (modules / "htmx.org/dist/htmx.min.js").read_bytes()
    files["icons.svg"] = sprite(modules / "@material-symbols/svg-400/rounded").encode()
    files["app.css"] = stylesheet(work, sheets()).encode()
    files["workshop.css"] = stylesheet(work, workshop_sheets()).encode()
    files |= {f"licences/{name}": (modules / source).read_bytes() for name, source in LICENCES.items()}
    files |= {f"errors/{path.name}": path.read_bytes() for path in static_pages()}
    return files


def sheets() -> list[Path]:
    """Our styles, in their order."""
    return sorted((ASSETS / "styles").glob("*.css"))


def workshop_sheets() -> list[Path]:
    """What the pages of the Werkstatt show of these, and their own before what narrows, prints and forces."""
    chosen = [path for path in sheets() if not path.name.startswith(ELSEWHERE)]
    return sorted([*chosen, *(ASSETS / "styles/workshop").glob("*.css")], key=lambda path: path.name)


def stylesheet(work: Path, paths: Iterable[Path]) -> str:
    """Compile, patch, purge and join the sheets; the script needs packages beside itself."""
    shutil.copy(ASSETS / "styles.mjs", work / "styles.mjs")
    css = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    node, _npm = tools()
    return run([node, "styles.mjs"], work, json.dumps({"words": words(), "css": css}))


def sprite(folder: Path) -> str:
    """One file with a symbol per icon."""
    names: Mapping[str, str] = json.loads((ASSETS / "icons.json").read_text(encoding="utf-8"))
    symbols = []
    for name, source in sorted(names.items()):
        text = (folder / f"{source}.svg").read_text(encoding="utf-8")
        shape = re.fullmatch(r'<svg [^>]*viewBox="([^"]+)"[^>]*>(.*)</svg>\s*', text, re.DOTALL)
        if shape is None:
            raise BuildError(f"{source}.svg has an unknown shape")
        symbols.append(f'<symbol id="{name}" viewBox="{shape[1]}">{shape[2]}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def write(files: Mapping[str, bytes], static: Path) -> None:
    """Write files under hashed names, then the manifest, then drop what it no longer names."""
    manifest: dict[str, str] = {}
    # Sheets name fonts: those first, so that their hashed names are known.
    for name in sorted(files, key=lambda name: (name.endswith((".css", ".html")), name)):
        data = linked(files[name], manifest) if name.endswith((".css", ".html")) else files[name]
        target = name if "/" in name else hashed(name, data)
        if "/" not in name:
            manifest[name] = target
        (static / target).parent.mkdir(exist_ok=True)
        (static / target).write_bytes(data)
        compressor = Compressor(quiet=True)
        if "/" not in name and compressor.should_compress(target):
            compressor.compress(str(static / target))
    replace(static / "manifest.json", json.dumps(dict(sorted(manifest.items())), indent=1))
    replace(static / "stamp", stamp())
    remove_stale(static, {*manifest.values(), "manifest.json", "stamp"})


def hashed(name: str, data: bytes) -> str:
    """`app.css` becomes `app.<twelve hex digits>.css`."""
    stem, _, extension = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(data).hexdigest()[:12]}.{extension}"


def linked(data: bytes, manifest: Mapping[str, str]) -> bytes:
    """Replace plain names in `url(…)` and in `/static/…` by hashed ones."""
    text = data.decode()
    text = re.sub(r'url\("?([\w-]+\.woff2)"?\)', lambda found: f"url({manifest[found[1]]})", text)
    text = re.sub(r'/static/([\w.-]+)"', lambda found: f'/static/{manifest[found[1]]}"', text)
    return text.encode()


def replace(path: Path, text: str) -> None:
    """Write a small file so that readers see the old or the new one."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def remove_stale(static: Path, wanted: Iterable[str]) -> None:
    """Remove hashed files of earlier builds with their compressed copies."""
    keep = set(wanted)
    for path in static.iterdir():
        if path.is_file() and re.sub(r"\.(gz|br)$", "", path.name) not in keep:
            path.unlink()


def compile_catalogues(folder: Path) -> None:
    """Compile gettext catalogues, where there are any, to .mo files beside them."""
    for source in folder.rglob("*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as file, target.open("wb") as out:
                mofile.write_mo(out, pofile.read_po(file))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def main(arguments: list[str] | None = None) -> int:
    """Command line: build unless fresh."""
    parser = argparse.ArgumentParser(prog="python -m learn.assets.build", description=__doc__)
    parser.add_argument("--modules", type=Path, help="folder with a finished node_modules, instead of npm")
    options = parser.parse_args(arguments)
    try:
        done = build(modules=options.modules)
    except BuildError as problem:
        print(problem, file=sys.stderr)
        return 1
    print("learn/static: gebaut" if done else "learn/static: ist aktuell")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
