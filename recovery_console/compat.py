"""The only file that asks which Frappe this is."""

import importlib
import unittest


def test_case() -> type[unittest.TestCase]:
	"""Return the base class of tests that need a site."""
	for module, name in (("frappe.tests", "IntegrationTestCase"), ("frappe.tests.utils", "FrappeTestCase")):
		found = getattr(importlib.import_module(module), name, None)
		if found is not None:
			return found
	raise ImportError("This version of Frappe has no base class for tests that is known here.")
