"""An official's day: work lists with a preview, search, keys."""
