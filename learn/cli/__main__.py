"""`python -m learn.cli` is `learn`."""

from learn.cli import main

if __name__ == "__main__":
    main()
