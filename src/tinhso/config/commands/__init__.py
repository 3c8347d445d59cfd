"""One module per sub-command of `tinhso`; each names its click command `command`."""
