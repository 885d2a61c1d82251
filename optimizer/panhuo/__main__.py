"""The program, as ``panhuo`` and as ``python -m panhuo``."""

import signal
import sys

INTERRUPTED = 130
LOADING = "panhuo ..."
"""Shown on a terminal while the libraries are loaded; any console has these characters."""


def main() -> int:
    """Run the command line; SIGTERM counts as Ctrl-C from the first moment on."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    shows = sys.stderr is not None and sys.stderr.isatty() and not {"--json", "--quiet"} & set(sys.argv)
    if shows:
        print(f"\r{LOADING}", end="", file=sys.stderr, flush=True)  # noqa: T201 (the command line begins here)
    try:
        from panhuo.cli import main as run  # noqa: PLC0415 (takes two seconds, in which Ctrl-C must end quietly)
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        if shows:
            print(f"\r{' ' * len(LOADING)}\r", end="", file=sys.stderr, flush=True)  # noqa: T201
    return run()


if __name__ == "__main__":
    sys.exit(main())
