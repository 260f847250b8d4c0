"""CPU-seconds that the package red-dwarf takes for votes ("person,statement,vote" on each line).

Runs in an environment of its own (requirements/bench.lock) and reads standard input.
"""

import sys
import time

from reddwarf.implementations.polis import run_pipeline


def main() -> None:
    """Read the votes, then measure the pipeline alone."""
    cast = (map(int, line.split(",")) for line in sys.stdin)
    rows = [
        {"participant_id": person, "statement_id": statement, "vote": vote}
        for person, statement, vote in cast
    ]
    started = time.process_time()
    run_pipeline(votes=rows)
    print(time.process_time() - started)


if __name__ == "__main__":
    main()
