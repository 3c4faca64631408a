package io.mlops.backends.http.wire;

import io.mlops.api.common.RefusedException;
import io.mlops.backends.http.config.Credentials;
import io.mlops.backends.http.config.HeaderText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The header that says who asks. A token that changes is fetched by one thread for all. Thread-safe.
 */
final class Authorization {
    private static final long BELIEVED_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_BYTES = 1 << 16;

    private final Credentials credentials;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    /** Of a supplier or a file; null before the first. Guarded by lock. */
    private @Nullable String token;
    /** When the supplier was asked. Guarded by lock. */
    private long asked;
    /** What the file was like when it was read. Guarded by lock. */
    private @Nullable FileState seen;

    /** What changes when somebody writes a file, or puts another in its place. */
    private record FileState(
            long modified, long bytes, @Nullable Object key) {}

    Authorization(Credentials credentials, LongSupplier nanos) {
        this.credentials = credentials;
        this.nanos = nanos;
    }

    /**
     * The value of the header; null if nobody asks, or a signature says who.
     *
     * @throws RefusedException if there is no token
     */
    @Nullable
    String header() {
        if (credentials instanceof Credentials.Token fixed) {
            return bearer(fixed.token().reveal());
        }
        if (credentials instanceof Credentials.Basic basic) {
            return "Basic " + basicOf(basic);
        }
        lock.lock();
        try {
            if (credentials instanceof Credentials.SuppliedToken supplied) {
                return bearer(supplied(supplied));
            }
            return credentials instanceof Credentials.TokenFile kept ? bearer(ofFile(kept.file())) : null;
        } finally {
            lock.unlock();
        }
    }

    /** Fetches another token after the server has refused one; whether there is another. */
    boolean refresh(@Nullable String refused) {
        lock.lock();
        try {
            if (token == null || !bearer(token).equals(refused)) {
                // Another thread was here first.
                return token != null;
            }
            if (credentials instanceof Credentials.SuppliedToken supplied) {
                ask(supplied);
            } else if (credentials instanceof Credentials.TokenFile kept) {
                seen = null;
                token = ofFile(kept.file());
            }
            return !bearer(token).equals(refused);
        } finally {
            lock.unlock();
        }
    }

    /** How to say who asks, without anything secret. */
    String shown() {
        return credentials.shown();
    }

    /** What must not be shown. */
    List<String> secrets() {
        if (credentials instanceof Credentials.Token fixed) {
            return List.of(fixed.token().reveal());
        }
        if (credentials instanceof Credentials.Basic basic) {
            return List.of(basic.password().reveal(), basicOf(basic));
        }
        lock.lock();
        try {
            return token == null ? List.of() : List.of(token);
        } finally {
            lock.unlock();
        }
    }

    private String supplied(Credentials.SuppliedToken supplied) {
        String old = token;
        if (old != null && nanos.getAsLong() - asked < BELIEVED_NANOS) {
            return old;
        }
        try {
            return ask(supplied);
        } catch (RefusedException e) {
            if (old == null) {
                throw e;
            }
            // The server says when the old one is no good.
            asked = nanos.getAsLong();
            return old;
        }
    }

    private String ask(Credentials.SuppliedToken supplied) {
        String fresh;
        try {
            fresh = supplied.tokens().get();
        } catch (RuntimeException e) {
            throw new RefusedException(
                    "the supplier of tokens failed with " + e.getClass().getName(), e);
        }
        token = checked("the token of the supplier", fresh);
        asked = nanos.getAsLong();
        return token;
    }

    private String ofFile(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            FileState now = new FileState(
                    attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), attributes.size(), attributes.fileKey());
            String old = token;
            if (old != null && now.equals(seen)) {
                return old;
            }
            if (attributes.size() > MOST_BYTES) {
                throw new RefusedException("the file " + file + " is too long for one that holds a token", null);
            }
            token = checked(
                    "the token in the file " + file, Files.readString(file).strip());
            seen = now;
            return token;
        } catch (IOException e) {
            throw new RefusedException("the token in the file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String checked(String what, @Nullable String text) {
        try {
            return HeaderText.checked(what, text == null ? "" : text);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(e.getMessage() + ": nothing was sent", null);
        }
    }

    private static String basicOf(Credentials.Basic basic) {
        String both = basic.user() + ":" + basic.password().reveal();
        return Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    private static String bearer(@Nullable String token) {
        return "Bearer " + token;
    }
}
