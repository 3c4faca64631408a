package io.mlops.samples.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The smallest model there is: two weights, in one line of text. */
public record ChurnModel(double age, double visits) {
    static ChurnModel read(Path file) throws IOException {
        String[] weights = Files.readString(file).trim().split(" ");
        return new ChurnModel(Double.parseDouble(weights[0]), Double.parseDouble(weights[1]));
    }

    void save(Path file) throws IOException {
        Files.writeString(file, age + " " + visits + "\n");
    }

    double risk(Customer customer) {
        return 1 / (1 + Math.exp(-age * customer.age() - visits * customer.visits()));
    }
}
