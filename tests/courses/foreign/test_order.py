"""Which files are lessons, in which order and module, for each kind of course."""

from pathlib import Path

import pytest

from learn.courses.foreign import kinds, order, sorting
from learn.courses.foreign.kinds import Course
from learn.courses.foreign.reading import Folder
from tests.courses.foreign.material import write


def course(tmp_path: Path, files: dict[str, str]) -> Course:
    (found,) = kinds.courses(Folder(write(tmp_path / "kurs", files)))
    return found


def lessons(tmp_path: Path, *paths: str, **more: str) -> list[str]:
    files = {path: f"# {path}\n" for path in paths}
    return sorting.parted(course(tmp_path, {**files, **more}))[0]


@pytest.mark.parametrize(
    ("paths", "left"),
    [
        (["a.md", "a.fr.md", "a.pt-br.md"], ["a.md"]),
        (["a.en.md", "a.fr.md", "b.en.md", "b.fr.md", "c.fr.md"], ["a.en.md", "b.en.md"]),
        (["x/a.md", "x/a_fr.md", "x/a_zh-cn.md", "x/b_fr.md"], ["x/a.md", "x/b_fr.md"]),
        (
            ["x/README.md", "x/README-zh_CN.md", "x/what.md", "x/what-is.md"],
            ["x/README.md", "x/what-is.md", "x/what.md"],
        ),
        (["a.tar.md", "b.md"], ["a.tar.md", "b.md"]),
        (["de/a.md", "de/b.md"], ["de/a.md", "de/b.md"]),
        (["a.md", "b.md", "de/a.md", "de/b.md"], ["a.md", "b.md"]),
        (["x/de/a.md", "x/en/a.md", "x/en/b.md"], ["x/en/a.md", "x/en/b.md"]),
        (["ml/README.md", "js/README.md", "it/README.md"], ["it/README.md", "js/README.md", "ml/README.md"]),
        (["a.md", "translations/a.md", "x/translations/b.fr.md"], ["a.md"]),
        (["translations/de/a.md"], ["translations/de/a.md"]),
        (["a.md", "LICENSE.md", "CODE_OF_CONDUCT.md", "docs/LICENSE.md"], ["a.md", "docs/LICENSE.md"]),
        (["README.md"], ["README.md"]),
        (["README.md", "a.md"], ["a.md"]),
        (["a.md", ".github/x.md", "b/.hidden.md", "node_modules/y/README.md"], ["a.md"]),
        (["a.Rmd", "b.Rmd", "b.md", "C.MARKDOWN"], ["C.MARKDOWN", "a.Rmd", "b.md"]),
        (["docs/_sidebar.md", "docs/SUMMARY.md", "docs/a.md"], ["docs/a.md"]),
    ],
)
def test_lessons(tmp_path: Path, paths: list[str], left: list[str]) -> None:
    assert lessons(tmp_path, *paths) == left


def test_a_readme_that_is_a_course_of_liascript_is_a_lesson(tmp_path: Path) -> None:
    found = course(
        tmp_path, {"README.md": "<!--\nauthor: A\nnarrator: B\n-->\n\n# Kurs\n", "mehr.md": "# Mehr\n"}
    )
    assert found.kind == "liascript"
    assert sorting.parted(found)[0] == ["README.md", "mehr.md"]


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"episodes/a.md": ""}, "carpentries"),
        ({"_episodes/a.md": ""}, "carpentries"),
        ({"content/a.md": "", "hugo.toml": ""}, "hugo"),
        ({"exampleSite/content/a.md": "", "layouts/x.html": ""}, "hugo"),
        ({"a/_index.en.md": ""}, "hugo"),
        ({"content/a.md": ""}, "markdown"),
        ({"1-a/README.md": "", "2-b/README.md": ""}, "readme"),
        ({"_posts/2020-01-01-a.md": "", "_config.yml": ""}, "markdown"),
    ],
)
def test_kinds(tmp_path: Path, files: dict[str, str], kind: str) -> None:
    assert course(tmp_path, files).kind == kind


def arranged(
    tmp_path: Path, files: dict[str, str], fronts: dict[str, dict[str, str]]
) -> list[tuple[str, list[str]]]:
    found = course(tmp_path, files)
    paths = sorting.parted(found)[0]
    modules = order.modules(found, paths, {path: fronts.get(path, {}) for path in paths})
    return [(module.folder, list(module.lessons)) for module in modules]


def test_weights_come_before_numbers(tmp_path: Path) -> None:
    fronts = {"2.md": {"weight": "10"}, "10.md": {"order": "-1"}, "3.md": {"weight": "x"}}
    files = dict.fromkeys(["1.md", "2.md", "3.md", "10.md", "20.md", "a1.md"], "")
    assert arranged(tmp_path, files, fronts) == [("", ["10.md", "2.md", "1.md", "3.md", "20.md", "a1.md"])]


def test_folders_are_modules(tmp_path: Path) -> None:
    files = dict.fromkeys(
        ["docs/b/x.md", "docs/b/y/z.md", "docs/a.md", "docs/10-c/x.md", "docs/9-d/x.md"], ""
    )
    assert arranged(tmp_path, files, {"docs/b/x.md": {}}) == [
        ("docs/9-d", ["docs/9-d/x.md"]),
        ("docs/10-c", ["docs/10-c/x.md"]),
        ("", ["docs/a.md"]),
        ("docs/b", ["docs/b/x.md", "docs/b/y/z.md"]),
    ]


def test_folders_of_one_readme_each_are_lessons_of_one_module(tmp_path: Path) -> None:
    files = dict.fromkeys(["1-a/README.md", "2-b/README.md", "10-c/README.md", "2-b/aufgabe.md"], "")
    assert arranged(tmp_path, files, {}) == [
        ("", ["1-a/README.md", "2-b/README.md", "2-b/aufgabe.md", "10-c/README.md"])
    ]


def test_crowded_folders_are_parted(tmp_path: Path) -> None:
    files = {f"docs/{part}/{number}.md": "" for part in ("a", "b") for number in range(50)}
    found = arranged(tmp_path, {**files, "mehr/x.md": ""}, {})
    assert [folder for folder, _ in found] == ["docs/a", "docs/b", "mehr"]


@pytest.mark.parametrize(
    ("files", "address"),
    [
        ({"config.yaml": "source: 'https://github.com/a/b'\nepisodes:\n"}, "https://github.com/a/b"),
        (
            {"package.json": '{"repository": {"type": "git", "url": "git+https://github.com/a/b.git"}}'},
            "https://github.com/a/b",
        ),
        (
            {"README.md": "[x](https://github.com/a/kurs/issues) https://github.com/c/d"},
            "https://github.com/a/kurs",
        ),
        ({"README.md": "https://github.com/c/d"}, ""),
        ({".git/config": '[remote "origin"]\n\turl = git@github.com:a/b.git\n'}, "https://github.com/a/b"),
    ],
)
def test_where_the_files_are_at_home(tmp_path: Path, files: dict[str, str], address: str) -> None:
    assert course(tmp_path, {"x/a.md": "", **files}).repository == address
