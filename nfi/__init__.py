"""The front door: the command line, the workspace, the run record and the demo.

In: what a person typed. Out: the work of specs, matching and outputs, in a folder that only they can read.
"""

__version__ = "0.1.0"
