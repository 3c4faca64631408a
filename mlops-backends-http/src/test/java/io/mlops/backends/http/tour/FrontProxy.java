package io.mlops.backends.http.tour;

import io.mlops.backends.http.standin.Listener;
import io.mlops.backends.http.standin.Reply;
import io.mlops.backends.http.standin.Request;
import io.mlops.backends.http.standin.TestServer;
import io.mlops.backends.http.standin.Upstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy before a server that does what nginx does: it takes a path away, refuses bodies over a limit, and gives a server
 * that is silent up. Thread-safe.
 */
final class FrontProxy implements AutoCloseable {
    private static final String PATH = "/team";

    private final Upstream upstream;
    private final long longest;
    private final List<Integer> refused = new CopyOnWriteArrayList<>();
    private final Listener listener;

    private FrontProxy(TestServer server, long longest, int silenceMillis) throws IOException {
        this.upstream = new Upstream(URI.create(server.address()), silenceMillis);
        this.longest = longest;
        this.listener = Listener.start(this::answer, true);
    }

    /**
     * Starts it before a server.
     *
     * @param longest number of bytes that a body may have
     * @param silenceMillis how long the server may take
     */
    static FrontProxy before(TestServer server, long longest, int silenceMillis) throws IOException {
        return new FrontProxy(server, longest, silenceMillis);
    }

    String address() {
        return listener.address() + PATH;
    }

    /** The statuses that it answered by itself. */
    List<Integer> refused() {
        return List.copyOf(refused);
    }

    private Reply answer(Request request) throws IOException {
        if (!request.target().startsWith(PATH + "/")) {
            return page(404, "Not Found");
        }
        String announced = request.header("content-length");
        if (announced != null && Long.parseLong(announced) > longest) {
            return page(413, "Request Entity Too Large").beforeReading();
        }
        Limited body = new Limited(request.body(), longest);
        Request passed = new Request(request.method(), request.target(), request.headers(), body);
        try {
            return upstream.pass(passed, request.target().substring(PATH.length()));
        } catch (SocketTimeoutException silent) {
            return page(504, "Gateway Time-out");
        } catch (TooLongException e) {
            return page(413, "Request Entity Too Large").beforeReading();
        }
    }

    private Reply page(int status, String title) {
        refused.add(status);
        return Reply.of(
                        status,
                        "text/html",
                        "<html>\r\n<head><title>" + status + " " + title + "</title></head>\r\n<body>\r\n<center><h1>"
                                + status + " " + title
                                + "</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n")
                .with("Server", "nginx/1.22.1");
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** A body in chunks, whose length shows while it is read. */
    private static final class Limited extends InputStream {
        private final InputStream body;
        private long left;

        Limited(InputStream body, long left) {
            this.body = body;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = body.read(buffer, offset, length);
            left -= Math.max(0, count);
            if (left < 0) {
                throw new TooLongException();
            }
            return count;
        }
    }

    private static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1;
    }
}
