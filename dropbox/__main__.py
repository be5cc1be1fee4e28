"""`python -m dropbox` is `dropbox`: for machines without the console script, and for the demo's own calls."""

import sys

from dropbox.cli import main

sys.exit(main())
