"""Pure machinery of the organisation: the working calendar, the shape of areas and of a model province. No Django."""
