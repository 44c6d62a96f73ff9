"""``python -m kg`` does what ``kg`` does."""

import sys

from kg.cli import main

if __name__ == "__main__":
    sys.exit(main())
