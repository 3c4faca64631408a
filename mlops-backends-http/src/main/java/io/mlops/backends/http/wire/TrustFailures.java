package io.mlops.backends.http.wire;

import io.mlops.api.common.RefusedException;
import java.io.EOFException;
import java.io.IOException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Failures of a connection that no other try mends, since somebody does not trust somebody. */
final class TrustFailures {
    private TrustFailures() {}

    /** The exception for one of these; null for every other failure. */
    static @Nullable RefusedException of(String server, IOException failure) {
        UntrustedException untrusted = cause(failure, UntrustedException.class);
        if (untrusted != null) {
            return new RefusedException(
                    server + " is not trusted: " + untrusted.getMessage()
                            + ". If that is right, give HttpSettings.trust a file with the certificate of the issuer",
                    failure);
        }
        SSLPeerUnverifiedException unverified = cause(failure, SSLPeerUnverifiedException.class);
        if (unverified != null) {
            return new RefusedException(
                    server + " is not the one it should be: its certificate is for another host, or fits no pin of"
                            + " HttpSettings.pin (" + ServerWords.shortened(String.valueOf(unverified.getMessage()))
                            + ")",
                    failure);
        }
        boolean isHandshake = cause(failure, SSLHandshakeException.class) != null
                || (failure instanceof SSLException && !isCut(failure));
        if (isHandshake && cause(failure, EOFException.class) == null && !isCut(failure)) {
            return new RefusedException(
                    server + " and this program do not agree on a secure connection: "
                            + ServerWords.shortened(String.valueOf(failure.getMessage()))
                            + ". It may want HttpSettings.clientCertificate, speak only TLS before 1.2, or no TLS at"
                            + " all: then its address begins with http://",
                    failure);
        }
        String message = String.valueOf(failure.getMessage());
        if (message.equals("Failed to authenticate with proxy") || message.matches(".*CONNECT: (407|403|401|400)")) {
            return new RefusedException(
                    "the proxy on the way to " + server + " refuses (" + message
                            + "): write user and password into its address, or let HttpSettings.withoutProxy name"
                            + " the host",
                    failure);
        }
        return null;
    }

    private static boolean isCut(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("terminated the handshake") || message.contains("closed") || message.contains("reset");
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }
}
