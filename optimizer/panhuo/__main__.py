"""The program, as ``panhuo`` and as ``python -m panhuo``."""

import json
import signal
import sys

from panhuo.memory import give_back

INTERRUPTED = 130


def main() -> int:
    """Run the command line; SIGTERM counts as Ctrl-C from the first moment on."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    give_back()
    try:
        from panhuo.cli import main as run  # noqa: PLC0415 (takes a moment, in which Ctrl-C must end quietly)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the end is near
        _say_interrupted()
        return INTERRUPTED
    return run()


def _say_interrupted() -> None:
    """Say so without what is not loaded."""
    from panhuo.words import T  # noqa: PLC0415 (see above)
    from panhuo.words.reader import language  # noqa: PLC0415

    told = T("Interrupted before there was anything to write.").to(language(sys.argv[1:]))
    if "--json" in sys.argv:
        print(json.dumps({"status": "interrupted", "message": told, "faults": []}))  # noqa: T201
    else:
        print(f"\r{told}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
