"""Plain Python that knows no Django and no business: clock, codes, Vietnamese text, money, expressions."""
