"""Starts Checkov without the debug messages that it formats for nobody: half of its time."""
import logging
import sys

logging.disable(logging.INFO)

from checkov.main import Checkov  # noqa: E402

sys.exit(Checkov().run())
