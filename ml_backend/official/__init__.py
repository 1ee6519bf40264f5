"""The same backend under the official package `label-studio-ml`.

A class on its base class, and the file that its server looks for. docs/label-studio-ml.md says
when to use it.
Open first: `model`.
"""
