"""Pictures that only one notebook draws, one module a subject; what several need is in :mod:`recount.figures`.

A drawing takes the frame it draws and returns the figure; nothing is computed here.
"""
