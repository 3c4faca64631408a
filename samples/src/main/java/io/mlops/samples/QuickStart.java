package io.mlops.samples;

import io.mlops.api.common.MlopsException;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The whole way: trains two models that predict income from census rows, registers the better one, and serves it from
 * a second {@code Mlops} as another program would.
 */
public final class QuickStart {
    /** Held here, since java.util.logging forgets the level of a logger that nobody holds. */
    private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

    private final Options options;
    private final PrintStream out;

    private QuickStart(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Exits with 0, with 2 if an option or the data is wrong, and with 1 if the store fails. */
    public static void main(String[] arguments) {
        // Tribuo formats and parses numbers in the default locale, and fails where digits or letters are others.
        Locale.setDefault(Locale.ROOT);
        System.exit(run(List.of(arguments), Path.of(""), System.out, System.err));
    }

    static int run(List<String> arguments, Path folder, PrintStream out, PrintStream err) {
        TRIBUO.setLevel(Level.WARNING);
        try {
            new QuickStart(Options.parse(arguments, folder), out).run();
            return 0;
        } catch (BadInputException e) {
            err.println(e.getMessage());
            return 2;
        } catch (MlopsException | IOException e) {
            err.println("stopped: " + e.getMessage());
            return 1;
        }
    }

    private void run() throws BadInputException, IOException {
        CensusData data = options.readData(); // before anything is stored: bad data leaves no trace
        out.printf(Locale.ROOT, "%,d census rows %s%n", data.size(), data.origin());
        out.printf(
                Locale.ROOT,
                "  %,d to learn from, %,d held out%n%n",
                data.training().size(),
                data.heldOut().size());

        Store store = Store.at(options.store());
        try (Mlops mlops = store.open()) {
            IncomeTrainer trainer = new IncomeTrainer(mlops.tracker(), data, out);
            List<TrainedModel> trained = List.of(
                    trainer.train("small steps", new Settings(5, 0.01)),
                    trainer.train("large steps", new Settings(10, 0.1)));
            new Promotion(mlops, data, out).registerBest(trained);
        }
        out.println();
        try (Mlops mlops = store.open()) {
            new IncomeService(mlops.serving(), out)
                    .predict(data.heldOut().stream().limit(5).toList());
        }
        store.showAround(out);
    }
}
