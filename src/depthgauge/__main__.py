"""`python -m depthgauge` is `depthgauge`."""

import sys

from depthgauge.cli import main

sys.exit(main())
