"""``python -m panhuo``."""

import sys

from panhuo.cli import main

if __name__ == "__main__":
    sys.exit(main())
