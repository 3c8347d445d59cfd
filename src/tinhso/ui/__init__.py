"""Base templates, form and table components, words for codes, access policies of routes. No tables of its own."""
