package io.mlops.backends.http.wire;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls with all their tries, and says after each what its failure means. At most four of a lane are under way at a
 * time, which downloads that are being read do not count. Thread-safe.
 */
final class Caller implements AutoCloseable {
    private static final int AT_ONCE = 4;

    private final String name;
    private final Http http;
    private final Clockwork clock;
    private final Tries tries;
    private final Watch watch;
    private final Map<Lane, Semaphore> turns = new EnumMap<>(Lane.class);
    private volatile boolean closed;

    Caller(String name, Http http, Clockwork clock) {
        this.name = name;
        this.http = http;
        this.clock = clock;
        this.tries = new Tries(clock);
        this.watch = new Watch(clock.nanos());
        for (Lane lane : Lane.values()) {
            turns.put(lane, new Semaphore(AT_ONCE, true));
        }
    }

    /**
     * Calls that wait for one another. What an upload reads may be a download, and what either needs to know a call, so that
     * one of a lane never waits for another of the same.
     */
    enum Lane {
        CALL,
        UPLOAD,
        DOWNLOAD
    }

    /** One kind of request: what is sent, and what its answers mean. */
    interface Kind<T> {
        /** Who is called, for messages. */
        String server();

        /** What is asked, for messages. */
        String what();

        /** Whose turns it takes. */
        Lane lane();

        /** The request of one try. */
        Outgoing outgoing();

        /** Takes secrets out of what others say. */
        String masked(Outgoing sent, String text);

        /** Whether a try that broke off may have changed something. */
        boolean maybeDone(Trace trace);

        /** Whether nobody but the caller may repeat what may have been done. */
        boolean once();

        /** Reads an answer that is not a refusal. It may keep the exchange, and then ends it itself. */
        Answer<T> read(Exchange exchange) throws IOException;

        /** Says what a refusal means; null if the credentials were changed, so that another try is worth it. */
        @Nullable
        Outcome<T> refused(Caller caller, Exchange exchange);
    }

    /** One try whose head has arrived. */
    record Exchange(Outgoing sent, Reply reply, Trace trace, Watch.Guard guard, long began) {}

    <T> Answer<T> call(Kind<T> kind, Duration longest) {
        String what = kind.server() + " does not do " + kind.what();
        return tries.run(what, kind.once(), longest, end -> attempt(kind, end));
    }

    /** Looks once whether somebody answers, and reads the little that they say; null if they refuse. */
    @Nullable
    String ask(Outgoing outgoing, Duration longest) throws IOException {
        Http.Try attempt = http.prepare(outgoing, new Trace());
        try (Watch.Guard guard = watch.over(attempt::cancel, clock.nanos().getAsLong() + longest.toNanos());
                Reply reply = attempt.send()) {
            return reply.worked() && !guard.late() ? reply.text() : null;
        }
    }

    private <T> Outcome<T> attempt(Kind<T> kind, long end) {
        Outcome<T> outcome = turn(kind, end);
        if (outcome == null) {
            // With the credentials that have just been changed.
            outcome = turn(kind, end);
        }
        if (outcome == null) {
            throw new IllegalStateException("credentials are changed once");
        }
        return outcome;
    }

    private <T> @Nullable Outcome<T> turn(Kind<T> kind, long end) {
        if (closed) {
            throw new IllegalStateException(name + " has been closed");
        }
        Semaphore free = turnsOf(kind.lane());
        try {
            if (!free.tryAcquire(Math.max(0, end - clock.nanos().getAsLong()), TimeUnit.NANOSECONDS)) {
                throw new BackendUnavailableException(
                        kind.server() + " does not do " + kind.what() + ": " + AT_ONCE + " other calls take too long",
                        false,
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendUnavailableException(
                    kind.server() + " does not do " + kind.what() + ": the thread was interrupted", false, e);
        }
        try {
            return send(kind, end);
        } finally {
            free.release();
        }
    }

    private Semaphore turnsOf(Lane lane) {
        return requireNonNull(turns.get(lane), "every lane has its turns");
    }

    private <T> @Nullable Outcome<T> send(Kind<T> kind, long end) {
        Outgoing outgoing = kind.outgoing();
        Trace trace = new Trace();
        Http.Try attempt = http.prepare(outgoing, trace);
        long began = clock.nanos().getAsLong();
        Watch.Guard guard = watch.over(attempt::cancel, end);
        boolean kept = false;
        Reply reply = null;
        try {
            reply = attempt.send();
            Exchange exchange = new Exchange(outgoing, reply, trace, guard, began);
            if (!reply.worked()) {
                return kind.refused(this, exchange);
            }
            Answer<T> answer = kind.read(exchange);
            kept = answer instanceof Answer.Value<T> value && value.value() instanceof Download;
            return new Outcome.Done<>(answer);
        } catch (TooMuchException e) {
            throw new RefusedException(
                    kind.server() + " gives an answer to " + kind.what() + " that is not read: " + e.getMessage(), e);
        } catch (IOException e) {
            return broken(kind, outgoing, e, trace, guard, reply);
        } finally {
            if (!kept) {
                guard.close();
                if (reply != null) {
                    reply.close();
                }
            }
        }
    }

    private <T> Outcome<T> broken(
            Kind<T> kind, Outgoing sent, IOException raw, Trace trace, Watch.Guard guard, @Nullable Reply reply) {
        IOException failure = masked(kind, sent, raw);
        boolean maybeDone = kind.maybeDone(trace);
        if (closed) {
            throw new IllegalStateException(name + " has been closed");
        }
        if (guard.interrupted() || Thread.currentThread().isInterrupted()) {
            throw new BackendUnavailableException(
                    kind.server() + " does not do " + kind.what() + ": the thread was interrupted", maybeDone, failure);
        }
        RefusedException refused = trace.started() ? null : TrustFailures.of(kind.server(), failure);
        if (refused != null) {
            throw refused;
        }
        String reason = guard.late()
                ? "its time is over"
                : failure.getClass().getSimpleName() + ": "
                        + ServerWords.shortened(String.valueOf(failure.getMessage()));
        boolean unreadable = reply != null && failure instanceof UnreadableException;
        return new Outcome.Failed<>(
                reason,
                failure,
                maybeDone,
                guard.late() ? 0 : unreadable ? Outcome.Failed.ONE_MORE : Outcome.Failed.ALWAYS,
                null,
                null);
    }

    /** The failure itself, unless it repeats a secret that the server has sent back. */
    private static IOException masked(Kind<?> kind, Outgoing sent, IOException failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String message = String.valueOf(at.getMessage());
            if (!kind.masked(sent, message).equals(message)) {
                IOException other = new IOException(kind.masked(sent, String.valueOf(failure.getMessage())));
                other.setStackTrace(failure.getStackTrace());
                return other;
            }
        }
        return failure;
    }

    /**
     * A refusal that another try may help.
     *
     * @param changes whether the call does more than read
     * @param otherwise what the caller gets if the server itself says that it failed, and says so again
     */
    <T> Outcome<T> failed(Exchange exchange, ServerWords words, boolean changes, Answer<T> otherwise) {
        Reply reply = exchange.reply();
        int status = reply.status();
        boolean isTooEarly = status == 429 || status == 503;
        if (status == 429) {
            tries.tooMany(exchange.began());
        }
        String reason = "it answers " + status + (words.code().isEmpty() ? "" : " " + words.code())
                + (words.message().isEmpty() ? "" : ", " + words.message());
        return new Outcome.Failed<>(
                reason,
                new IOException("HTTP status " + status),
                changes && !isTooEarly,
                status == 500 ? Outcome.Failed.ONE_MORE : Outcome.Failed.ALWAYS,
                isTooEarly
                        ? RetryAfter.of(
                                reply.header("Retry-After"),
                                reply.header("Date"),
                                clock.wall().instant())
                        : null,
                status == 500 ? otherwise : null);
    }

    @Override
    public void close() {
        closed = true;
        http.close();
        watch.close();
    }
}
