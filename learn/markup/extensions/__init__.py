"""The constructs of the dialect, one file each; `processors` names their order."""
