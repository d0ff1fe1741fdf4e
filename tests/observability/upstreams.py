"""Services beside the simulators: two that misbehave in the place of a provider, and a key server."""

import http.server
import threading


def start(status: int, content_type: str, body: bytes) -> int:
    """Answers everything so, on a free port of loopback, until the process ends."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def refusing() -> int:
    return start(401, "application/json", b'{"error":"no such key"}')


def odd() -> int:
    return start(200, "text/html", b"<html>Please sign in</html>")


def keys() -> int:
    return start(
        200,
        "application/json",
        b'{"keys":[{"kty":"EC","crv":"P-256","kid":"1","use":"sig","alg":"ES256",'
        b'"x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}',
    )
