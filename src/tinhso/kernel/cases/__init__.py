"""Floor 6. The case engine: types as dated packs, steps, moves, clocks."""
