package io.mlops.api.spi;

import java.util.Map;
import java.util.Set;

/** Opens the backends of some URI schemes. Found by ServiceLoader, asked only for a scheme that the user typed. */
public interface BackendProvider {
    /** The schemes that this provider opens: the text before the first colon of an address, in lower case. */
    Set<String> schemes();

    /**
     * Opens the backend at an address.
     *
     * @param address the whole text as typed, no URI: {@code file:my store} is none
     * @param settings none, or, if the caller asks for the environment, what it says about servers, by the names of the
     *     variables; a provider reads no other
     */
    Backend open(String address, Map<String, String> settings);
}
