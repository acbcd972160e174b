"""Every experiment must at least be importable."""

import compileall
import sys
from pathlib import Path

sys.exit(0 if compileall.compile_dir(Path(__file__).parent, quiet=1) else 1)
