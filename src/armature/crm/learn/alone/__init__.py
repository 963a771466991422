"""Each step of the process by itself, over a sample of the past: how often it agrees with what people did."""
