"""The built front end: complete, within its budgets, without foreign hosts, and skipped while fresh."""

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest

from learn.assets import build, npm
from learn.core.assets import NotBuiltError, asset, manifest

KB = 1024
FOREIGN = re.compile(
    rb"(?:https?:)?//(?!www\.w3\.org/(?:2000/svg|1999/xlink))[a-z0-9-]+\.[a-z]", re.IGNORECASE
)


@pytest.fixture(scope="module")
def built() -> Path:
    """The folder of the present build, made where it is stale."""
    build.build()
    return build.STATIC


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), compresslevel=9, mtime=0))


def named(built: Path, name: str) -> Path:
    listed: dict[str, str] = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    return built / listed[name]


def test_every_address_of_the_manifest_exists_under_the_hash_of_its_bytes(built: Path) -> None:
    listed = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    assert {"app.css", "app.js", "htmx.js", "icons.svg", "mark.svg", "start.svg"} <= set(listed)
    for name, target in listed.items():
        assert build.hashed(name, (built / target).read_bytes()) == target


def test_texts_are_compressed_beside_the_original(built: Path) -> None:
    for name in ("app.css", "app.js", "htmx.js", "icons.svg"):
        target = named(built, name)
        assert gzip.decompress(target.with_name(target.name + ".gz").read_bytes()) == target.read_bytes()
        assert target.with_name(target.name + ".br").exists()


def test_nothing_is_left_of_earlier_builds(built: Path) -> None:
    listed = set(json.loads((built / "manifest.json").read_text(encoding="utf-8")).values())
    found = {re.sub(r"\.(gz|br)$", "", path.name) for path in built.iterdir() if path.is_file()}
    assert found == listed | {"manifest.json", "stamp"}


def test_sizes_stay_within_the_budgets(built: Path) -> None:
    own = packed(named(built, "app.js"))
    assert packed(named(built, "app.css")) <= 24 * KB
    assert own <= 5 * KB
    asking = packed(named(built, "passkey.js"))  # on the pages that ask for a passkey
    assert own + asking + packed(named(built, "htmx.js")) <= 18 * KB
    assert packed(named(built, "workshop.css")) <= 24 * KB
    page = (build.LEARN / "workshop/templates/workshop/editor.html").read_text(encoding="utf-8")
    editing = {"htmx.js", "app.js", *re.findall(r"asset\('([a-z]+\.js)'\)", page)}
    assert {"editor.js", "insert.js", "upload.js"} <= editing
    assert sum(packed(named(built, name)) for name in editing) <= 40 * KB
    assert packed(named(built, "icons.svg")) <= 12 * KB
    preloaded = [named(built, f"fira-sans-{weight}.woff2").stat().st_size for weight in (400, 600)]
    assert sum(preloaded) <= 50 * KB
    assert sum(preloaded) + named(built, "fira-mono-400.woff2").stat().st_size <= 80 * KB


def test_the_sheet_names_fonts_by_their_hashed_names(built: Path) -> None:
    sheet = named(built, "app.css").read_text(encoding="utf-8")
    fonts = re.findall(r"url\(\"?([^)\"]+\.woff2)\"?\)", sheet)
    assert len(fonts) == 4
    assert all((built / font).exists() for font in fonts)


def test_the_sheet_keeps_the_theme_switch_and_the_patches(built: Path) -> None:
    sheet = named(built, "app.css").read_text(encoding="utf-8")
    assert sheet.index("@layer reset{") < sheet.index("@layer kern{") < sheet.index("@layer sc{")
    assert re.search(r"data-kern-theme=\"?dark", sheet)
    assert "background-color:var(--kern-color-white)!important" not in sheet
    assert "kern-accordion" not in sheet, "unused components are purged"


def test_files_name_no_foreign_host(built: Path) -> None:
    for name in json.loads((built / "manifest.json").read_text(encoding="utf-8")):
        path = named(built, name)
        if path.suffix in {".css", ".js", ".svg"}:
            assert not FOREIGN.search(path.read_bytes()), name


def test_the_lock_names_no_host_and_pins_hashes() -> None:
    lock = json.loads((build.ASSETS / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((build.ASSETS / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert "://" not in (build.ASSETS / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())


def test_drawings_are_inert(built: Path) -> None:
    for name in json.loads((built / "manifest.json").read_text(encoding="utf-8")):
        if name.endswith(".svg"):
            text = named(built, name).read_text(encoding="utf-8")
            assert not re.search(r"<script|<foreignObject|\son\w+=|href=|style=|<style", text), name


def test_licence_texts_accompany_what_is_copied(built: Path) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (built / "licences").iterdir()}
    assert set(texts) == set(build.LICENCES)
    assert "1.2" in texts["kern.txt"]
    assert "SIL OPEN FONT LICENSE" in texts["fira-sans.txt"].upper()
    assert "Apache License" in texts["material-symbols.txt"]


def test_the_static_error_pages_link_hashed_files(built: Path) -> None:
    for name in ("500.html", "503.html"):
        page = (built / "errors" / name).read_text(encoding="utf-8")
        linked = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
        assert len(linked) == 3
        assert all((built / target).exists() for target in linked)
        assert "%REFERENZ%" in page
        assert "<script" not in page


def test_a_fresh_build_is_skipped_and_a_changed_source_is_not(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build.is_fresh(built)
    assert build.requirements(built) == []
    assert build.build() is False
    monkeypatch.setattr(build, "words", lambda: ["kern-something-new"])
    assert not build.is_fresh(built)


def test_a_missing_file_makes_the_build_stale(built: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(built, tmp_path / "static")
    assert build.is_fresh(copy)
    named(copy, "app.css").unlink()
    assert not build.is_fresh(copy)


def test_writing_hashes_links_and_removes(tmp_path: Path) -> None:
    old = tmp_path / "app.000000000000.css"
    old.write_text("old", encoding="utf-8")
    build.write(
        {"app.css": b'a{src:url("f.woff2")}', "f.woff2": b"font", "errors/500.html": b'"/static/app.css"'},
        tmp_path,
    )
    listed = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert (tmp_path / listed["app.css"]).read_text(encoding="utf-8") == f"a{{src:url({listed['f.woff2']})}}"
    page = (tmp_path / "errors" / "500.html").read_text(encoding="utf-8")
    assert page == f'"/static/{listed["app.css"]}"'
    assert not old.exists()


def test_catalogues_are_compiled_where_there_are_any(tmp_path: Path) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text('msgid "Kurs"\nmsgstr "Lehrgang"\n', encoding="utf-8")
    build.compile_catalogues(tmp_path)
    assert b"Lehrgang" in (folder / "messages.mo").read_bytes()


def test_node_is_asked_for_where_the_path_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert npm.needs_node()
    assert build.requirements(tmp_path) == [npm.NODE_PACKAGE]


def test_an_old_node_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("node", "#!/bin/sh\necho v12.22.9\n"), ("npm", "#!/bin/sh\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert npm.needs_node()


def test_a_failing_tool_says_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(npm.BuildError, match="kein Netz"):
        npm.run(["sh", "-c", "echo kein Netz >&2; exit 3"], tmp_path)


def test_addresses_are_hashed_and_unknown_names_refused(built: Path) -> None:
    manifest.cache_clear()
    assert asset("app.css") == f"/static/{named(built, 'app.css').name}"
    with pytest.raises(KeyError):
        asset("no-such-file.css")


def test_before_the_first_build_the_way_out_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotBuiltError, match=r"learn\.assets\.build"):
        manifest(tmp_path)
