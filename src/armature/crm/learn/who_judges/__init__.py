"""Who judges: what the reader may do without a person, measured before it is allowed and every week after."""
