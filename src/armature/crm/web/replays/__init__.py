"""The pages of replays: beginning one, watching it, its report, what would have gone otherwise and why."""
