package io.mlops.samples;

import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelServing;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** A service as another program would have it: it knows a name and an alias, and nothing about training. */
final class IncomeService {
    private final ModelServing serving;
    private final PrintStream out;

    IncomeService(ModelServing serving, PrintStream out) {
        this.serving = serving;
        this.out = out;
    }

    void predict(List<CensusRow> people) {
        try (ModelHandle<IncomeModel> income =
                serving.progress(ConsoleBar.on(out)).load("income@champion", IncomeModel::load)) {
            out.printf(
                    "A service loads income@champion: %s, every byte verified%n",
                    income.version().id());
            for (CensusRow person : people) {
                double probability = income.call(model -> model.probability(person));
                out.printf(
                        Locale.ROOT,
                        "  %3.0f %% likely >50K, is %-5s  %s%n",
                        probability * 100,
                        person.income(),
                        person.summary());
            }
        }
    }
}
