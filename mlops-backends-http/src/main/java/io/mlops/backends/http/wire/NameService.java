package io.mlops.backends.http.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Finds the addresses of a host. */
@FunctionalInterface
interface NameService {
    List<InetAddress> lookup(String host) throws UnknownHostException;

    /** As the platform does. */
    static NameService system() {
        return host -> Arrays.asList(InetAddress.getAllByName(host));
    }

    /** Begins with another address after each failure, so that one machine that is down does not stand for all. */
    static NameService turning(NameService names, AtomicInteger failures) {
        return host -> {
            List<InetAddress> addresses = new ArrayList<>(names.lookup(host));
            Collections.rotate(addresses, -Math.floorMod(failures.get(), Math.max(1, addresses.size())));
            return addresses;
        };
    }
}
