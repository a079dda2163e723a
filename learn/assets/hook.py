"""Build hook of hatchling: wheels and editable installs carry the built front end."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "learn_assets"


def _builder(root: str) -> ModuleType:
    """Load this folder as a package of its own: `learn` needs what is not installed while it is built."""
    folder = Path(root) / "learn" / "assets"
    if NAME not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            NAME, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        if spec is None or spec.loader is None:
            raise ImportError(folder)
        sys.modules[NAME] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[NAME])
    return importlib.import_module(f"{NAME}.build")


class AssetsHook(BuildHookInterface[Any]):
    """Asks for npm only where it is missing and needed, then builds."""

    def dependencies(self) -> list[str]:
        found: list[str] = _builder(self.root).requirements() if self.target_name == "wheel" else []
        return found

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's
        if self.target_name == "wheel":
            _builder(self.root).build()
