package io.mlops.backends.http.wire;

import io.mlops.backends.http.config.Patience;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Begins downloads, of a whole file or of its rest. */
final class Downloads {
    private static final Pattern RANGE = Pattern.compile("bytes ([0-9]{1,18})-.*");

    private Downloads() {}

    static Map<String, String> headers(long from, @Nullable String etag) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Accept", "*/*");
        if (from > 0) {
            headers.put("Range", "bytes=" + from + "-");
            if (etag != null) {
                headers.put("If-Range", etag);
            }
        }
        return headers;
    }

    static Answer<Download> begin(Caller.Exchange exchange, long from, Patience patience) throws IOException {
        Reply reply = exchange.reply();
        long begin = 0;
        if (reply.status() == 206) {
            String range = reply.header("Content-Range");
            Matcher told = RANGE.matcher(range == null ? "" : range);
            if (!told.matches() || Long.parseLong(told.group(1)) != from) {
                throw new UnreadableException("it gives other bytes than it was asked for");
            }
            begin = from;
        }
        Watch.Guard guard = exchange.guard();
        guard.until(exchange.began()
                + patience.transfer(Math.max(0, reply.length())).toNanos());
        return new Answer.Value<>(new Download(
                new DownloadStream(reply.body(), guard, reply::close), begin, reply.length(), reply.header("ETag")));
    }
}
