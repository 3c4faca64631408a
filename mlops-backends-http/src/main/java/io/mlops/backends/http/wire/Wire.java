package io.mlops.backends.http.wire;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.MlopsException;
import io.mlops.backends.http.config.HttpSettings;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One MLflow server. What is safe to repeat is tried again until it works or its time is over; a call that cannot reach
 * the server at all is a {@link BackendUnavailableException}. Thread-safe.
 */
public final class Wire implements AutoCloseable {
    private final Http http;
    private final HttpSettings settings;
    private final Presigned presigned = new Presigned();

    private Wire(Http http, HttpSettings settings) {
        this.http = http;
        this.settings = settings;
    }

    /**
     * Prepares calls to the server at an address; nothing is sent yet. A path is kept; user and password are credentials.
     *
     * @throws IllegalArgumentException naming what is wrong with the address
     */
    public static Wire to(String address, HttpSettings settings) {
        requireNonNull(settings, "settings");
        return new Wire(Http.to(address), settings);
    }

    /** Scheme, host, port and path of the server, without user and password. */
    public String name() {
        return http.name();
    }

    /** How the server is reached. */
    public HttpSettings settings() {
        return settings;
    }

    /**
     * Calls the server.
     *
     * @throws MlopsException if it says no, or does not answer
     */
    public <T> T call(Call call, AnswerReader<T> reader) {
        return ask(call, reader).orThrow();
    }

    /**
     * Calls the server; a no is a value.
     *
     * @throws MlopsException if there is no answer that can be understood
     */
    public <T> Answer<T> ask(Call call, AnswerReader<T> reader) {
        try {
            return http.send(call, reader);
        } catch (IOException e) {
            BackendUnavailableException failure =
                    new BackendUnavailableException(name() + " does not answer " + call, true, e);
            if (call.isOnce()) {
                return new Answer.Unknown<>(e, failure);
            }
            throw failure;
        }
    }

    /**
     * Sends bytes in pieces, so that a broken connection leaves nothing behind. After an unknown outcome the caller compares
     * the size of what is there before it sends again.
     *
     * @throws MlopsException if the content cannot be read, or the server does not answer
     */
    public Answer<Upload.Done> upload(Upload upload) {
        try {
            return http.upload(upload);
        } catch (IOException e) {
            return new Answer.Unknown<>(
                    e, new BackendUnavailableException(name() + " does not answer " + upload.call(), true, e));
        }
    }

    /**
     * Reads bytes.
     *
     * @param from the offset of the first byte
     * @param etag of an earlier answer, so that a rest is only given of the same bytes; null at the first time
     * @throws MlopsException if the server does not answer
     */
    public Answer<Download> download(Call call, long from, @Nullable String etag) {
        try {
            return http.download(call, from, etag);
        } catch (IOException e) {
            throw new BackendUnavailableException(name() + " does not answer " + call, false, e);
        }
    }

    /** For addresses outside of the server that it hands out itself. */
    public Presigned presigned() {
        return presigned;
    }

    /** Ends the calls that are under way, and frees the connections; twice is harmless. */
    @Override
    public void close() {
        http.close();
    }
}
