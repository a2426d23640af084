"""The part of the console that needs no Frappe: what a check is, what it may look at, what it says."""

import logging

# Who embeds the core decides where its log goes; without a decision nothing is printed between the results.
logging.getLogger("recovery_console").addHandler(logging.NullHandler())
