"""Build hook of hatchling: wheels and editable installs carry the built front end."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _builder(root: str) -> ModuleType:
    """Load build.py by path: the application's own packages are not installed while it is built."""
    path = Path(root) / "learn" / "assets" / "build.py"
    spec = importlib.util.spec_from_file_location("learn_assets_build", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class AssetsHook(BuildHookInterface[Any]):
    """Asks for npm only where it is missing and needed, then builds."""

    def dependencies(self) -> list[str]:
        found: list[str] = _builder(self.root).requirements() if self.target_name == "wheel" else []
        return found

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's
        if self.target_name == "wheel":
            _builder(self.root).build()
