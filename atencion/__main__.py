"""`python -m atencion` is `atencion`."""

import sys

from atencion.cli import main

sys.exit(main())
