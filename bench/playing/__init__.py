"""The parts of bench/interleavings.py."""
