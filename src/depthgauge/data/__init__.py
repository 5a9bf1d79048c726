"""From a raw table to a pool of examples, its splits and its scaling."""
