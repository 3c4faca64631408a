package io.mlops.backends.http.wire;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Addresses in the open internet: what a server says must not lead to machines that only we can reach. */
final class PublicAddresses {
    private PublicAddresses() {}

    /** Finds a host only if all of its addresses are public. */
    static NameService only(NameService names) {
        return host -> {
            List<InetAddress> addresses = names.lookup(host);
            for (InetAddress address : addresses) {
                if (!isPublic(address)) {
                    throw new UnknownHostException(host + " has a private address");
                }
            }
            return addresses;
        };
    }

    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (address instanceof Inet6Address) {
            // Unique local ones, and those that stand for one of IPv4.
            boolean isLocal = (first & 0xfe) == 0xfc;
            boolean isTranslated = (first == 0x20 && second == 0x02)
                    || (first == 0x00 && second == 0x64 && (bytes[2] & 0xff) == 0xff && (bytes[3] & 0xff) == 0x9b);
            return !isLocal && !isTranslated && first != 0;
        }
        return first != 0
                && first < 240
                && !(first == 100 && (second & 0xc0) == 64)
                && !(first == 192 && second == 0 && bytes[2] == 0)
                && !(first == 198 && (second & 0xfe) == 18);
    }
}
