"""Floor 4. Bytes, PDFs and signatures."""
