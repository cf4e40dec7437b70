"""The page at which patients claim their invitation: what the QR code of a letter opens."""
