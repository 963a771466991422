"""How the starter reader learns from our own sentences; ``python -m armature.crm.understand.training`` does it."""
