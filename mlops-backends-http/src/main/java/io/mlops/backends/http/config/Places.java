package io.mlops.backends.http.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The places besides the server that may be used if the server says that something lies there. What a server says is
 * data: nothing else of it is ever followed.
 *
 * @param hosts other servers, each as host or host:port
 * @param folders of this machine, with all below them
 * @param privateAddresses whether addresses that the server signs may lead into a private network, or to this machine
 */
public record Places(Set<String> hosts, List<Path> folders, boolean privateAddresses) {
    public Places {
        Set<String> names = new TreeSet<>();
        hosts.forEach(host -> names.add(host.toLowerCase(Locale.ROOT)));
        hosts = Collections.unmodifiableSet(names);
        folders = folders.stream()
                .map(folder -> folder.toAbsolutePath().normalize())
                .toList();
    }

    /** No other place. */
    public static Places none() {
        return new Places(Set.of(), List.of(), false);
    }

    /** Copies with one more host. */
    Places host(String host) {
        Set<String> more = new TreeSet<>(hosts);
        more.add(host);
        return new Places(more, folders, privateAddresses);
    }

    /** Copies with one more folder. */
    Places folder(Path folder) {
        List<Path> more = new ArrayList<>(folders);
        more.add(folder);
        return new Places(hosts, more, privateAddresses);
    }

    /** Whether another server may be used. */
    public boolean mayCall(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        return hosts.contains(name) || hosts.contains(name + ":" + port);
    }

    /** Whether a place of this machine may be read and written. */
    public boolean mayUse(Path place) {
        Path plain = place.toAbsolutePath().normalize();
        return folders.stream().anyMatch(plain::startsWith);
    }
}
