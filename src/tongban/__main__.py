"""`python -m tongban` is `tongban`."""

import sys

from tongban.site.commands import main

sys.exit(main())
