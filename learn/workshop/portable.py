"""Names of files that every system takes: a course that leaves as a ZIP must unpack on Windows too."""

RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)
REFUSED = frozenset('<>:"|?*\\')


def portable(path: str) -> bool:
    """Whether each part of a path may be the name of a file or a folder anywhere."""
    return all(map(_fits, path.split("/")))


def _fits(name: str) -> bool:
    bare = name.partition(".")[0].rstrip().casefold()
    return bool(name) and name[-1] not in " ." and bare not in RESERVED and REFUSED.isdisjoint(name)
