"""The company's own process on screen: one map, its draft as a list of steps, its versions."""
