"""Measures: small typed functions from tables to estimates, one module a subject, units in names.

``intervals`` (bounds and ratios of hedged numbers) serves every subject; the others hold one subject each, with the
study factory (``…_study``) that its notebook, its tests and the bench share.
"""
