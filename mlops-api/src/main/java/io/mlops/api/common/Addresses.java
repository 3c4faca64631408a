package io.mlops.api.common;

import java.util.Optional;

/**
 * Cuts the secrets that somebody may have written into an address out of it: the one place that every address passes
 * before it is stored, logged or named in an exception. The patterns of each kind are compiled at its first use, since the
 * first run of a program waits for them.
 */
public final class Addresses {
    private Addresses() {}

    /**
     * Cuts user, password, parameters and tokens out of any address or path. Where a secret cannot be told from the
     * rest, more than the secret is left out. The result is never longer, and the same if done twice. The user
     * {@code git} is everybody, and stays.
     */
    public static String withoutSecrets(String address) {
        return AnyAddresses.withoutSecrets(address);
    }

    /**
     * The address of a repository on another machine, to be recorded as where code came from: without user, password,
     * tokens and parameters; empty if these cannot be told from the rest for sure, or it is a place on this machine.
     */
    public static Optional<String> remote(String address) {
        return RemoteAddresses.withoutSecrets(address);
    }
}
