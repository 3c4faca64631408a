package io.mlops.backends.http.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.function.Supplier;

/** Who asks. They go to the scheme, host and port of the server's address, and nowhere else. */
public sealed interface Credentials {
    /** Nobody in particular. */
    record None() implements Credentials {}

    /** A token that stays the same. */
    record Token(Secret token) implements Credentials {
        public Token {
            requireNonNull(token, "token");
        }
    }

    /**
     * A token that somebody hands out. They are asked at first, after a minute, and when the server refuses what they gave;
     * one thread asks for all.
     */
    record SuppliedToken(Supplier<String> tokens) implements Credentials {
        public SuppliedToken {
            requireNonNull(tokens, "tokens");
        }
    }

    /** A token in a file, which is read again when the file changes. */
    record TokenFile(Path file) implements Credentials {
        public TokenFile {
            requireNonNull(file, "file");
        }
    }

    /** A user with a password. */
    record Basic(String user, Secret password) implements Credentials {
        public Basic {
            requireNonNull(user, "user");
            requireNonNull(password, "password");
        }
    }

    /** A signature over each request. */
    record Signed(RequestSigner signer) implements Credentials {
        public Signed {
            requireNonNull(signer, "signer");
        }
    }

    /** One line without anything secret. */
    default String shown() {
        if (this instanceof None) {
            return "none";
        }
        if (this instanceof Token token) {
            return "token " + token.token();
        }
        if (this instanceof SuppliedToken) {
            return "token from a supplier";
        }
        if (this instanceof TokenFile token) {
            return "token in the file " + token.file();
        }
        if (this instanceof Basic basic) {
            return "user " + basic.user() + " with password " + basic.password();
        }
        if (this instanceof Signed) {
            return "signed requests";
        }
        throw new IllegalStateException("no credentials are " + getClass());
    }
}
