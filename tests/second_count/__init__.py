"""A second count of every required number, made without the library and without the notebooks."""
