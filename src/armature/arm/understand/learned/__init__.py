"""A reader that learns: from texts and their labels to weights, and from weights to an honest "I do not know"."""
