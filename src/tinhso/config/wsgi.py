"""The web process's entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from tinhso.config.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.config.settings")
end_with_parent()
application = get_wsgi_application()
gc.collect()
gc.freeze()  # what is loaded by now stays: looking through it again and again cost a tenth of each request's time
gc.set_threshold(25_000, 20, 20)
