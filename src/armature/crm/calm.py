"""Python's collector of circles, told to look less often: what a batch or a page makes dies with it, by counting."""

import gc


def keep_collector_calm() -> None:
    """A batch makes some 100,000 objects that die with it. Looking for circles among them, in vain, every 700 objects
    and over all that was ever loaded, cost a fifth of a worker and a tenth of a page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
