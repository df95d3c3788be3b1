"""The tap: what passes it is unchanged, and kept."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from gateway.demo.tap import Tap


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.path.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def tap():
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with Tap(f"http://127.0.0.1:{server.server_port}") as tap:
            yield tap
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("asked", ["/v1/exchanges?reference=9403000000001%2F1&limit=200", "/v1/exchanges"])
def test_a_question_passes_the_tap_with_its_query(tap, asked):
    # Without it an adapter that asks for the exchanges of one declaration is told of all, and withdraws them.
    with httpx.Client(trust_env=False) as client:
        assert client.get(tap.url + asked).text == asked
    assert [passed.path for passed in tap.passed] == ["/v1/exchanges"]
