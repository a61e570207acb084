"""How many examples the property tests try: few by default, since they run on every change.

HYPOTHESIS_PROFILE=thorough tries many.
"""

import os

from hypothesis import settings

# No deadline: on a busy machine a slow example is no fault.
settings.register_profile("quick", max_examples=50, deadline=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
