import pytest

from tests.content.links import servers


@pytest.fixture
def server():
    """A web server on 127.0.0.1, at a port of its own, with no pages yet."""
    made = servers.Server()
    with servers.serving(made):
        yield made


@pytest.fixture
def sites(settings):
    """Three servers at addresses of their own, which count as three sites and may be looked at."""
    made = [servers.Server("127.0.0.1")]
    made += [servers.Server(f"127.0.0.{n}", made[0].port) for n in (2, 3)]
    settings.LINKS_MAY_ALSO_REACH = frozenset((server.address, server.port) for server in made)
    with servers.serving(*made):
        yield made
