"""Screens of administrative procedures: the applicant's (``filing``, ``own``) and the official's (``desk``)."""
