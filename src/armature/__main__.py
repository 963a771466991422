"""`python -m armature` is the `armature` command."""

from armature.cli import main

main()
