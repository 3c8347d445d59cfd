"""Pure machinery of identity: roles that exist, sealing of identifiers, shapes of phone and identifier."""
