# Every target is one call of run.py, which needs nothing but Python 3.11 and works without make.
PYTHON ?= python3

.PHONY: demo test check
demo:
	@$(PYTHON) run.py demo

test:
	@$(PYTHON) run.py test $(ARGS)

check:
	@$(PYTHON) run.py check
