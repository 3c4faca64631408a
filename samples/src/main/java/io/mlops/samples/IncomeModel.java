package io.mlops.samples;

import io.mlops.api.registry.VerifiedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tribuo.Example;
import org.tribuo.Feature;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.evaluation.LabelEvaluation;
import org.tribuo.classification.evaluation.LabelEvaluator;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** A model of how likely a person earns more than 50K. Thread-safe. */
final class IncomeModel {
    static final Label HIGH = new Label(Census.HIGH);
    static final String FILE = "income.tribuo";

    private final Model<Label> model;

    IncomeModel(Model<Label> model) {
        this.model = model;
    }

    /** Reads what {@code save} wrote, once the library has verified it. */
    static IncomeModel load(VerifiedFiles files) throws IOException {
        return new IncomeModel(Model.deserializeFromFile(files.path(FILE)).castModel(Label.class));
    }

    /** Writes the model in Tribuo's protobuf form. */
    void save(Path file) throws IOException {
        model.serializeToFile(file);
    }

    double probability(CensusRow row) {
        Label likelier = model.predict(example(row)).getOutput();
        return likelier.equals(HIGH) ? likelier.getScore() : 1 - likelier.getScore();
    }

    LabelEvaluation evaluate(List<CensusRow> rows) {
        return new LabelEvaluator().evaluate(model, dataset(rows));
    }

    /** The rows as Tribuo wants them; training and predicting must not differ in this. */
    static MutableDataset<Label> dataset(List<CensusRow> rows) {
        LabelFactory labels = new LabelFactory();
        return new MutableDataset<>(
                rows.stream().map(IncomeModel::example).toList(),
                new SimpleDataSourceProvenance("census rows", labels),
                labels);
    }

    private static Example<Label> example(CensusRow row) {
        List<Feature> features = new ArrayList<>();
        features.add(new Feature("person", 1)); // Tribuo refuses a row of which it knows nothing at all
        for (Census.NumberColumn column : Census.NUMBERS) {
            Double value = row.numbers().get(column.name());
            features.add(
                    value == null
                            ? new Feature(column.name() + " unknown", 1)
                            : new Feature(column.name(), value / column.typical()));
        }
        for (String column : Census.CATEGORIES) {
            features.add(new Feature(column + "=" + row.categories().getOrDefault(column, "unknown"), 1));
        }
        return new ArrayExample<>(new Label(row.income()), features);
    }
}
