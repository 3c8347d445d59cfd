"""Administrative procedures (thủ tục hành chính): finding, filing, handling and returning a dossier (hồ sơ)."""
