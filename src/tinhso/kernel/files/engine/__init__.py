"""Pure machinery of files: kinds of content, the content store, codes. Knows no Django."""
