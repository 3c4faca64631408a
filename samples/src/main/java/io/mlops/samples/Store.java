package io.mlops.samples;

import io.mlops.api.common.MlopsException;
import io.mlops.core.Mlops;
import io.mlops.core.memory.MemoryBackend;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The folder or server that everything is kept in. It can be opened more than once, as by several programs. */
final class Store {
    private final String address;
    private final Supplier<Mlops> opener;

    private Store(String address, Supplier<Mlops> opener) {
        this.address = address;
        this.opener = opener;
    }

    static Store at(String address) {
        if (address.equals("memory:")) {
            // Opened by its address, memory would be empty each time: what shares it shares the backend.
            MemoryBackend memory = new MemoryBackend();
            return new Store(address, () -> Mlops.using(memory));
        }
        return new Store(address, () -> Mlops.open(address));
    }

    Mlops open() throws BadInputException {
        try {
            return opener.get();
        } catch (IllegalArgumentException | MlopsException e) {
            throw new BadInputException("cannot open the store: " + e.getMessage());
        }
    }

    /** Says where a person may look, if the store is a folder or a server. */
    void showAround(PrintStream out) {
        if (address.matches("https?:[^@]+")) {
            out.println();
            out.println("Look around: " + address);
        } else if (address.startsWith("file:")) {
            String path = address.substring("file:".length());
            String folder =
                    quoted(path.startsWith("//") ? Path.of(URI.create(address)).toString() : path);
            out.println();
            out.println("Look around:");
            out.println("  find " + folder);
            out.println("  jq -c '[.name, .metrics.auc.value]' " + folder + "/experiments/income/*/run.json");
            out.println("  jq .facts,.missing " + folder + "/environments/*.json");
            out.println("  tensorboard --logdir " + folder + "/experiments");
        }
    }

    /** As a shell takes it for one word. */
    private static String quoted(String path) {
        return path.matches("[\\w./-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }
}
