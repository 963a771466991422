"""The parts of the kill harness: the ground it stands on, the traffic, the desk, the killer, the verdict."""
