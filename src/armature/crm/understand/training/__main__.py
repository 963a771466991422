"""Make the file of the starter reader anew: ``python -m armature.crm.understand.training``."""

from pathlib import Path

from armature.crm.understand import starter_file
from armature.crm.understand.training.learn import learn
from armature.crm.understand.training.sentences import sentences


def main() -> None:
    """Learn, and write the file into the package."""
    data = starter_file.to_bytes(learn(sentences(), starter_file.lexicons()))
    Path(str(starter_file.folder() / "starter.npz")).write_bytes(data)


main()
