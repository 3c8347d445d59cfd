"""The pure machine of the numbers: a book read and checked, entries folded into what they add to the cube. No Django."""
