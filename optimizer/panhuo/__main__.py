"""The program, as ``panhuo`` and as ``python -m panhuo``."""

import signal
import sys

INTERRUPTED = 130


def main() -> int:
    """Run the command line; SIGTERM counts as Ctrl-C from the first moment on."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from panhuo.cli import main as run  # noqa: PLC0415 (takes two seconds, in which Ctrl-C must end quietly)
    except KeyboardInterrupt:
        return INTERRUPTED
    return run()


if __name__ == "__main__":
    sys.exit(main())
