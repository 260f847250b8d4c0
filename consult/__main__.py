"""`python -m consult` and the command `consult`."""

import os
import sys


def main() -> int:
    """Run the command line and return its exit status; 1 if the reader of its output has gone."""
    from consult.project.cli import run

    try:
        return run(sys.argv[1:])
    except BrokenPipeError:
        # As the documentation of `signal` says: nothing may be left to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
