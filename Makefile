# Every target is one call of run.py, which needs nothing but Python 3.11 and works without make.
PYTHON ?= python3

MINUTES ?= 10

.PHONY: demo test long check screenshots
demo:
	@$(PYTHON) run.py demo

test:
	@$(PYTHON) run.py test $(ARGS)

# The long versions of what every run of the tests does a little of, with their figures: docs/reliability.md.
long:
	@IMPRIMATUR_LONG=$(MINUTES) $(PYTHON) run.py test -n0 --log-cli-level=INFO \
		tests/flow/machine/test_machine.py tests/content/drafts/test_revisions_property.py \
		tests/flow/test_death.py tests/flow/test_database_gone.py tests/flow/test_disk_full.py

check:
	@$(PYTHON) run.py check

# Anew, of the demonstration, into docs/screenshots/.
screenshots:
	@$(PYTHON) run.py screenshots
